import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText } from "#base/order.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import { buildGraph } from "#scenario/graph.js";
import { keysOf } from "#scenario/node-key.js";

type Edge = readonly [from: number, to: number, bytes?: number | null];

function file(nodes: readonly (string | Partial<NodeFile>)[], edges: readonly Edge[], roots?: number[]): GraphFile {
  return {
    schema: "drvfleet.graph/1",
    name: "g",
    nodes: nodes.map((node) => ({ name: "", system: "x86_64-linux", ...(typeof node === "string" ? { name: node } : node) })),
    edges: {
      from: edges.map((edge) => edge[0]),
      to: edges.map((edge) => edge[1]),
      ...(edges.some((edge) => edge.length > 2) ? { bytes: edges.map((edge) => edge[2] ?? null) } : {}),
    },
    ...(roots === undefined ? {} : { roots }),
  };
}

function build(graph: GraphFile) {
  const keys = keysOf(graph.nodes, "g.json");
  return keys.ok ? buildGraph(graph, keys.value, "g.json") : keys;
}

function built(graph: GraphFile): Graph {
  const result = build(graph);
  if (!result.ok) throw new Error(result.faults[0]!.what);
  return result.value.graph;
}

const faultOf = (graph: GraphFile) => {
  const result = build(graph);
  return result.ok ? null : result.faults[0];
};

const row = (start: Int32Array, ids: Int32Array, t: number) => [...ids.subarray(start[t]!, start[t + 1]!)];

describe("buildGraph", () => {
  it("orders by level, then name bytes, then key", () => {
    const graph = built(
      file(
        ["world", "b", "B", "10x", "2x", "z"],
        [
          [1, 0],
          [2, 0],
          [3, 5],
          [5, 0],
          [4, 0],
        ],
      ),
    );
    expect(graph.names).toEqual(["10x", "2x", "B", "b", "z", "world"]);
    expect([...graph.level]).toEqual([0, 0, 0, 0, 1, 2]);
    expect([...graph.nameRank]).toEqual([0, 1, 2, 3, 5, 4]);
    expect([...graph.fileIndex]).toEqual([3, 4, 2, 1, 5, 0]);
    expect([...graph.root]).toEqual([0, 0, 0, 0, 0, 1]);
    expect(row(graph.predStart, graph.pred, 5)).toEqual([1, 2, 3, 4]);
    expect(row(graph.succStart, graph.succ, 0)).toEqual([4]);
  });

  it("merges repeated edges and adds up their bytes", () => {
    const graph = built(
      file(
        ["a", "b", "c"],
        [
          [0, 2, 5],
          [1, 2, 1],
          [0, 2, 7],
          [1, 2],
          [0, 1],
        ],
      ),
    );
    expect(row(graph.predStart, graph.pred, 2)).toEqual([0, 1]);
    expect([...graph.predBytes!]).toEqual([Number.NaN, 12, 1]);
    expect(graph.pred.length).toBe(3);
    expect(graph.succ.length).toBe(3);
  });

  it("keeps no bytes where no edge has its own", () => {
    expect(built(file(["a", "b"], [[0, 1, null]])).predBytes).toBeNull();
  });

  it("leaves out what no root needs, and says how much", () => {
    const result = build(
      file(
        ["a", "b", "c", "d"],
        [
          [0, 1],
          [0, 2],
          [2, 3],
        ],
        [1],
      ),
    );
    expect(result).toMatchObject({ ok: true, value: { unneeded: 2, graph: { names: ["a", "b"] } } });
  });

  it.each([
    ["no nodes", file([], []), "g.json nodes", "found no node, expected at least one derivation"],
    ["an edge out of bounds", file(["a", "b"], [[0, 2]]), "g.json edges.to[0]", "found node 2, expected an index from 0 to 1"],
    [
      "a self edge",
      file(
        ["a", "b"],
        [
          [0, 1],
          [1, 1],
        ],
      ),
      "g.json edges.to[1]",
      "found b needing itself, expected edges between different nodes",
    ],
    ["a root out of bounds", file(["a"], [], [1]), "g.json roots[0]", "found node 1, expected an index from 0 to 0"],
    ["no roots", file(["a"], [], []), "g.json roots", "found an empty list, expected at least one root"],
    [
      "a cycle beside a sound part",
      file(
        ["a", "z", "m", "k", "tail"],
        [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 1],
          [3, 4],
        ],
      ),
      "g.json edges",
      "found a cycle of 3 derivations: z → m → k → z, expected none to depend on itself",
    ],
    [
      "one drv twice",
      file(
        [
          { name: "a", drv: "/nix/store/x-a.drv" },
          { name: "b", drv: "/nix/store/x-a.drv" },
        ],
        [],
      ),
      "g.json nodes[1]",
      "found the key /nix/store/x-a.drv at nodes[0] and nodes[1], expected each derivation once",
    ],
  ])("refuses %s", (_, graph, where, what) => {
    expect(faultOf(graph)).toMatchObject({ code: "input", where, what });
  });

  it("refuses edge lists of different length", () => {
    const graph = file(["a", "b"], [[0, 1]]);
    expect(faultOf({ ...graph, edges: { from: [0], to: [] } })).toMatchObject({
      where: "g.json edges",
      what: "found 1 in from and 0 in to, expected as many",
    });
    expect(faultOf({ ...graph, edges: { ...graph.edges, bytes: [1, 2] } })).toMatchObject({ where: "g.json edges.bytes" });
  });

  it("does not recurse: a chain of 200,000 and a cycle as long", () => {
    const nodes = Array.from({ length: 200_000 }, (_, i) => `n${i}`);
    const chain = nodes.slice(1).map((_, i): Edge => [i, i + 1]);
    expect(built(file(nodes, chain)).level.at(-1)).toBe(199_999);
    expect(faultOf(file(nodes, [...chain, [199_999, 0]]))?.what).toContain("found a cycle of 200000 derivations: n0 → n1 →");
  });
});

