import { describe, expect, it } from "vitest";
import { traceEventJson } from "#report/trace-event.js";
import { sampleProblem, sampleTrace, tinyTrace } from "./sample.js";

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id?: number;
  readonly args?: Record<string, string | number>;
}

const read = (text: string): Event[] => (JSON.parse(text) as { traceEvents: Event[] }).traceEvents;

describe("Chrome trace", () => {
  const problem = sampleProblem();
  const { trace } = sampleTrace(problem);
  const events = read(traceEventJson(trace, problem));

  it("has a process per host, a thread per slot, an event per attempt", () => {
    const hosts = events.filter(({ name }) => name === "process_name").map(({ pid, args }) => [pid, args!.name]);
    expect(hosts).toEqual([
      [1, "ai"],
      [2, "aquamarine"],
      [3, "ruby"],
      [4, "kana"],
    ]);
    expect(events.filter(({ name }) => name === "thread_name")).toHaveLength(27);
    expect(events.filter(({ cat }) => cat === "build")).toHaveLength(trace.rows);
  });

  it("nests phases in their attempt, without overlap on a thread", () => {
    const end = new Map<string, number>();
    let outer = { ts: 0, dur: 0 };
    let filled = 0;
    for (const { ph, cat, pid, tid, ts, dur } of events) {
      if (ph !== "X") continue;
      const lane = `${pid}/${tid}`;
      if (cat === "build") {
        expect(filled).toBe(outer.dur);
        expect(ts).toBeGreaterThanOrEqual(end.get(lane) ?? 0);
        end.set(lane, ts + dur);
        outer = { ts, dur };
        filled = 0;
      } else {
        expect(ts).toBe(outer.ts + filled);
        filled += dur;
      }
    }
  });

  it("keeps intervals that belong to no attempt as asynchronous pairs, on their host or the scheduler", () => {
    const tiny = tinyTrace();
    const spans = read(traceEventJson(tiny.trace, tiny.problem)).filter(({ ph }) => ph === "b" || ph === "e");
    expect(spans.map(({ ph, name, pid, ts, id }) => [ph, name, pid, ts, id])).toEqual([
      ["b", "postponed: binutils-1.0-x86_64", 3, 0, 1],
      ["e", "postponed: binutils-1.0-x86_64", 3, 1e6, 1],
      ["b", "down", 1, 2e6, 2],
      ["e", "down", 1, 5e6, 2],
    ]);
  });
});
