// In which order paths follow what they refer to: against what a store would refuse, on drawn graphs.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder } from "#live/host/references.js";

/** Edges go from a path to earlier ones, and now and then to itself. */
const graphs = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map((drawn) => drawn.map((to, i) => to.map((t) => String(t % (i + 1)))));

describe("paths in order", () => {
  it("stand each once, after all that they refer to, and with all behind them", () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(), { maxLength: 5 }), (graph, picked) => {
        const wanted = picked.map((at) => String(at % graph.length));
        const references = (path: string): readonly string[] => graph[Number(path)]!;
        const order = inOrder(wanted, references);
        expect(new Set(order).size).toBe(order.length);
        const there = new Set<string>();
        for (const path of order) {
          for (const other of references(path)) expect(other === path || there.has(other), `${path} before ${other}`).toBe(true);
          there.add(path);
        }
        for (const path of wanted) expect(there.has(path)).toBe(true);
      }),
    );
  });

  it("may be a chain as long as any", () => {
    expect(inOrder(["100000"], (path) => (path === "0" ? [] : [String(Number(path) - 1)])).length).toBe(100_001);
  });
});
