import { describe, expect, it } from "vitest";
import type { Problem } from "#model/problem.js";
import { beliefOf, truthOf } from "#sim/truth.js";
import { problemOf } from "../problem.js";

const SYSTEMS = { "x86_64-linux": 1, "riscv64-linux": 12 };

/** Two hosts emulate riscv64: how slowly the first does is stated, the second takes a default with that spread. */
function emulating(cv: number): Problem {
  const base = problemOf({
    tasks: [
      { name: "a", work: 10, system: "riscv64-linux" },
      { name: "b", work: 10, system: "x86_64-linux" },
    ],
    hosts: [
      { name: "stated", systems: SYSTEMS },
      { name: "default", systems: SYSTEMS },
    ],
  });
  const { demand } = base;
  const slowdownCv = demand.slowdown.map((slowdown, cell) => (slowdown > 1 && cell % demand.hosts === 1 ? cv : 0));
  return { ...base, demand: { ...demand, slowdownCv } };
}

const slowdowns = ({ demand }: Problem) =>
  demand.systems.flatMap((system, c) =>
    [...demand.slowdown.subarray(c * demand.hosts, (c + 1) * demand.hosts)].map((k) => ({ system, k })),
  );
const emulated = (problem: Problem) =>
  slowdowns(problem)
    .filter(({ system }) => system === "riscv64-linux")
    .map(({ k }) => k);
const SEEDS = Array.from({ length: 401 }, (_, seed) => seed + 1);

describe("slowdowns of the truth", () => {
  it("are drawn where the fleet does not state them, around the default, by seed and host", () => {
    const base = emulating(0.74);
    const worlds = SEEDS.map((seed) => emulated(truthOf(base, seed)));
    expect(new Set(worlds.map(([stated]) => stated))).toEqual(new Set([12]));
    const drawn = worlds.map(([, k]) => k!).sort((a, b) => a - b);
    expect(new Set(drawn).size).toBeGreaterThan(390);
    expect(drawn[200]! / 12).toBeGreaterThan(0.85);
    expect(drawn[200]! / 12).toBeLessThan(1.15);
    // σ of a CV of 0.74 is 0.66: 5 and 95 % lie at e^±1.09.
    expect(drawn[20]! / 12).toBeCloseTo(0.336, 1);
    expect(drawn[380]! / 12).toBeGreaterThan(2.3);
    expect(drawn[380]! / 12).toBeLessThan(3.9);
    expect(emulated(truthOf(base, 7))).toEqual(emulated(truthOf(base, 7)));
    expect(
      slowdowns(truthOf(base, 7))
        .filter(({ system }) => system === "x86_64-linux")
        .map(({ k }) => k),
    ).toEqual([1, 1]);
  });

  it("never speed anything up", () => {
    const base = emulating(5);
    for (const seed of SEEDS) for (const k of emulated(truthOf(base, seed))) expect(k).toBeGreaterThanOrEqual(1);
  });

  it("are known to a policy by their median, whatever it knows of durations, unless everything is exact", () => {
    const base = emulating(0.74);
    const truth = truthOf(base, 3);
    for (const estimates of [{ kind: "default" }, { kind: "mean" }, { kind: "blind" }, { kind: "noisy", cv: 0.3 }] as const)
      expect(emulated(beliefOf(base, truth, estimates, 3)), estimates.kind).toEqual([12, 12]);
    expect(emulated(beliefOf(base, truth, { kind: "exact" }, 3))).toEqual(emulated(truth));
  });

  it("are nobody's affair where all are stated", () => {
    const base = { ...emulating(0), demand: { ...emulating(0).demand, slowdownCv: null } };
    expect(truthOf(base, 1)).toBe(base);
  });
});
