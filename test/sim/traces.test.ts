// The simulated Nix against recorded runs of the real one: where builds went, and how long it all took. Fleet figures are
// the configuration's own medians (connect, hook start); everything else is the conduct as it ships. Many runs are
// decided by a few milliseconds at one ask, so a world is drawn per seed and what most worlds say is compared.
import { afterAll, describe, expect, it } from "vitest";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { run } from "../run.js";
import { type Configuration, configurations, median } from "./recorded.js";

const SEEDS = 40;

interface Verdict {
  readonly builds: number;
  /** Builds that every repetition placed on the same host. */
  readonly agreed: number;
  /** Share of them that most worlds place there too. */
  readonly modal: number;
  /** Share of (agreed build, world) placed there. */
  readonly share: number;
  /** Makespans, seconds: 5 %, median, 95 %. */
  readonly range: readonly [number, number, number];
  readonly real: readonly number[];
  readonly inside: number;
}

function replay({ version, problem, hook, runs }: Configuration): Verdict {
  const conduct = nixConduct(nixVersion(version)!);
  const worlds = Array.from({ length: SEEDS }, (_, i) =>
    run(problem, {
      policy: "nix",
      params: { version },
      conduct: { ...conduct, timing: { ...conduct.timing, hookSeconds: hook } },
      seed: i + 1,
    }),
  );
  const hostIn = (rows: Configuration["runs"][number]["rows"], name: string): string => rows.find((row) => row.node === name)!.host;
  const agreed = problem.graph.names.filter((name) => new Set(runs.map((one) => hostIn(one.rows, name))).size === 1);
  const hits = agreed.map((name) => worlds.filter((world) => world.row(name).host === hostIn(runs[0]!.rows, name)).length);
  const spans = worlds.map((world) => world.makespan).sort((a, b) => a - b);
  const range = [spans[Math.floor(SEEDS * 0.05)]!, median(spans), spans[Math.ceil(SEEDS * 0.95) - 1]!] as const;
  const real = runs.map((one) => one.makespan);
  return {
    builds: problem.graph.count,
    agreed: agreed.length,
    modal: hits.filter((count) => count > SEEDS / 2).length / agreed.length,
    share: hits.reduce((sum, count) => sum + count, 0) / SEEDS / agreed.length,
    range,
    real,
    inside: real.filter((span) => span >= range[0] && span <= range[2]).length,
  };
}

describe("simulated against recorded Nix", () => {
  const verdicts = new Map(configurations().map((configuration) => [configuration.name, replay(configuration)]));
  const all = [...verdicts.values()];

  it.each([...verdicts])("%s", (name, { modal, range, real }) => {
    // One ask that comes a few milliseconds before or after a slot is free turns all that follows: in 2.26.3 sf321_j0 both
    // repetitions fell on the same side of one by 1 and 8 ms; wide42 on -j0, under load, took 31 or 40 s in real life.
    expect(modal).toBeGreaterThanOrEqual(0.8);
    for (const span of real) {
      const slack = name.includes("wide42") ? 0.2 : 0.02;
      expect(span).toBeGreaterThan(range[0] * (1 - slack));
      expect(span).toBeLessThan(range[2] * (1 + slack));
    }
  });

  it("places at least 95 of 100 agreed builds where Nix did", () => {
    const agreed = all.reduce((sum, { agreed }) => sum + agreed, 0);
    expect(all.reduce((sum, verdict) => sum + verdict.modal * verdict.agreed, 0) / agreed).toBeGreaterThanOrEqual(0.95);
  });

  it("holds at least 80 of 100 real makespans between its 5 % and 95 %", () => {
    const runs = all.reduce((sum, { real }) => sum + real.length, 0);
    expect(all.reduce((sum, { inside }) => sum + inside, 0) / runs).toBeGreaterThanOrEqual(0.8);
  });

  it("misses no median by more than 3 %, wide42 on -j0 aside", () => {
    for (const [name, { range, real }] of verdicts) {
      if (!name.includes("wide42.book_j0")) expect(Math.abs(median(real) / range[1] - 1)).toBeLessThan(0.03);
    }
  });

  afterAll(() => {
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    console.table(
      Object.fromEntries(
        [...verdicts].map(([name, v]) => [
          name,
          {
            agreed: `${v.agreed} of ${v.builds}`,
            "most worlds": percent(v.modal),
            "all worlds": percent(v.share),
            "simulated 5 % … 95 %": v.range.map((s) => s.toFixed(2)).join(" … "),
            real: v.real.map((s) => s.toFixed(2)).join("  "),
            inside: `${v.inside} of ${v.real.length}`,
          },
        ]),
      ),
    );
  });
});
