import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stream } from "#base/random.js";
import { hostUses } from "#metrics/host-use.js";
import { ladderOf } from "#metrics/ladder.js";
import { type Contender, rank } from "#metrics/rank.js";
import type { RunResult } from "#metrics/result.js";
import { runResult } from "#metrics/summary.js";
import { drawnTrace } from "./drawn-trace.js";
import { problemOf } from "./problem.js";

const problem = problemOf(
  Array.from({ length: 30 }, (_, t) => ({ name: `p${t}`, needs: t > 4 ? [t - 5] : [] })),
  [{ name: "ai", maxJobs: 2 }, { name: "kana" }],
);
const bound = { seconds: 2, kind: "path", path: 2, area: 1, headTail: 1 } as const;

function run(policy: string, seed: number, makespan?: number): RunResult {
  const trace = drawnTrace(problem, seed);
  const own = makespan ?? trace.makespan / 1e6;
  const result = runResult({
    policy,
    fleet: "book",
    seed,
    trace,
    problem,
    ladder: ladderOf({ own, ideal: own - 1, exact: own - 2, free: own - 5 }, bound),
  });
  return { ...result, makespan: own };
}

function contender(policy: string, times: readonly number[]): Contender {
  return {
    policy,
    fleet: "book",
    conduct: policy,
    conductMeasured: policy === "nix",
    runs: times.map((time, seed) => run(policy, seed, time)),
  };
}

describe("a run's result", () => {
  it("says what was built, where the time went, and has the digest of its trace", () => {
    const result = run("nix", 3);
    expect(result).toMatchObject({ built: 30, failed: 0, policy: "nix", seed: 3 });
    expect(result.digest).toBe(run("list", 3).digest);
    expect(result.digest).not.toBe(run("nix", 4).digest);
    for (const host of result.hosts) {
      const parts = [...Object.values(host.busy), ...Object.values(host.idle)].reduce((a, b) => a + b, 0);
      expect(parts).toBeCloseTo(host.slots * result.makespan, 5);
    }
    expect(result.hosts.reduce((sum, { builds }) => sum + builds, 0)).toBe(30);
  });

  it("names what its hosts waited for, longest first", () => {
    const idle = problemOf([{ name: "big" }, { name: "small", needs: [0] }], [{ maxJobs: 1 }, {}]);
    const trace = drawnTrace(idle, 1);
    const [first, second] = hostUses(trace, idle);
    const waiting = first!.idle.waiting + second!.idle.waiting;
    expect(waiting).toBeGreaterThan(0);
    expect([...first!.waitedFor, ...second!.waitedFor].map(({ task }) => task)).toContain("big");
  });
});

describe("the ladder", () => {
  it("adds up to the makespan in whole microseconds", () => {
    const micros = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(micros, micros, micros, micros, micros, (own, ideal, exact, free, low) => {
        const ladder = ladderOf(
          { own: own / 1e6, ideal: ideal / 1e6, exact: exact / 1e6, free: free / 1e6 },
          { ...bound, seconds: low / 1e6 },
        );
        const sum = Object.values(ladder).reduce((total, rung) => total + Math.round(rung * 1e6), 0);
        expect(sum).toBe(own);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe("the ranking", () => {
  const random = () => stream(1, "rank");
  const worlds = [100, 140, 90, 200, 160, 120, 110, 130, 95, 150];

  it("puts the best mean first and holds all against the baseline", () => {
    const { ranking, verdict } = rank(
      [
        contender("nix[version=2.34]", worlds),
        contender(
          "heft",
          worlds.map((t) => t * 0.7),
        ),
        contender(
          "random",
          worlds.map((t) => t * 2),
        ),
      ],
      "nix",
      random(),
    );
    expect(ranking.map(({ policy }) => policy)).toEqual(["heft", "nix[version=2.34]", "random"]);
    expect(ranking[0]!.ratio!.mean).toBeCloseTo(0.7, 9);
    expect(ranking[1]!.ratio).toBeNull();
    expect(ranking[0]!.worldsWon).toBe(1);
    expect(ranking[0]!.probabilityBest).toBe(1);
    expect(verdict).toMatchObject({ winner: "heft", runnerUp: "nix[version=2.34]", insideNoise: false });
    expect(verdict.sentences[0]).toBe("heft finishes first, after 1 min 30.7 s: 30 % sooner than nix.");
    const { ladder, makespan } = ranking[0]!;
    expect(ladder.bound + ladder.order + ladder.transfers + ladder.estimates + ladder.conduct).toBeCloseTo(makespan.mean, 6);
  });

  it("calls a coin flip noise", () => {
    const { verdict, ranking } = rank(
      [
        contender("nix", worlds),
        contender(
          "list",
          worlds.map((t, k) => t * (k % 2 === 0 ? 0.97 : 1.03)),
        ),
      ],
      "nix",
      random(),
    );
    expect(verdict.insideNoise).toBe(true);
    expect(verdict.sentences[1]).toMatch(/^Against the next, (nix|list), it is inside the noise: 0\.045 % (sooner|later) /);
    expect(ranking.find(({ policy }) => policy === "list")!.ratio!.insideNoise).toBe(true);
    expect(verdict.sentences.join(" ")).toContain("inside the noise");
  });

  it("gives no interval when all worlds are alike", () => {
    const { verdict, ranking } = rank([contender("nix", [5, 5, 5]), contender("list", [4, 4, 4])], "nix", random());
    expect(ranking[0]).toMatchObject({ policy: "list", interval: null, ratio: { mean: 0.8, interval: null, insideNoise: false } });
    expect(verdict.sentences).toContain("One world, no interval: other worlds may differ.");
  });

  it("orders equal means by name and says that they tie", () => {
    const { verdict, ranking } = rank([contender("b", [5]), contender("a", [5])], "nix", random());
    expect(ranking.map(({ policy, worldsWon }) => [policy, worldsWon])).toEqual([
      ["a", 0.5],
      ["b", 0.5],
    ]);
    expect(verdict).toMatchObject({ winner: "a", insideNoise: true });
    expect(verdict.sentences[1]).toBe("b takes as long.");
  });

  it("holds each against the baseline on its own fleet", () => {
    const elsewhere = (policy: string, factor: number): Contender => ({
      ...contender(
        policy,
        worlds.map((t) => t * factor),
      ),
      fleet: "new",
    });
    const { ranking } = rank(
      [
        contender("nix", worlds),
        contender(
          "heft",
          worlds.map((t) => t * 0.8),
        ),
        elsewhere("nix", 0.5),
        elsewhere("heft", 0.45),
      ],
      "nix",
      random(),
    );
    expect(ranking.map(({ policy, fleet, ratio }) => [policy, fleet, ratio === null ? null : Number(ratio.mean.toFixed(6))])).toEqual([
      ["heft", "new", 0.9],
      ["nix", "new", null],
      ["heft", "book", 0.8],
      ["nix", "book", null],
    ]);
  });
});
