// When a run under way will be done: at the start the prediction, at the end now, and on the way of one world that world's end.
import { describe, expect, it } from "vitest";
import type { Foretold } from "#report/foretold.js";
import { endOf } from "#report/remaining.js";

const range = (median: number) => ({ median, low: median, high: median });
/** Two worlds that work evenly, for 100 s and for 200 s. */
const FORETOLD: Foretold = {
  worlds: 2,
  makespan: { median: 100, low: 100, high: 200 },
  makespans: [100, 200],
  builds: [100, 50].map((seconds) => ({ seconds: range(seconds), started: range(0), hosts: [2] })),
  hosts: [{ builds: range(2), busy: range(150) }],
  courses: [100, 200].map((seconds) => Float64Array.from({ length: 11 }, (_, i) => (i * seconds) / 10)),
};
const course = { now: 0, share: 0, took: 0, foretold: 0, runningUntil: 0 };

describe("the end of a run", () => {
  it("is what was predicted before anything was done", () => {
    expect(endOf(course, FORETOLD)).toMatchObject({ low: 100, high: 200 });
  });

  it("on a world's way is that world's end", () => {
    const half = endOf({ ...course, now: 50, share: 0.5, took: 70, foretold: 70, runningUntil: 60 }, FORETOLD);
    expect(half).toMatchObject({ low: 100, high: 150 });
  });

  it("goes out when builds take longer than foretold, and is never sooner than what runs", () => {
    const late = { ...course, now: 80, share: 0.5, took: 140, foretold: 70, runningUntil: 90 };
    expect(endOf(late, FORETOLD).low).toBeGreaterThan(80 + 1.5 * 50);
    expect(endOf({ ...late, runningUntil: 1000 }, FORETOLD)).toEqual({ median: 1000, low: 1000, high: 1000 });
  });

  it("is now when all is done", () => {
    expect(endOf({ ...course, now: 130, share: 1, took: 150, foretold: 150, runningUntil: 130 }, FORETOLD)).toEqual(range(130));
  });
});
