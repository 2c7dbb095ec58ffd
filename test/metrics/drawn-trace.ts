// A trace of a made-up run: every task starts where a drawn choice puts it, once its inputs and a slot are there. Not a
// simulator: stages are drawn, so that metrics meet every order of instants that a real trace may have.
import { pick, stream } from "#base/random.js";
import type { HostId, TaskId } from "#base/units.js";
import { BUILT, FAILED, STAGES, Trace } from "#dispatch/trace.js";
import { isAllowed, type Problem } from "#model/problem.js";

export interface Drawn {
  /** Share of attempts that fail once before they succeed. */
  readonly failures?: number;
  readonly spans?: boolean;
}

export function drawnTrace(problem: Problem, seed: number, { failures = 0, spans = false }: Drawn = {}): Trace {
  const random = stream(seed, "trace");
  const { graph, hosts } = problem;
  const rows: { task: number; attempt: number; host: number; slot: number; at: number[]; failed: boolean }[] = [];
  const freeAt = Array.from({ length: hosts.count }, (_, h) => new Array<number>(hosts.maxJobs[h]!).fill(0));
  const end = new Float64Array(graph.count);
  for (let task = 0; task < graph.count; task++) {
    let ready = problem.arrival?.[task] ?? 0;
    for (let e = graph.predStart[task]!; e < graph.predStart[task + 1]!; e++) ready = Math.max(ready, end[graph.pred[e]!]!);
    for (let attempt = 1; ; attempt++) {
      const may = freeAt.map((_, h) => h).filter((h) => freeAt[h]!.length > 0 && isAllowed(problem, task as TaskId, h as HostId));
      const host = may[pick(random, may.length)]!;
      const slot = freeAt[host]!.indexOf(Math.min(...freeAt[host]!));
      const lateness = random() < 0.5 ? 0 : pick(random, 3_000_000);
      const at = [ready, Math.max(ready, freeAt[host]![slot]!) + lateness];
      while (at.length < STAGES.length) at.push(at.at(-1)! + (random() < 0.4 ? 0 : pick(random, at.length === 6 ? 9_000_000 : 500_000)));
      freeAt[host]![slot] = at[8]!;
      const failed = random() < failures;
      rows.push({ task, attempt, host, slot, at, failed });
      ready = at[9]! + (failed ? 1_000_000 : 0);
      if (!failed) break;
    }
    end[task] = ready;
  }
  return written(rows, spans);

  function written(all: typeof rows, withSpans: boolean): Trace {
    const trace = new Trace(all.length);
    all.sort((a, b) => a.at[1]! - b.at[1]! || a.task - b.task || a.attempt - b.attempt);
    for (const { task, attempt, host, slot, at, failed } of all) {
      const row = trace.open(task, attempt, host, slot, hosts.cores[host]!, at[0]!, at[1]!);
      for (const [i, stage] of STAGES.entries()) if (!failed || stage === "slotFreed" || i < 7) trace[stage][row] = at[i]!;
      trace.outcome[row] = failed ? FAILED : BUILT;
      trace.coreSeconds[row] = ((at[6]! - at[5]!) / 1e6) * random();
      trace.makespan = Math.max(trace.makespan, at[9]!);
    }
    const instant = (): number => pick(random, Math.max(1, trace.makespan));
    for (let i = 0; withSpans && i < 12; i++) {
      const from = instant();
      const kind = (["dispatch", "postponed", "held", "down"] as const)[i % 4]!;
      const host = kind === "down" || kind === "held" ? pick(random, hosts.count) : -1;
      const task = kind === "postponed" ? pick(random, graph.count) : -1;
      trace.spans.push({ kind, host, task, from, to: Math.min(trace.makespan, from + pick(random, 2_000_000)) });
    }
    return trace;
  }
}
