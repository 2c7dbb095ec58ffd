import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectGraph } from "#ingest/graph-of.js";
import type { NodeFile } from "#model/graph-file.js";

const HASHES = "0123456789abcdfghijklmnpqrsvwxyz";
const base = (name: string) => `${HASHES[name.length % 32]!.repeat(32)}-${name}.drv`;
const node = (name: string): NodeFile => ({ name, system: "x86_64-linux" });

/** name → names that it needs. */
function collected(needs: Record<string, string[]>, dir: string | undefined = "/nix/store") {
  const collector = collectGraph();
  for (const [name, inputs] of Object.entries(needs)) expect(collector.add(base(name), node(name), inputs.map(base), dir)).toBeUndefined();
  return collector;
}
const DIAMOND = { top: ["left", "right"], left: ["base"], right: ["base"], base: [], other: [] };

function names(result: ReturnType<ReturnType<typeof collectGraph>["finish"]>) {
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const { nodes, edges, roots } = result.value.graph;
  return {
    nodes: nodes.map((n) => n.name),
    edges: [...(edges.from as number[])].map((from, e) => `${nodes[from]!.name}→${nodes[edges.to[e]!]!.name}`),
    roots: roots?.map((root) => nodes[root]!.name),
    notes: result.value.notes,
  };
}

describe("collectGraph", () => {
  it("orders nodes by name and lets edges run from need to needer", () => {
    expect(names(collected(DIAMOND).finish({ name: "d" }))).toEqual({
      nodes: ["base", "left", "other", "right", "top"],
      edges: ["base→left", "base→right", "left→top", "right→top"],
      roots: undefined,
      notes: [],
    });
  });

  it("does not depend on the order of arrival", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(DIAMOND), { minLength: 5 }), (order) => {
        const shuffled = Object.fromEntries(order.map((name) => [name, [...DIAMOND[name as keyof typeof DIAMOND]].reverse()]));
        expect(collected(shuffled).finish({ name: "d" })).toEqual(collected(DIAMOND).finish({ name: "d" }));
      }),
    );
  });

  it("restricts to the closure of roots, given by path, base name or name, and says what it leaves out", () => {
    for (const root of ["left", base("left"), `/elsewhere/${base("left")}`]) {
      expect(names(collected(DIAMOND).finish({ name: "d", roots: [root] }))).toEqual({
        nodes: ["base", "left"],
        edges: ["base→left"],
        roots: ["left"],
        notes: ["3 derivations that the roots do not need are left out"],
      });
    }
  });

  it("keeps all roots that were asked for, or only those on top", () => {
    const roots = ["left", "top", "other"];
    expect(names(collected(DIAMOND).finish({ name: "d", roots })).roots).toEqual(["left", "other", "top"]);
    expect(names(collected(DIAMOND).finish({ name: "d", roots, rootsOnTop: true })).roots).toEqual(["other", "top"]);
  });

  it("suggests a root of a similar name", () => {
    expect(collected(DIAMOND).finish({ name: "d", roots: ["rihgts"] })).toMatchObject({
      faults: [{ code: "usage", where: "--roots rihgts", hint: expect.stringMatching(/right/) }],
    });
  });

  it("faults when the closure is incomplete, and only where it matters", () => {
    const needs = { a: ["gone1", "gone2", "gone3", "gone4"], b: [] };
    expect(collected(needs).finish({ name: "d" })).toMatchObject({
      faults: [
        {
          code: "input",
          what: `found no derivation for 4 inputs: ${["gone1", "gone2", "gone3"].map(base).join(", ")}, and 1 more`,
          hint: expect.stringContaining("-r"),
        },
      ],
    });
    expect(names(collected(needs).finish({ name: "d", roots: ["b"] })).nodes).toEqual(["b"]);
  });

  it("takes a derivation that comes twice once, and says so", () => {
    const collector = collected(DIAMOND);
    collector.add(`/nix/store/${base("left")}`, node("left"), []);
    expect(names(collector.finish({ name: "d" }))).toMatchObject({
      edges: ["base→left", "base→right", "left→top", "right→top"],
      notes: [expect.stringContaining("more than once")],
    });
  });

  it("does not mix two stores", () => {
    expect(collected(DIAMOND).add(`/gnu/store/${base("x")}`, node("x"), [])).toMatchObject({ what: expect.stringContaining("/gnu/store") });
  });

  it("leaves a cycle to those who compile the graph", () => {
    expect(names(collected({ a: ["b"], b: ["a"] }).finish({ name: "d", roots: ["a"] })).edges).toEqual(["a→b", "b→a"]);
  });
});
