import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Trace, BUILT } from "#dispatch/trace.js";
import { Attempts } from "#metrics/attempts.js";
import { type SlotTime, slotTime } from "#metrics/idle.js";
import { BUSY_PARTS, type BusyPart, IDLE_CAUSES, type IdleCause } from "#metrics/result.js";
import { heldSlots } from "#metrics/slots.js";
import type { Problem } from "#model/problem.js";
import { drawnTrace } from "./drawn-trace.js";
import { type HostSketch, problemOf, type TaskSketch } from "./problem.js";

interface Row {
  readonly task: number;
  readonly host?: number;
  readonly ready: number;
  readonly asked: number;
  readonly built: number;
}

/** Builds that start when asked and are noticed when built; seconds. */
function traceOf(rows: readonly Row[]): Trace {
  const trace = new Trace(rows.length);
  for (const { task, host = 0, ready, asked, built } of rows) {
    const row = trace.open(task, 1, host, 0, 1, ready * 1e6, asked * 1e6);
    for (const stage of ["accepted", "uploaded", "started"] as const) trace[stage][row] = asked * 1e6;
    for (const stage of ["built", "returned", "slotFreed", "noticed"] as const) trace[stage][row] = built * 1e6;
    trace.outcome[row] = BUILT;
    trace.makespan = Math.max(trace.makespan, built * 1e6);
  }
  return trace;
}

function timeOf(trace: Trace, problem: Problem): SlotTime {
  const attempts = new Attempts(trace, problem);
  return slotTime(attempts, heldSlots(attempts));
}

function idleOf(time: SlotTime, host: number): Partial<Record<IdleCause, number>> {
  const all = IDLE_CAUSES.map((cause, i) => [cause, time.idle[host * IDLE_CAUSES.length + i]! / 1e6] as const);
  return Object.fromEntries(all.filter(([, seconds]) => seconds > 0));
}

function busyOf(time: SlotTime, host: number): Partial<Record<BusyPart, number>> {
  const all = BUSY_PARTS.map((part, i) => [part, time.busy[host * BUSY_PARTS.length + i]! / 1e6] as const);
  return Object.fromEntries(all.filter(([, seconds]) => seconds > 0));
}

