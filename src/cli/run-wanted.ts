// Which derivations of a graph have to be built at all: those whose outputs no store has, and that something wanted needs.
// A store that has an output spares the build and everything behind it. Knows paths and edges, no hosts.
import type { GraphFile } from "#model/graph-file.js";

export interface Pruned {
  readonly graph: GraphFile;
  /** By index of the pruned graph: the index that the node had. */
  readonly indices: readonly number[];
  /** Requested nodes that need not be built. */
  readonly done: readonly number[];
}

/** `isThere`: all outputs of the node are in some store. */
export function pruned(graph: GraphFile, isThere: (index: number) => boolean): Pruned {
  const { nodes, edges } = graph;
  const inputs: number[][] = nodes.map(() => []);
  const needed = new Uint8Array(nodes.length);
  for (let e = 0; e < edges.from.length; e++) {
    inputs[edges.to[e]!]!.push(edges.from[e]!);
    needed[edges.from[e]!] = 1;
  }
  const roots = graph.roots ?? [...nodes.keys()].filter((node) => needed[node] === 0);
  const kept = new Uint8Array(nodes.length);
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (kept[node] === 1 || isThere(node)) continue;
    kept[node] = 1;
    stack.push(...inputs[node]!);
  }
  const indices = [...nodes.keys()].filter((node) => kept[node] === 1);
  const place = new Map(indices.map((node, i) => [node, i]));
  const edge = [...Array.from(edges.from).keys()].filter((e) => kept[edges.from[e]!] === 1 && kept[edges.to[e]!] === 1);
  return {
    indices,
    done: roots.filter((node) => kept[node] === 0),
    graph: {
      ...graph,
      nodes: indices.map((node) => nodes[node]!),
      edges: {
        from: edge.map((e) => place.get(edges.from[e]!)!),
        to: edge.map((e) => place.get(edges.to[e]!)!),
        ...(edges.bytes !== undefined && { bytes: edge.map((e) => edges.bytes![e]!) }),
      },
      roots: roots.filter((node) => kept[node] === 1).map((node) => place.get(node)!),
    },
  };
}
