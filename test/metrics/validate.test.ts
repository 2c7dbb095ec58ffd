import { describe, expect, it } from "vitest";
import { BUILT, FAILED, Trace } from "#dispatch/trace.js";
import { validation } from "#metrics/validate.js";
import { validationSummary } from "#metrics/validate-summary.js";
import type { Validation } from "#metrics/validation.js";
import { problemOf } from "./problem.js";

/** Two builds in a row on a coordinator (host 0) and two builders. */
const problem = problemOf([{ name: "a" }, { name: "b", needs: [0] }], [{ name: "ai" }, { name: "ruby" }, { name: "kana" }]);

interface Attempt {
  readonly host: number;
  readonly failed?: boolean;
  /** Seconds: asked, accepted, started, built, returned, noticed; null = not seen. */
  readonly at: readonly (number | null)[];
}

const SEEN = ["asked", "accepted", "started", "built", "returned", "noticed"] as const;

/** Attempts by task. */
function traceOf(tasks: readonly (readonly Attempt[])[]): Trace {
  const trace = new Trace(4);
  for (const [task, attempts] of tasks.entries()) {
    for (const [i, { host, at, failed = false }] of attempts.entries()) {
      const row = trace.open(task, i + 1, host, 0, 1, Number.NaN, at[0]! * 1e6);
      for (const [k, stage] of SEEN.entries()) trace[stage][row] = at[k] === null ? Number.NaN : at[k]! * 1e6;
      trace.outcome[row] = failed ? FAILED : BUILT;
    }
  }
  return trace;
}

/** Both builds on `hosts`, the first asked at `zero`, each stage a second after the one before, `b` delayed by `late`. */
function run(hosts: readonly [number, number], zero = 0, late = 0): Trace {
  const after = (start: number): number[] => SEEN.map((_, k) => start + k);
  return traceOf([[{ host: hosts[0], at: after(zero) }], [{ host: hosts[1], at: after(zero + 5 + late) }]]);
}

function held(
  recorded: readonly Trace[],
  simulated: readonly Trace[],
  retold: readonly (Trace | null)[] = recorded.map(() => null),
): Validation {
  return validation({
    name: "x",
    graph: "g",
    policy: "nix",
    digest: "0",
    heldOut: false,
    problem,
    recorded: recorded.map((trace, i) => ({ name: `r${i + 1}`, trace })),
    simulated,
    retold,
  });
}

