import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateGraph } from "#scenario/generate.js";
import { generatorSpec } from "#scenario/generator-spec.js";
import { buildGraph } from "#scenario/graph.js";
import { isGraphFile } from "#scenario/graph-check.js";
import { keysOf } from "#scenario/node-key.js";

const generated = (written: object) => generateGraph(generatorSpec.parse(written));
const graphOf = (written: object) => {
  const file = generated(written);
  const keys = keysOf(file.nodes, "g");
  const built = keys.ok ? buildGraph(file, keys.value, "g") : keys;
  if (!built.ok) throw new Error(built.faults[0]!.what);
  return built.value.graph;
};

describe("generateGraph", () => {
  it("gives a sound graph of exactly that many nodes, the same each time", () => {
    const written = fc.record({
      kind: fc.constantFrom("chain", "fork-join", "layered", "nix-like"),
      nodes: fc.integer({ min: 1, max: 300 }),
      seed: fc.nat(99),
      edges: fc.double({ min: 0, max: 12, noNaN: true }),
      width: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(written, (parameters) => {
        const file = generated(parameters);
        expect(JSON.parse(JSON.stringify(file.nodes)) as unknown).toEqual(file.nodes);
        expect(isGraphFile(JSON.parse(JSON.stringify(file)))).toBe(true);
        expect(graphOf(parameters).count).toBe(parameters.nodes);
        expect(generated(parameters)).toEqual(file);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("draws a chain, and stages that fork and join", () => {
    expect(graphOf({ kind: "chain", nodes: 5 }).level.at(-1)).toBe(4);
    const stages = graphOf({ kind: "fork-join", nodes: 9, width: 3 });
    expect([...stages.level]).toEqual([0, 1, 1, 1, 2, 3, 3, 3, 4]);
    expect(stages.pred.length).toBe(12);
  });

  it("draws layers with the mean number of edges", () => {
    const graph = graphOf({ kind: "layered", nodes: 5000, width: 50, edges: 3 });
    expect(graph.level.at(-1)).toBe(99);
    expect(graph.pred.length / graph.count).toBeGreaterThan(2.9);
    expect(graph.pred.length / graph.count).toBeLessThan(3.1);
  });

  it("draws nixpkgs' shape: bootstrap, burst of fetches, hubs, depth about 100 whatever the size", () => {
    for (const nodes of [1500, 20000]) {
      const graph = graphOf({ kind: "nix-like", nodes });
      const file = generated({ kind: "nix-like", nodes });
      const widths = new Map<number, number>();
      for (const level of graph.level) widths.set(level, (widths.get(level) ?? 0) + 1);
      expect(widths.size).toBeGreaterThan(85);
      expect(widths.size).toBeLessThan(120);
      expect(Math.max(...widths.values()) / nodes).toBeGreaterThan(0.25);
      const fetches = file.nodes.filter((node) => node.fixedOutput === true).length;
      expect(fetches / nodes).toBeGreaterThan(0.44);
      expect(fetches / nodes).toBeLessThan(0.62);
      const dependents = Array.from({ length: graph.count }, (_, t) => graph.succStart[t + 1]! - graph.succStart[t]!).sort((a, b) => b - a);
      const top = dependents.slice(0, 10).reduce((sum, count) => sum + count, 0) / graph.pred.length;
      expect(top).toBeGreaterThan(0.3);
      expect(top).toBeLessThan(0.55);
      expect(graph.pred.length / nodes).toBeGreaterThan(6.5);
      expect(graph.pred.length / nodes).toBeLessThan(7.5);
    }
  });

  it("shares systems out, and gives builds work around the median", () => {
    const file = generated({
      kind: "layered",
      nodes: 2000,
      system: { "x86_64-linux": 3, "riscv64-linux": 1 },
      work: { median: 60, cv: 0.5 },
      features: ["kvm"],
    });
    const foreign = file.nodes.filter((node) => node.system === "riscv64-linux").length / 2000;
    expect(foreign).toBeGreaterThan(0.2);
    expect(foreign).toBeLessThan(0.3);
    const works = file.nodes.map((node) => node.work!).sort((a, b) => a - b);
    expect(works[1000]!).toBeGreaterThan(54);
    expect(works[1000]!).toBeLessThan(66);
    expect(file.nodes[0]!.features).toEqual(["kvm"]);
  });
});
