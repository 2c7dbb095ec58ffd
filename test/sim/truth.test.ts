import { describe, expect, it } from "vitest";
import type { Problem } from "#model/problem.js";
import { siteFactor } from "#sim/host-truth.js";
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

describe("calibrated figures of hosts in the truth", () => {
  const base = (() => {
    const on = { on: "box", connect: 0.2, connectCpu: 0.1, copyUp: 8e6, copyDown: 2e7 };
    const own = { name: "apart", connect: 0.3, connectCpu: 0.05, up: 4e6, latency: 0.01 };
    const hosts = [{ name: "L" }, { name: "A", ...on }, { name: "B", ...on }, own];
    return problemOf({ tasks: [{ name: "a", work: 1 }], hosts, machines: { box: 4 } });
  })();
  const cv = (...values: number[]) => Float64Array.from(values);
  const known = { speed: cv(0, 0, 0, 0), down: cv(0, 0, 0, 0), latency: cv(0, 0, 0, 0), connect: cv(0, 0, 0, 0) };
  const uncertain = {
    ...known,
    up: cv(0, 0, 0, 0.2),
    connectCpu: cv(0, 0.3, 0.3, 0),
    copyUp: cv(0, 0.1, 0.1, 0),
    copyDown: cv(0, 0.4, 0.4, 0),
  };
  const worlds = SEEDS.map((seed) => truthOf({ ...base, hosts: { ...base.hosts, uncertain } }, seed).hosts);

  it("are drawn once per world around what was found, as far as their intervals reach", () => {
    for (const [cvs, found, of] of [
      [0.2, 4e6, (hosts: (typeof worlds)[number]) => hosts.up[3]!],
      [0.1, 8e6, (hosts: (typeof worlds)[number]) => hosts.machines!.copyUp[1]!],
      [0.4, 2e7, (hosts: (typeof worlds)[number]) => hosts.machines!.copyDown[1]!],
    ] as const) {
      const drawn = worlds.map(of).sort((a, b) => a - b);
      const sigma = Math.sqrt(Math.log(1 + cvs ** 2));
      // Three standard errors of a median, and of a deviation by the range of the middle 90 %.
      expect(Math.abs(Math.log(drawn[200]! / found))).toBeLessThan((3 * 1.2533 * sigma) / Math.sqrt(401));
      expect(Math.abs(Math.log(drawn[380]! / drawn[20]!) / 3.29 / sigma - 1)).toBeLessThan((3 * 0.884) / Math.sqrt(401));
    }
    expect(new Set(worlds.map(({ latency }) => latency[3]))).toEqual(new Set([0.01]));
  });

  it("are one for the hosts of a machine, and of a connect the parts alone", () => {
    for (const { connect, connectCpu, machines } of worlds) {
      expect(machines!.copyUp[1]).toBe(machines!.copyUp[2]);
      expect(connectCpu[1]).toBe(connectCpu[2]);
      expect(connect[1]! + connectCpu[1]!).toBeCloseTo(0.3, 9);
      expect(connect[1]).toBeGreaterThanOrEqual(0);
      expect([connect[3], connectCpu[3]]).toEqual([0.3, 0.05]);
    }
    expect(new Set(worlds.map(({ connectCpu }) => connectCpu[1])).size).toBeGreaterThan(390);
  });

  it("a connect that nobody measured is drawn for all hosts that lack it at once", () => {
    const assumed = { ...uncertain, connectCpu: cv(0, 0, 0, 0), connect: cv(0, 0.4, 0, 0.4) };
    const drawn = SEEDS.map((seed) => truthOf({ ...base, hosts: { ...base.hosts, uncertain: assumed } }, seed).hosts.connect);
    for (const [i, connect] of drawn.entries()) {
      expect(connect[2]).toBeCloseTo(0.2, 12);
      expect(connect[1]! / 0.2).toBeCloseTo(connect[3]! / 0.3, 9);
      expect(connect[1]! / 0.2).toBeCloseTo(siteFactor(SEEDS[i]!, 0.4), 9);
    }
    const factors = SEEDS.map((seed) => Math.log(siteFactor(seed, 0.4))).sort((a, b) => a - b);
    expect(Math.abs(factors[200]!)).toBeLessThan((3 * 1.2533 * 0.385) / Math.sqrt(401));
  });

  it("are not known to any policy, nor drawn where nobody says how well they are known", () => {
    const doubted = { ...base, hosts: { ...base.hosts, uncertain } };
    for (const kind of ["default", "mean", "blind"] as const)
      expect([...beliefOf(doubted, truthOf(doubted, 7), { kind }, 7).hosts.up]).toEqual([...base.hosts.up]);
    expect(truthOf(base, 7)).toBe(base);
  });
});
