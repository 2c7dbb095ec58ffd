// One run in figures: what `simulate` prints and `compare` ranks. From trace and problem alone, so that a recorded run of
// real hosts gives the same figures.
import { BUILT, type Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { traceDigest } from "./divergence.js";
import { hostUses } from "./host-use.js";
import type { Ladder, RunResult } from "./result.js";

export interface RunInput {
  /** As named on the command line, parameters included. */
  readonly policy: string;
  readonly fleet: string;
  readonly seed: number;
  readonly trace: Trace;
  /** With or without the true durations: only classes, hosts and edges are read. */
  readonly problem: Problem;
  readonly ladder: Ladder;
}

export function runResult({ policy, fleet, seed, trace, problem, ladder }: RunInput): RunResult {
  const built = builtCount(trace, problem);
  return {
    policy,
    fleet,
    seed,
    makespan: trace.makespan / 1e6,
    ladder,
    built,
    // What failed and what stood behind it.
    failed: problem.graph.count - built,
    hosts: hostUses(trace, problem),
    digest: traceDigest(trace),
  };
}

function builtCount(trace: Trace, { graph }: Problem): number {
  const done = new Uint8Array(graph.count);
  for (let row = 0; row < trace.rows; row++) if (trace.outcome[row] === BUILT) done[trace.task[row]!] = 1;
  return done.reduce((sum, one) => sum + one, 0);
}
