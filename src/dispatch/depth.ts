// How deep below what was requested a task lies: the order in which Nix creates goals, breadth first. Knows the graph only.
import type { Graph } from "#model/graph.js";

/** Shortest distance, in edges, from a requested task down to each: goals are created breadth first. */
export function depthBelowRoots(graph: Graph): Int32Array {
  const depth = new Int32Array(graph.count).fill(-1);
  let front: number[] = [];
  for (let t = 0; t < graph.count; t++) {
    if (graph.root[t] === 1) {
      depth[t] = 0;
      front.push(t);
    }
  }
  for (let level = 1; front.length > 0; level++) {
    const next: number[] = [];
    for (const t of front) {
      for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
        const input = graph.pred[e]!;
        if (depth[input]! >= 0) continue;
        depth[input] = level;
        next.push(input);
      }
    }
    front = next;
  }
  return depth;
}
