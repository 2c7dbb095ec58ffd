import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUILT, Trace } from "#dispatch/trace.js";
import { criticalPath, guessShare } from "#metrics/critical-path.js";
import { drawnTrace } from "./drawn-trace.js";
import { problemOf } from "./problem.js";

/** Seconds: ready, asked, freed, noticed. */
function traceOf(rows: readonly { task: number; host: number; at: readonly [number, number, number, number] }[]): Trace {
  const trace = new Trace(rows.length);
  for (const { task, host, at } of rows) {
    const row = trace.open(task, 1, host, 0, 1, at[0] * 1e6, at[1] * 1e6);
    trace.started[row] = at[1] * 1e6;
    trace.built[row] = trace.slotFreed[row] = at[2] * 1e6;
    trace.noticed[row] = at[3] * 1e6;
    trace.outcome[row] = BUILT;
    trace.makespan = Math.max(trace.makespan, at[3] * 1e6);
  }
  return trace;
}

describe("the critical path", () => {
  it("follows the last input, then the slot that was freed last", () => {
    const problem = problemOf([{ name: "a" }, { name: "b" }, { name: "c", needs: [0] }, { name: "d", needs: [2] }], [{}, {}]);
    const trace = traceOf([
      { task: 0, host: 0, at: [0, 0, 3, 4] },
      { task: 1, host: 1, at: [0, 0, 9, 10] },
      { task: 2, host: 1, at: [4, 9, 12, 12] },
      { task: 3, host: 0, at: [12, 12, 15, 16] },
    ]);
    expect(criticalPath(trace, problem)).toEqual([
      { task: "b", row: 1, host: "h1", phase: "build", because: "start", from: 0, to: 9 },
      { task: "c", row: 2, host: "h1", phase: "build", because: "slot", from: 9, to: 12 },
      { task: "d", row: 3, host: "h0", phase: "build", because: "input", from: 12, to: 16 },
    ]);
  });

  it("does not blame a slot on a host that had another free", () => {
    const problem = problemOf([{ name: "a" }, { name: "b" }, { name: "c", needs: [0] }], [{ maxJobs: 2 }, {}]);
    const trace = traceOf([
      { task: 0, host: 1, at: [0, 0, 2, 2] },
      { task: 1, host: 0, at: [0, 0, 5, 5] },
      { task: 2, host: 0, at: [2, 6, 9, 9] },
    ]);
    expect(criticalPath(trace, problem).map(({ task, because }) => `${task} ${because}`)).toEqual(["a start", "c input"]);
  });

  it("tells the wait for the tick and for a busy client apart from the build", () => {
    const problem = problemOf([{ name: "a" }, { name: "b" }], [{}]);
    const rows = [
      { task: 0, host: 0, at: [0, 0, 4, 4] },
      { task: 1, host: 0, at: [0, 10, 12, 12] },
    ] as const;
    const ticked = traceOf(rows);
    ticked.spans.push({ kind: "postponed", host: -1, task: 1, from: 0, to: 10e6 });
    expect(criticalPath(ticked, problem).slice(1)).toEqual([
      { task: "b", row: 1, host: "h0", phase: "wait", because: "slot", from: 4, to: 10 },
      { task: "b", row: 1, host: "h0", phase: "build", because: "tick", from: 10, to: 12 },
    ]);
    const busy = traceOf(rows);
    busy.spans.push({ kind: "dispatch", host: -1, task: 0, from: 3e6, to: 7e6 });
    expect(
      criticalPath(busy, problem)
        .slice(1)
        .map(({ because, from, to }) => [because, from, to]),
    ).toEqual([
      ["slot", 4, 7],
      ["dispatch", 7, 12],
    ]);
  });

  it("starts with the wait for a late request", () => {
    const problem = problemOf([{ name: "a", arrival: 3 }], [{}]);
    const steps = criticalPath(traceOf([{ task: 0, host: 0, at: [3, 3, 5, 5] }]), problem);
    expect(steps.map(({ phase, from, to }) => [phase, from, to])).toEqual([
      ["wait", 0, 3],
      ["build", 3, 5],
    ]);
  });

  it("covers 0 to the makespan without gaps, whatever happened", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.constantFrom(0, 0.3), (seed, tasks, spans, failures) => {
        const problem = problemOf(
          Array.from({ length: tasks }, (_, t) => ({ needs: t > 4 ? [t - 1 - (t % 4), t - 5] : [], arrival: t % 7 === 6 ? t : 0 })),
          [{ maxJobs: 2 }, {}],
        );
        const trace = drawnTrace(problem, seed, { spans, failures });
        const steps = criticalPath(trace, problem);
        expect(steps[0]!.from).toBe(0);
        expect(steps.at(-1)!.to).toBe(trace.makespan / 1e6);
        for (let i = 1; i < steps.length; i++) expect(steps[i]!.from).toBe(steps[i - 1]!.to);
        for (const { from, to } of steps) expect(to).toBeGreaterThanOrEqual(from);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it("says how much of it is guessed", () => {
    const problem = problemOf([{ provenance: 0 }, { provenance: 3, needs: [0] }, { provenance: 4 }], [{ maxJobs: 2 }]);
    const trace = traceOf([
      { task: 0, host: 0, at: [0, 0, 6, 6] },
      { task: 2, host: 0, at: [0, 0, 2, 2] },
      { task: 1, host: 0, at: [6, 6, 8, 8] },
    ]);
    expect(guessShare(criticalPath(trace, problem), trace, problem)).toEqual({ criticalPath: 0.25, work: 0.4, tasks: 2 / 3 });
  });
});