describe("keysOf", () => {
  it("uses the drv path, else the name, else name#k", () => {
    const nodes = file(["a", "b", { name: "c", drv: "/nix/store/h-c.drv" }, "b", { name: "b", drv: "/nix/store/h-b.drv" }, "b"], []).nodes;
    expect(keysOf(nodes, "g")).toEqual({ ok: true, value: ["a", "b#1", "/nix/store/h-c.drv", "b#2", "/nix/store/h-b.drv", "b#4"] });
  });

  it("refuses a name that is written like the key of another", () => {
    const nodes = file(["b", "b", "b#2"], []).nodes;
    expect(keysOf(nodes, "g")).toMatchObject({
      ok: false,
      faults: [{ what: "found the key b#2 at nodes[1] and nodes[2], expected each derivation once" }],
    });
  });
});

/** Edges from lower to higher index, names from a small alphabet so that they share beginnings, drv paths unique. */
const drawn = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    names: fc.array(fc.stringMatching(/^[aB1é\u{1F600}]{1,16}$/u), { minLength: count, maxLength: count }),
    edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.option(fc.nat(99))), { maxLength: 30 }),
    shuffle: fc.array(fc.nat(1e6), { minLength: count, maxLength: count }),
    shuffleEdges: fc.array(fc.nat(1e6), { minLength: 30, maxLength: 30 }),
  }),
);

function acyclic(edges: readonly (readonly [number, number, number | null])[]): Edge[] {
  return edges.filter(([a, b]) => a !== b).map(([a, b, bytes]): Edge => [Math.min(a, b), Math.max(a, b), bytes]);
}

describe("buildGraph: laws", () => {
  it("gives the same graph for any order of the file, file indices apart", () => {
    fc.assert(
      fc.property(drawn, ({ names, edges, shuffle, shuffleEdges }) => {
        const nodes = names.map((name, i) => ({ name, drv: `/nix/store/${i}-${name}.drv` }));
        const sound = acyclic(edges);
        const order = [...nodes.keys()].sort((a, b) => shuffle[a]! - shuffle[b]! || a - b);
        const place = order.map((_, i) => order.indexOf(i));
        const moved = sound.map(([a, b, bytes], e) => ({ edge: [place[a]!, place[b]!, bytes] as Edge, at: shuffleEdges[e]! }));
        const other = file(
          order.map((i) => nodes[i]!),
          moved.sort((a, b) => a.at - b.at).map(({ edge }) => edge),
        );
        const { fileIndex: _, ...one } = built(file(nodes, sound));
        const { fileIndex: __, ...two } = built(other);
        expect(two).toEqual(one);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("agrees with the obvious way", () => {
    fc.assert(
      fc.property(drawn, ({ names, edges }) => {
        const nodes = names.map((name, i) => ({ name, drv: `${i}` }));
        const sound = acyclic(edges);
        const graph = built(file(nodes, sound));
        const level = (i: number): number => Math.max(0, ...sound.filter(([, to]) => to === i).map(([from]) => level(from) + 1));
        const order = [...nodes.keys()].sort(
          (a, b) => level(a) - level(b) || compareText(nodes[a]!.name, nodes[b]!.name) || compareText(nodes[a]!.drv, nodes[b]!.drv),
        );
        expect([...graph.fileIndex]).toEqual(order);
        const idOf = (i: number) => order.indexOf(i);
        for (const i of nodes.keys()) {
          const preds = [...new Set(sound.filter(([, to]) => to === i).map(([from]) => idOf(from)))].sort((a, b) => a - b);
          const succs = [...new Set(sound.filter(([from]) => from === i).map(([, to]) => idOf(to)))].sort((a, b) => a - b);
          expect(row(graph.predStart, graph.pred, idOf(i))).toEqual(preds);
          expect(row(graph.succStart, graph.succ, idOf(i))).toEqual(succs);
          expect(graph.level[idOf(i)]).toBe(level(i));
          expect(graph.root[idOf(i)]).toBe(succs.length === 0 ? 1 : 0);
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it("finds a cycle exactly when there is one, and names a real one", () => {
    fc.assert(
      fc.property(drawn, ({ names, edges }) => {
        const all = edges.filter(([a, b]) => a !== b);
        const nodes = names.map((_, i) => `n${i}`);
        const reach = (from: number, seen = new Set<number>()): Set<number> => {
          for (const [a, b] of all) {
            if (a === from && !seen.has(b)) {
              seen.add(b);
              reach(b, seen);
            }
          }
          return seen;
        };
        const hasCycle = nodes.some((_, i) => reach(i).has(i));
        const fault = faultOf(file(nodes, all));
        expect(fault !== null).toBe(hasCycle);
        if (fault === null || fault === undefined) return;
        const cycle = /: (.*), expected/
          .exec(fault.what)![1]!
          .split(" → ")
          .map((name) => Number(name.slice(1)));
        for (let i = 1; i < cycle.length; i++) expect(all.some(([a, b]) => a === cycle[i - 1] && b === cycle[i])).toBe(true);
        expect(cycle[0]).toBe(cycle.at(-1));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
