// How early a task can start and how much must follow it, when each build has the host that is fastest for it to itself.
// The longest such chain bounds every schedule. Ids are in topological order, so two passes do.
import type { Problem } from "#model/problem.js";

export interface Chains {
  /** Seconds before which the task cannot start. */
  readonly head: Float64Array;
  /** Seconds that must follow its end. */
  readonly tail: Float64Array;
  /** The longest chain, arrivals included. */
  readonly length: number;
}

/** `least`: wall seconds of each task on its best host. */
export function chains({ graph, arrival }: Problem, least: Float64Array): Chains {
  const { count, pred, predStart } = graph;
  const head = new Float64Array(count);
  const tail = new Float64Array(count);
  let length = 0;
  for (let t = 0; t < count; t++) {
    let start = arrival === null ? 0 : arrival[t]! / 1e6;
    for (let e = predStart[t]!; e < predStart[t + 1]!; e++) start = Math.max(start, head[pred[e]!]! + least[pred[e]!]!);
    head[t] = start;
    length = Math.max(length, start + least[t]!);
  }
  for (let t = count - 1; t >= 0; t--) {
    const behind = tail[t]! + least[t]!;
    for (let e = predStart[t]!; e < predStart[t + 1]!; e++) tail[pred[e]!] = Math.max(tail[pred[e]!]!, behind);
  }
  return { head, tail, length };
}