describe("validation", () => {
  it("finds no error where the world is the recording, whatever the clock of the recording began with", () => {
    const found = held([run([1, 2], 100)], [run([1, 2], 0.5)]);
    expect(found.runs).toEqual([{ name: "r1", makespan: 10.5, error: 0, inside: true, score: 0 }]);
    expect(found.placement).toEqual({ agreed: 2, same: 2, atBest: 2, worlds: 1, split: 0, probability: null, likely: 0 });
    expect(found.start).toEqual({ p50: 0, p90: 0 });
    expect(found.noise).toBeNull();
    expect(found.stages.map(({ stage, real, error }) => [stage, real, error.p90])).toEqual([
      ["ask", 1, 0],
      ["upload + start", 1, 0],
      ["build", 1, 0],
      ["return", 1, 0],
      ["notice", 1, 0],
      ["return + notice", 2, 0],
    ]);
  });

  it("measures makespans by hand: five worlds end at 10 … 14 s, real runs at 12 and 20 s", () => {
    const worlds = [0, 1, 2, 3, 4].map((late) => run([1, 2], 0, late));
    const found = held([run([1, 2], 0, 2), run([1, 2], 0, 10)], worlds);
    expect(found.simulated).toEqual({ p5: 10, p50: 12, p95: 14 });
    expect(found.width).toBeCloseTo(4 / 12, 12);
    expect(found.runs[0]).toMatchObject({ makespan: 12, error: 0, inside: true });
    expect(found.runs[1]).toMatchObject({ makespan: 20, error: -0.4, inside: false });
    // Width, and 2 ÷ 0.1 times what is missed by.
    expect(found.runs[0]!.score).toBeCloseTo(4, 12);
    expect(found.runs[1]!.score).toBeCloseTo(4 + 20 * 6, 9);
    // Range 8 of median 16; each run against the other: 20 ÷ 12 and 12 ÷ 20.
    expect(found.noise!.range).toBeCloseTo(8 / 16, 12);
    expect(found.noise!.leaveOneOut).toBeCloseTo((2 / 3 + 0.4) / 2, 12);
    // Starts of b: 2, 10 s late of a median of 2; starts of a: always right.
    expect(found.start!.p50).toBe(0);
    expect(found.start!.p90).toBeCloseTo(0.7 * 8, 12);
  });

  it("counts hosts: agreed builds by the most frequent host, the others by the probability of the real one", () => {
    const worlds = [run([1, 1]), run([1, 1]), run([2, 1]), run([1, 2])];
    const found = held([run([1, 2]), run([1, 1])], worlds);
    expect(found.placement).toEqual({
      agreed: 1,
      same: 1,
      atBest: expect.closeTo(0.9, 12),
      worlds: 0.75,
      split: 2,
      probability: 0.5,
      likely: 2,
    });
    expect(found.builds.map(({ task, host, hosts, probability }) => [task, host, hosts, probability])).toEqual([
      ["a#0", "ruby", ["ruby", "ruby"], [0.75, 0.75]],
      ["b#1", "ruby", ["kana", "ruby"], [0.25, 0.75]],
    ]);
    const missed = held([run([0, 2]), run([0, 1])], worlds);
    expect(missed.placement).toMatchObject({ agreed: 1, same: 0, worlds: 0 });
  });

  it("calls a host that fewer than 5 % of the worlds chose unforeseen", () => {
    const worlds = Array.from({ length: 40 }, (_, i) => run([1, i === 0 ? 2 : 1]));
    expect(held([run([1, 2]), run([1, 1])], worlds).placement).toMatchObject({ split: 2, likely: 1 });
  });

  it("takes the attempt that built, and leaves out what a recording does not show", () => {
    const again = traceOf([
      [
        { host: 1, failed: true, at: [0, 1, 2, 3, 4, 5] },
        { host: 2, at: [6, 7, null, 9, null, null] },
      ],
    ]);
    const found = held([again], [run([2, 1])]);
    expect(found.builds[0]).toMatchObject({ hosts: ["kana"], realStart: [null], realEnd: [9] });
    expect(found.builds[1]).toMatchObject({ hosts: [null], probability: [null], host: "ruby" });
    // The end of a run is told by the last stage that the recording shows.
    expect(found.runs[0]!.makespan).toBe(9);
    expect(found.simulated.p50).toBe(8);
    expect(found.stages.map(({ stage }) => stage)).toEqual(["ask"]);
  });

  it("does not hold waits against each other where several clients asked", () => {
    const ready = (trace: Trace): Trace => {
      for (let row = 0; row < trace.rows; row++) trace.ready[row] = trace.asked[row]! - 0.5e6;
      return trace;
    };
    const waits = (trace: Trace) => held([trace], [ready(run([1, 2]))]).stages.filter(({ stage }) => stage === "wait");
    const real = ready(run([1, 2]));
    expect(waits(real)).toMatchObject([{ builds: 2, real: 0.5, simulated: 0.5 }]);
    real.clients = ["one", "other"];
    expect(waits(real)).toEqual([]);
  });

  it("compares the order of asks before the first end, where most worlds agree", () => {
    const asks = (...tasks: readonly [task: number, at: number, host: number][]): Trace => {
      const trace = new Trace(4);
      for (const [task, at, host] of tasks) {
        const row = trace.open(task, 1, host, 0, 1, Number.NaN, at * 1e6);
        trace.noticed[row] = (at + 10) * 1e6;
        trace.outcome[row] = BUILT;
      }
      return trace;
    };
    const ab = asks([0, 0, 1], [1, 1, 2]);
    const ba = asks([1, 0, 1], [0, 1, 2]);
    expect(held([ab], [ab, ab, ba]).firstWave).toEqual({ runs: 1, same: 1, asks: 2 });
    expect(held([ab, ba], [ba, ba, ab]).firstWave).toEqual({ runs: 2, same: 1, asks: 4 });
    // What is asked after the first end, or built here, does not count; nor how many asks fit before it.
    expect(held([asks([0, 0, 1], [1, 11, 2])], [ab, ab]).firstWave).toEqual({ runs: 1, same: 1, asks: 1 });
    expect(held([asks([0, 0, 1], [1, 1, 0])], [ba]).firstWave).toEqual({ runs: 1, same: 0, asks: 1 });
    const unseen = traceOf([[{ host: 1, at: [null, null, 2, 3, 4, 5] }]]);
    expect(held([unseen], [ab]).firstWave).toBeNull();
    expect(validationSummary([held([ab], [ab]), held([ba], [ab]), held([unseen], [ab])]).firstWave).toEqual({ runs: 2, same: 1, asks: 4 });
  });

  it("tells the end of a run that shows no instants by its header", () => {
    const blind = traceOf([
      [{ host: 1, at: [null, null, null, null, null, null] }],
      [{ host: 2, at: [null, null, null, null, null, null] }],
    ]);
    blind.makespan = 11e6;
    const found = held([blind], [{ ...run([1, 2]), makespan: 10e6 } as Trace]);
    expect(found.runs[0]).toMatchObject({ makespan: 11, error: 10 / 11 - 1 });
    expect(found.placement).toMatchObject({ agreed: 2, same: 2 });
    expect(found.stages).toEqual([]);
  });

  it("holds a run told again against it by the end that it shows, not by a header that goes on", () => {
    const real = { ...run([1, 2]), makespan: 90e6 } as Trace;
    const again = { ...run([1, 1], 0, 1), makespan: 11e6 } as Trace;
    // The last end is noticed after 10 s, told again after 11.
    expect(held([real], [run([1, 2])], [again]).rules).toEqual({ builds: 2, same: 1, errors: [expect.closeTo(0.1, 12)] });
  });

  it("knows no noise of starts where no start is seen", () => {
    const unseen = traceOf([[{ host: 1, at: [0, 1, null, 3, 4, 5] }]]);
    const found = held([unseen, unseen], [run([1, 2])]);
    expect(found.noise).toMatchObject({ range: 0, start: null });
    expect(validationSummary([found]).startNoise).toBeNull();
  });

  it("takes the makespan from the header where one build's end was not noticed, never from a start", () => {
    const half = { ...run([1, 2]), makespan: 9e6 } as Trace;
    half.noticed[0] = half.returned[0] = half.built[0] = Number.NaN;
    expect(held([half], [{ ...run([1, 2]), makespan: 9e6 } as Trace]).runs[0]).toMatchObject({ makespan: 9, error: 0 });
  });

  it("sums up configurations: errors by run, intervals by configuration, hosts by build", () => {
    const worlds = [0, 1, 2, 3, 4].map((late) => run([1, 2], 0, late));
    const summary = validationSummary([held([run([1, 2], 0, 2), run([1, 2], 0, 10)], worlds), held([run([1, 1])], [run([1, 2])])]);
    expect(summary).toMatchObject({ configurations: 2, runs: 3, error: { p50: 0, worst: 0.4 }, inside: 2 });
    expect(summary.placement).toMatchObject({ agreed: 4, same: 3, worlds: 0.75, split: 0 });
    expect(summary.width).toBeCloseTo(1 / 6, 12);
    // Stages: builds of both, medians of the two medians.
    expect(summary.stages.find(({ stage }) => stage === "build")).toMatchObject({ builds: 6, real: 1, simulated: 1 });
  });

  it("orders pairs of configurations of one graph, where they really differ by more than their repetitions", () => {
    const one = (late: number, simulated: number, graph = "g") => ({
      ...held([run([1, 2], 0, late), run([1, 2], 0, late + 1)], [run([1, 2], 0, simulated)]),
      graph,
    });
    // Real medians 10.5, 11, 14.5 s, each with a range of 1 s: the first two cannot be told apart.
    const all = [one(0, 5), one(0.5, 0), one(4, 3)];
    expect(validationSummary(all).order).toEqual({ pairs: 2, same: 1 });
    expect(validationSummary([one(0, 5), one(4, 3, "another")]).order).toEqual({ pairs: 0, same: 0 });
    // Of one run nobody knows how far the next would be.
    const once = { ...held([run([1, 2], 0, 20)], [run([1, 2])]), graph: "g" };
    expect(validationSummary([...all, once]).order).toEqual({ pairs: 2, same: 1 });
  });
});
