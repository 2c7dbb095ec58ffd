// The derivation graph as columns: who needs whom, both ways (CSR), ids in topological order. Ids do not depend on the
// order of the input file: level first, then name bytes, then key. Knows no durations and no hosts.
import type { TaskId } from "#base/units.js";

export interface Graph {
  readonly count: number;
  /** By TaskId. */
  readonly names: readonly string[];
  /** The drv path, else the name, else name#k: unique. */
  readonly keys: readonly string[];
  /** Position of each task in the order (name bytes, key): the last tie-break everywhere. */
  readonly nameRank: Int32Array;
  /** Position of each task in the order of Nix's goals: name with ".drv" behind it, then key. `gcc-lib` comes before `gcc`. */
  readonly goalRank: Int32Array;
  /** Longest distance, in edges, from a task without inputs. */
  readonly level: Int32Array;
  /** Dependents of t: succ[succStart[t] … succStart[t + 1]), ascending. */
  readonly succStart: Int32Array;
  readonly succ: Int32Array;
  /** Dependencies of t: pred[predStart[t] … predStart[t + 1]), ascending. */
  readonly predStart: Int32Array;
  readonly pred: Int32Array;
  /** Bytes that travel over each edge, aligned with `pred`; NaN where the producer's output size counts. Null: no edge has its own. */
  readonly predBytes: Float64Array | null;
  /** 1 for requested tasks. */
  readonly root: Uint8Array;
  /** Index of each task in the graph file. */
  readonly fileIndex: Int32Array;
}

export function edgeCount(graph: Graph): number {
  return graph.pred.length;
}

/** Calls `visit` for each dependency of `task`. For cold code; hot loops index the columns themselves. */
export function eachDependency(graph: Graph, task: TaskId, visit: (dependency: TaskId) => void): void {
  for (let e = graph.predStart[task]!; e < graph.predStart[task + 1]!; e++) visit(graph.pred[e]! as TaskId);
}
