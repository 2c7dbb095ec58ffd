import { describe, expect, it } from "vitest";
import { BUILT, Trace } from "#dispatch/trace.js";
import { Attempts } from "#metrics/attempts.js";
import { coreTime } from "#metrics/core-time.js";
import { CORE_LOSSES } from "#metrics/result.js";
import { heldSlots } from "#metrics/slots.js";
import type { Problem } from "#model/problem.js";
import { drawnTrace } from "./drawn-trace.js";
import { problemOf } from "./problem.js";

interface Row {
  readonly uploaded: number;
  readonly started: number;
  readonly built: number;
  readonly coreSeconds: number;
}

function traceOf(rows: readonly Row[]): Trace {
  const trace = new Trace(rows.length);
  for (const [task, { uploaded, started, built, coreSeconds }] of rows.entries()) {
    const row = trace.open(task, 1, 0, task, 4, 0, 0);
    trace.accepted[row] = trace.uploadFrom[row] = 0;
    trace.uploaded[row] = uploaded * 1e6;
    trace.started[row] = started * 1e6;
    for (const stage of ["built", "returned", "slotFreed", "noticed"] as const) trace[stage][row] = built * 1e6;
    trace.coreSeconds[row] = coreSeconds;
    trace.outcome[row] = BUILT;
    trace.makespan = Math.max(trace.makespan, built * 1e6);
  }
  return trace;
}

function lossesOf(trace: Trace, problem: Problem): Record<string, number> {
  const attempts = new Attempts(trace, problem);
  const { lost } = coreTime(attempts, heldSlots(attempts));
  return Object.fromEntries(CORE_LOSSES.map((loss, i) => [loss, Math.round(lost[i]!) / 1e6] as const).filter(([, seconds]) => seconds > 0));
}

describe("core time", () => {
  it("is lost to copying and overhead before the build, to maxCores and the serial share in it", () => {
    const problem = problemOf([{ work: 30, maxCores: 2 }], [{ cores: 4 }]);
    // Four cores: 2 s of upload, 1 s of overhead, then 10 s on 1.5 of the 2 cores that it can use.
    const trace = traceOf([{ uploaded: 2, started: 3, built: 13, coreSeconds: 15 }]);
    expect(lossesOf(trace, problem)).toEqual({ copying: 8, overhead: 4, "max-cores": 20, serial: 5 });
  });

  it("counts only what nobody else used", () => {
    const problem = problemOf([{ work: 40 }, { work: 8 }], [{ cores: 4, maxJobs: 2 }]);
    // The first takes all four cores while the second uploads; then both share them.
    const trace = traceOf([
      { uploaded: 0, started: 0, built: 10, coreSeconds: 40 },
      { uploaded: 10, started: 10, built: 12, coreSeconds: 8 },
    ]);
    expect(lossesOf(trace, problem)).toEqual({});
  });

  it("of a fetch is copying", () => {
    const problem = problemOf([{ fetchBytes: 1 }], [{ cores: 4 }]);
    expect(lossesOf(traceOf([{ uploaded: 0, started: 0, built: 5, coreSeconds: 0 }]), problem)).toEqual({ copying: 20 });
  });

  it("adds up to the cores of hosts that hold slots", () => {
    const problem = problemOf(
      Array.from({ length: 60 }, (_, t) => ({ needs: t > 4 ? [t - 5] : [] })),
      [{ cores: 8, maxJobs: 3 }],
    );
    const attempts = new Attempts(drawnTrace(problem, 11), problem);
    const held = heldSlots(attempts);
    const { used, lost } = coreTime(attempts, held);
    let busy = 0;
    let until = 0;
    for (const { from, to } of held) {
      busy += Math.max(0, to - Math.max(from, until));
      until = Math.max(until, to);
    }
    expect((used[0]! + lost.reduce((a, b) => a + b, 0)) / (busy * 8)).toBeCloseTo(1, 9);
  });
});
