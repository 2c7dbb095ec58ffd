// The floor: list scheduling by critical path with two heaps on typed arrays over the same graph, and nothing else. No
// policy surface, no trace, no names: what any engine in this language has to pay.
import type { Problem } from "#model/problem.js";
import { HOSTS, SLOTS } from "./problem.js";

/** Returns the makespan in µs. */
export function floor(problem: Problem): number {
  const { graph, tasks } = problem;
  const { count, succ, succStart, pred, predStart } = graph;
  const micros = new Float64Array(count);
  for (let t = 0; t < count; t++) micros[t] = Math.ceil(tasks.work[t]! * (0.05 + 0.95 / Math.min(8, tasks.maxCores[t]!)) * 1e6 - 2 ** -10);
  const rank = new Float64Array(count);
  for (let t = count - 1; t >= 0; t--) {
    rank[t]! += micros[t]!;
    for (let e = predStart[t]!; e < predStart[t + 1]!; e++) if (rank[t]! > rank[pred[e]!]!) rank[pred[e]!] = rank[t]!;
  }
  const waiting = new Int32Array(count);
  const ready = new Int32Array(count);
  let readyCount = 0;
  const before = (a: number, b: number): boolean => rank[a]! > rank[b]! || (rank[a] === rank[b] && a < b);
  const push = (task: number): void => {
    let at = readyCount++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(task, ready[parent]!)) break;
      ready[at] = ready[parent]!;
      at = parent;
    }
    ready[at] = task;
  };
  const pop = (): number => {
    const first = ready[0]!;
    const last = ready[--readyCount]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= readyCount) break;
      if (child + 1 < readyCount && before(ready[child + 1]!, ready[child]!)) child++;
      if (!before(ready[child]!, last)) break;
      ready[at] = ready[child]!;
      at = child;
    }
    ready[at] = last;
    return first;
  };
  const ends = new Float64Array(HOSTS * SLOTS);
  const running = new Int32Array(HOSTS * SLOTS);
  let runningCount = 0;
  for (let t = 0; t < count; t++) {
    waiting[t] = predStart[t + 1]! - predStart[t]!;
    if (waiting[t] === 0) push(t);
  }
  let now = 0;
  for (;;) {
    while (runningCount < HOSTS * SLOTS && readyCount > 0) {
      const task = pop();
      const end = now + micros[task]!;
      let at = runningCount++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (ends[parent]! <= end) break;
        ends[at] = ends[parent]!;
        running[at] = running[parent]!;
        at = parent;
      }
      ends[at] = end;
      running[at] = task;
    }
    if (runningCount === 0) return now;
    now = ends[0]!;
    while (runningCount > 0 && ends[0] === now) {
      const task = running[0]!;
      const end = ends[--runningCount]!;
      const last = running[runningCount]!;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= runningCount) break;
        if (child + 1 < runningCount && ends[child + 1]! < ends[child]!) child++;
        if (ends[child]! >= end) break;
        ends[at] = ends[child]!;
        running[at] = running[child]!;
        at = child;
      }
      ends[at] = end;
      running[at] = last;
      for (let e = succStart[task]!; e < succStart[task + 1]!; e++) if (--waiting[succ[e]!]! === 0) push(succ[e]!);
    }
  }
}
