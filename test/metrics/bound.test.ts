import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowerBound } from "#metrics/bound.js";
import { type Models, MODELS_DEFAULT } from "#model/models.js";
import { bestMakespan } from "../reference/best-schedule.js";
import { problemOf, type HostSketch, type TaskSketch } from "./problem.js";

const dedicated: Models = { ...MODELS_DEFAULT, cpu: "dedicated" };
const shared = MODELS_DEFAULT;

const times = (count: number, task: TaskSketch): TaskSketch[] => Array.from({ length: count }, () => task);

describe("the lower bound", () => {
  it("is the area for equal independent tasks", async () => {
    const problem = problemOf(times(12, { seconds: 10 }), [{ maxJobs: 2, cores: 2 }, { maxJobs: 1 }]);
    expect(await lowerBound(problem, dedicated)).toEqual({ seconds: 40, kind: "area", path: 10, area: 40, headTail: 40 });
  });

  it("is the path for a chain, arrivals included", async () => {
    const problem = problemOf(
      [
        { seconds: 3, arrival: 5 },
        { seconds: 4, needs: [0] },
        { seconds: 2, needs: [1], arrival: 20 },
      ],
      [{}],
    );
    expect(await lowerBound(problem, dedicated)).toMatchObject({ seconds: 22, kind: "path", path: 22 });
  });

  it("adds head and tail to the area between them", async () => {
    const middle = times(6, { seconds: 4, needs: [0] });
    const problem = problemOf([{ seconds: 10 }, ...middle, { seconds: 7, needs: [1, 2, 3, 4, 5, 6] }], [{ maxJobs: 2 }]);
    expect(await lowerBound(problem, dedicated)).toMatchObject({ seconds: 29, kind: "head-tail", path: 21 });
  });

  it("shares cores only where builds do", async () => {
    const problem = problemOf(times(4, { work: 100, maxCores: 1 }), [{ cores: 2, maxJobs: 4, speed: 2 }]);
    expect((await lowerBound(problem, shared)).seconds).toBe(100);
    expect((await lowerBound(problem, dedicated)).seconds).toBe(50);
  });

  it("sends work to the host that is fast for it", async () => {
    // One native and one emulated class; each host is native for one, twenty times slower for the other.
    const tasks = [...times(5, { work: 60, kind: 0 }), ...times(5, { work: 60, kind: 1 })];
    const problem = problemOf(tasks, [{ slowdown: [1, 20] }, { slowdown: [20, 1] }], 2);
    expect((await lowerBound(problem, shared)).seconds).toBe(300);
  });

  it("counts internet access as shared where fetches share it", async () => {
    const problem = problemOf(times(8, { fetchBytes: 1e6 }), [{ maxJobs: 8, internet: 1e6 }]);
    expect((await lowerBound(problem, shared)).seconds).toBe(8);
    expect((await lowerBound(problem, { ...shared, network: "fixed" })).seconds).toBe(1);
    expect((await lowerBound(problem, { ...shared, fetches: "free" })).seconds).toBe(0);
  });

  it("leaves out what a model switches off", async () => {
    const tasks: TaskSketch[] = [{ work: 80, serial: 0.5, maxCores: 2 }];
    const problem = problemOf(tasks, [{ cores: 4, slowdown: [10] }]);
    expect((await lowerBound(problem, shared)).seconds).toBe(600);
    expect((await lowerBound(problem, { ...shared, emulation: "off" })).seconds).toBe(60);
    expect((await lowerBound(problem, { ...shared, parallelism: "off" })).seconds).toBe(200);
  });

  it("keeps a task off hosts whose memory is too small", async () => {
    const problem = problemOf([{ work: 10, memory: 8 }], [{ memory: 4, speed: 100 }, { memory: 16 }]);
    expect((await lowerBound(problem, shared)).seconds).toBe(10);
    expect((await lowerBound(problem, { ...shared, memory: "off" })).seconds).toBe(0.1);
  });

  it("is at most the published optimum of Graham's example and near it", async () => {
    // Graham 1969: nine tasks on three machines, best 12.
    const wall = [3, 2, 2, 2, 4, 4, 4, 4, 9];
    const needs: Record<number, number[]> = { 8: [0], 4: [3], 5: [3], 6: [3], 7: [3] };
    const problem = problemOf(
      wall.map((seconds, t) => ({ seconds, needs: needs[t] ?? [] })),
      [{ maxJobs: 3, cores: 3 }],
    );
    const bound = await lowerBound(problem, dedicated);
    expect(bound.seconds).toBe(12);
  });

  it("is at most the optimum of Topcuoglu's example on unrelated processors", async () => {
    // Topcuoglu, Hariri, Wu 2002, Fig. 2; its best schedule takes 73 with communication.
    const costs = [
      [14, 16, 9],
      [13, 19, 18],
      [11, 13, 19],
      [13, 8, 17],
      [12, 13, 10],
      [13, 16, 9],
      [7, 15, 11],
      [5, 11, 14],
      [18, 12, 20],
      [21, 7, 16],
    ];
    const needs = [[], [0], [0], [0], [0], [0], [2], [1, 3, 5], [1, 3, 4], [6, 7, 8]];
    const problem = problemOf(
      costs.map((seconds, t) => ({ seconds, needs: needs[t]! })),
      [{}, {}, {}],
    );
    const bound = await lowerBound(problem, dedicated);
    expect(bound.seconds).toBeLessThanOrEqual(73);
    expect(bound.seconds).toBeGreaterThanOrEqual(41);
  });

  it("never exceeds the best schedule there is", async () => {
    const task = (t: number) =>
      fc.record({
        needs: fc.subarray(
          Array.from({ length: t }, (_, i) => i),
          { maxLength: Math.min(t, 2) },
        ),
        shape: fc.oneof(
          fc.record({ seconds: fc.integer({ min: 0, max: 9 }) }),
          fc.record({ seconds: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }) }),
          fc.record({ work: fc.integer({ min: 0, max: 20 }), serial: fc.constantFrom(0, 0.25, 1), maxCores: fc.constantFrom(1, 2, 8) }),
        ),
        kind: fc.integer({ min: 0, max: 1 }),
        arrival: fc.constantFrom(0, 0, 3),
      });
    const host = fc.record({
      cores: fc.constantFrom(1, 2, 4),
      speed: fc.constantFrom(1, 2),
      maxJobs: fc.integer({ min: 1, max: 2 }),
      slowdown: fc.constantFrom([1, 1], [1, 4], [3, 1]),
    });
    const sketch = fc.tuple(
      fc.integer({ min: 1, max: 5 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, t) => task(t)))),
      fc.array(host, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
    );
    let tight = 0;
    await fc.assert(
      fc.asyncProperty(sketch, async ([tasks, hosts, picky]) => {
        const fleet: HostSketch[] = hosts.map((h, i) => ({ ...h, denied: picky && i > 0 ? [0, 1] : [0, 0] }));
        const problem = problemOf(
          tasks.map(({ shape, ...rest }): TaskSketch => {
            const measured =
              "seconds" in shape && typeof shape.seconds === "object" ? { seconds: shape.seconds.slice(0, fleet.length) } : {};
            return { ...rest, ...shape, ...measured };
          }),
          fleet,
          2,
        );
        const best = bestMakespan(problem);
        const bound = await lowerBound(problem, dedicated);
        if (bound.seconds >= best - 1e-6) tight++;
        expect(bound.seconds).toBeLessThanOrEqual(best);
        expect((await lowerBound(problem, shared)).seconds).toBeGreaterThanOrEqual(bound.seconds - 2e-6);
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(tight).toBeGreaterThan(50);
  });
});
