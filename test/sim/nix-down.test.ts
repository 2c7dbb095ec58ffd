// Dead machines and failed builds, as Nix meets them: it learns only by asking, pays for every ask, and without --keep-going
// the first failure ends the run. Measured on 2.8.0, 2.26.3 and 2.34.8.
import { describe, expect, it } from "vitest";
import { nixRun, placed, type ReadVersion, sleeps, type Version, VERSIONS } from "./nix-fleet.js";

const FOREVER: readonly (readonly [number, number])[] = [[0, 1e9]];

const fleet = (connectTimeout: number) => [
  { name: "A", maxJobs: 3, outages: FOREVER, connectTimeout },
  { name: "R", maxJobs: 9 },
];

describe("a machine that is down from the start", () => {
  it("costs its connect timeout once per accepted build, serially, and everything goes to the next: 5 jobs, 24 to 30 s", () => {
    for (const version of VERSIONS) {
      const done = nixRun({ version, local: 0, tasks: sleeps(5, 1), builders: fleet(5) });
      expect(placed(done)).toBe("R R R R R");
      expect(done.makespan).toBeGreaterThan(5 * 5);
      expect(done.makespan).toBeLessThan(30);
      expect(done.rows).toHaveLength(5);
      const vain = done.trace.spans.filter((span) => span.kind === "dispatch" && span.host === 1);
      expect(vain.map(({ from, to }) => (to - from) / 1e6)).toEqual([5, 5, 5, 5, 5]);
    }
  });

  it("costs next to nothing where it is refused", () => {
    const done = nixRun({ version: "2.8", local: 0, tasks: sleeps(5, 1), builders: fleet(0.05) });
    expect(placed(done)).toBe("R R R R R");
    expect(done.makespan).toBeLessThan(4);
  });

  it("is asked once by a hook that accepts nothing: what nobody takes is built locally", () => {
    const done = nixRun({
      version: "2.8",
      local: 4,
      tasks: sleeps(4, 1),
      builders: [{ name: "A", maxJobs: 3, outages: FOREVER, connectTimeout: 5 }],
    });
    expect(placed(done)).toBe("L L L L");
    expect(done.makespan).toBeGreaterThan(6);
    expect(done.makespan).toBeLessThan(7);
  });

  it.each([
    ["2.8", 0],
    ["2.26", 0],
    ["2.32", 0],
    ["2.33", 0],
    ["2.34", 0],
  ] as const)("%s -j%i with nobody left: nothing is built, and from 2.33 on that is a failure", (version: Version | ReadVersion, local) => {
    const done = nixRun({
      version,
      local,
      tasks: sleeps(2, 1),
      builders: [{ name: "A", outages: FOREVER, connectTimeout: 1 }],
    });
    expect(done.rows).toHaveLength(0);
    expect(done.stalled).toBe(["2.33", "2.34"].includes(version) ? 0 : 2);
  });

  it("is used again once it is back, by the next hook", () => {
    const done = nixRun({
      version: "2.8",
      local: 0,
      tasks: sleeps(6, 9),
      builders: [
        { name: "A", maxJobs: 6, outages: [[0, 1]], connectTimeout: 0.05 },
        { name: "R", maxJobs: 6 },
      ],
    });
    expect(placed(done)).toMatch(/^R R R?.*A/);
  });
});

describe("a machine that dies under its builds", () => {
  const tasks = [...sleeps(3, 5), { name: "top", seconds: 1, needs: ["n01", "n02", "n03"] }, { name: "z", seconds: 1, needs: ["n03"] }];
  const builders = [
    { name: "A", maxJobs: 1, outages: [[3, 1e9]] as const, connectTimeout: 5 },
    { name: "R", maxJobs: 3 },
  ];

  it("takes the whole run with it: its build fails and is never retried, every other is killed", () => {
    for (const version of VERSIONS) {
      const done = nixRun({ version, local: 0, tasks, builders });
      expect(done.row("n01").host).toBe("A");
      expect(done.makespan).toBeCloseTo(3, 1);
      expect(done.rows.map(({ outcome }) => outcome).sort()).toEqual([2, 3, 3].sort());
      expect(done.stalled).toBe(0);
    }
  });

  it("with --keep-going the others finish, and what needs it fails", () => {
    const done = nixRun({ version: "2.8", local: 0, tasks, builders, keepGoing: true });
    expect(done.rows.map(({ task }) => task).sort()).toEqual(["n01", "n02", "n03", "z"]);
    expect(done.row("z").host).toBe("R");
  });
});
