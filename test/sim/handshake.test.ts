// A connect over a link that copies fill: it loses the share of their time that the link says, also of copies that begin after it.
import { describe, expect, it } from "vitest";
import { CONDUCTS } from "#dispatch/conducts.js";
import { type HostSketch, problemOf } from "../problem.js";
import { conductOf, run } from "../run.js";
import { nixRun } from "./nix-fleet.js";

/** c is asked for as soon as b has ended, at about 1.9 s; a's 3 MB come back at 1 MB/s from its own end on. */
function builds(seconds: number, builder: Partial<HostSketch>) {
  const { row } = nixRun({
    version: "2.8",
    local: 0,
    connect: 0.4,
    tasks: [
      { name: "a", seconds, cpu: 0, output: 3_000_000 },
      { name: "b", seconds: 1.05, cpu: 0 },
      { name: "c", needs: ["b"], seconds: 1, cpu: 0 },
    ],
    builders: [{ name: "A", maxJobs: 3, up: 1e6, down: 1e6, ...builder }],
  });
  const [a, c] = [row("a"), row("c")];
  return { a, c, connect: c.accepted - c.asked };
}

describe("a connect beside a copy", () => {
  it("takes longer by the share that it loses", () => {
    const stuck = builds(1, { queueing: 0.5 }).connect;
    expect(stuck / builds(1, {}).connect).toBeCloseTo(2, 1);
  });

  it("loses nothing on a link that has no such queue, or that is idle", () => {
    expect(builds(1, { queueing: 0.5, up: 1e12 }).connect).toBeCloseTo(builds(1, { up: 1e12 }).connect, 6);
  });

  it("is overtaken by a copy that begins after it", () => {
    const later = (queueing: number): number => {
      const { a, c, connect } = builds(1.55, { queueing });
      expect(a.built).toBeGreaterThan(c.asked);
      expect(a.built).toBeLessThan(c.accepted);
      return connect;
    };
    expect(later(0.5)).toBeGreaterThan(1.2 * later(0));
    expect(later(0.5)).toBeLessThan(2 * later(0));
  });
});

describe("connections that are kept", () => {
  it("are opened by the first ask to a host, and again after it was lost", () => {
    const { timing, ...conduct } = conductOf("nix[2.8] poll 5", CONDUCTS.ideal);
    const kept = {
      ...timing,
      connect: "kept",
      acceptSeconds: 0.05,
      connectCv: 0,
      loadCv: 0,
      configurationCv: 0,
      siteCv: 0,
      wanderCv: 0,
    } as const;
    /** Two builds, one on the coordinator while no builder has any, and another. */
    const asks = (outages: readonly (readonly [number, number])[]): number[] => {
      const tasks = [
        { name: "a", seconds: 1, cpu: 0 },
        { name: "b", seconds: 1, cpu: 0 },
        { name: "c", seconds: 3, cpu: 0, preferLocal: true, needs: ["a", "b"] },
        { name: "d", seconds: 1, cpu: 0, needs: ["c"] },
      ];
      const hosts = [
        { name: "L", maxJobs: 1 },
        { name: "A", maxJobs: 4, connect: 0.4, outages },
      ];
      const problem = problemOf({ tasks, hosts });
      const { row } = run(problem, { policy: "nix", params: { version: "2.8" }, conduct: { ...conduct, timing: kept } });
      return ["a", "b", "d"].map((name) => Math.round((row(name).accepted - row(name).asked) * 100) / 100);
    };
    expect(asks([])).toEqual([0.45, 0.05, 0.05]);
    expect(asks([[3, 3.1]])).toEqual([0.45, 0.05, 0.45]);
  });
});
