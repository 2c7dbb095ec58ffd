// The best makespan by trying everything: every order that respects the graph × every allowed host, each build started
// as early as a slot and its inputs allow (semi-active schedules hold an optimum). Judge of metrics/bound for tiny problems.
import type { HostId, TaskId } from "#base/units.js";
import { aloneSeconds, isAllowed, type Problem } from "#model/problem.js";

export function bestMakespan(problem: Problem): number {
  const { graph, hosts } = problem;
  const end = new Float64Array(graph.count).fill(Number.NaN);
  const free = Array.from({ length: hosts.count }, (_, h) => new Array<number>(hosts.maxJobs[h]!).fill(0));
  let best = Number.POSITIVE_INFINITY;
  place(0, 0);
  return best;

  function place(placed: number, makespan: number): void {
    if (makespan >= best) return;
    if (placed === graph.count) {
      best = makespan;
      return;
    }
    for (let t = 0; t < graph.count; t++) {
      if (!Number.isNaN(end[t]!)) continue;
      const inputs = Array.from(graph.pred.subarray(graph.predStart[t]!, graph.predStart[t + 1]!), (p) => end[p]!);
      if (inputs.some(Number.isNaN)) continue;
      const ready = Math.max((problem.arrival?.[t] ?? 0) / 1e6, ...inputs);
      for (let h = 0; h < hosts.count; h++) {
        if (!isAllowed(problem, t as TaskId, h as HostId)) continue;
        const wall = aloneSeconds(problem, t as TaskId, h as HostId, hosts.cores[h]!);
        for (const [slot, since] of free[h]!.entries()) {
          if (free[h]!.indexOf(since) !== slot) continue;
          const ends = Math.max(ready, since) + wall;
          free[h]![slot] = ends;
          end[t] = ends;
          place(placed + 1, Math.max(makespan, ends));
          free[h]![slot] = since;
          end[t] = Number.NaN;
        }
      }
    }
  }
}