describe("slot time", () => {
  it("names the build that a host waits for, and those before it", () => {
    const problem = problemOf([{ seconds: 5 }, { seconds: 7, needs: [0] }, { seconds: 3, needs: [1] }], [{}, {}]);
    const time = timeOf(
      traceOf([
        { task: 0, ready: 0, asked: 0, built: 5 },
        { task: 1, ready: 5, asked: 5, built: 12 },
        { task: 2, ready: 12, asked: 12, built: 15 },
      ]),
      problem,
    );
    expect(busyOf(time, 0)).toEqual({ building: 15 });
    // Nothing becomes ready for host 1 after instant 12.
    expect(idleOf(time, 1)).toEqual({ waiting: 12, end: 3 });
    expect([...time.waitedFor[1]!].sort()).toEqual([
      [0, 5e6],
      [1, 7e6],
    ]);
  });

  it("tells a host that no ready work may use by the first reason", () => {
    const tasks: TaskSketch[] = [
      { kind: 0, seconds: 4 },
      { kind: 0, seconds: 4 },
      { kind: 0, seconds: 4 },
    ];
    const rows: Row[] = [
      { task: 0, ready: 0, asked: 0, built: 4 },
      { task: 1, ready: 0, asked: 4, built: 8 },
      { task: 2, ready: 0, asked: 8, built: 12 },
    ];
    const denied = (why: number): HostSketch[] => [{}, { denied: [why] }];
    for (const [why, cause] of [
      [1, "system"],
      [2, "feature"],
      [3, "mandatory"],
      [4, "pinned"],
      [5, "pinned"],
      [6, "memory"],
    ] as const) {
      expect(idleOf(timeOf(traceOf(rows), problemOf(tasks, denied(why))), 1)).toEqual({ [cause]: 8, end: 4 });
    }
    expect(idleOf(timeOf(traceOf(rows), problemOf(tasks, denied(0))), 1)).toEqual({ policy: 8, end: 4 });
  });

  it("takes causes in their order: down, dispatch, postponed", () => {
    const problem = problemOf([{ seconds: 10 }, { seconds: 2 }], [{}, {}]);
    const trace = traceOf([
      { task: 0, ready: 0, asked: 0, built: 10 },
      { task: 1, ready: 0, asked: 8, built: 10, host: 1 },
    ]);
    trace.spans.push({ kind: "postponed", host: -1, task: 1, from: 1e6, to: 8e6 });
    trace.spans.push({ kind: "dispatch", host: -1, task: -1, from: 2e6, to: 4e6 });
    trace.spans.push({ kind: "down", host: 1, task: -1, from: 3e6, to: 5e6 });
    expect(idleOf(timeOf(trace, problem), 1)).toEqual({ policy: 1, postponed: 1 + 3, dispatch: 1, down: 2 });
  });

  it("calls it memory when the ready work does not fit beside what runs", () => {
    const problem = problemOf([{ memory: 6 }, { memory: 5 }, { memory: 3 }], [{ maxJobs: 2, memory: 10 }]);
    const trace = traceOf([
      { task: 0, ready: 0, asked: 0, built: 4 },
      { task: 1, ready: 0, asked: 4, built: 6 },
      { task: 2, ready: 2, asked: 4, built: 6 },
    ]);
    expect(idleOf(timeOf(trace, problem), 0)).toEqual({ memory: 2, policy: 2 });
  });

  it("waits for requests that have not arrived", () => {
    const problem = problemOf([{ seconds: 2, arrival: 3 }], [{}]);
    const time = timeOf(traceOf([{ task: 0, ready: 3, asked: 3, built: 5 }]), problem);
    expect(idleOf(time, 0)).toEqual({ waiting: 3 });
    expect([...time.waitedFor[0]!]).toEqual([[-1, 3e6]]);
  });

  it("parts slots × makespan exactly, whatever happened", () => {
    const sketch = fc.record({
      seed: fc.integer(),
      tasks: fc.integer({ min: 1, max: 40 }),
      slots: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
      spans: fc.boolean(),
      failures: fc.constantFrom(0, 0.3),
    });
    fc.assert(
      fc.property(sketch, ({ seed, tasks, slots, spans, failures }) => {
        const problem = problemOf(
          Array.from(
            { length: tasks },
            (_, t): TaskSketch => ({
              kind: t % 3,
              memory: t % 5,
              needs: t > 4 ? [t - 1 - (t % 4), t - 5] : [],
              arrival: t % 7 === 6 ? t : 0,
            }),
          ),
          [...slots, 2].map((maxJobs, h) => ({ maxJobs, memory: 9, denied: h < slots.length && h % 2 === 1 ? [0, 1, 4] : [0, 0, 0] })),
          3,
        );
        const trace = drawnTrace(problem, seed, { spans, failures });
        const time = timeOf(trace, problem);
        for (let h = 0; h < problem.hosts.count; h++) {
          const busy = time.busy.slice(h * BUSY_PARTS.length, (h + 1) * BUSY_PARTS.length).reduce((a, b) => a + b, 0);
          const idle = time.idle.slice(h * IDLE_CAUSES.length, (h + 1) * IDLE_CAUSES.length).reduce((a, b) => a + b, 0);
          expect(busy + idle).toBe(problem.hosts.maxJobs[h]! * trace.makespan);
          const awaited = [...time.waitedFor[h]!.values()].reduce((a, b) => a + b, 0);
          expect(awaited).toBe(time.idle[h * IDLE_CAUSES.length + IDLE_CAUSES.indexOf("waiting")]);
        }
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
