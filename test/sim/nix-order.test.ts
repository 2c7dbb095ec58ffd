// In which order Nix asks, and who overtakes whom.
import { describe, expect, it } from "vitest";
import { nixRun, placed, SHELL, sleeps, started, VERSIONS } from "./nix-fleet.js";

const BFS = [
  { name: "top", seconds: 1, needs: ["aa-mid", "mm", "zz"] },
  { name: "aa-mid", seconds: 1, needs: ["aaa", "aab"] },
  { name: "mm", seconds: 1 },
  { name: "zz", seconds: 1 },
  { name: "aaa", seconds: 1 },
  { name: "aab", seconds: 1 },
];

describe("the order of asks", () => {
  it("is breadth first from the root, then by name (E19)", () => {
    for (const version of VERSIONS) {
      const done = nixRun({ version, local: 0, tasks: BFS, builders: [{ name: "A", maxJobs: 9 }] });
      expect(done.rows.map((row) => row.task)).toEqual(["mm", "zz", "aaa", "aab", "aa-mid", "top"]);
    }
  });

  it("with one local slot and no machine: mm first, then the waiters by name (E19)", () => {
    expect(started(nixRun({ version: "2.8", local: 1, tasks: BFS, builders: [] }))).toEqual(["mm", "aaa", "aab", "zz", "aa-mid", "top"]);
  });

  it("is by bytes: 10x, 2x, Beta, _u, apple", () => {
    const tasks = ["apple", "_u", "Beta", "2x", "10x"].map((name) => ({ name, seconds: 9 }));
    const done = nixRun({ version: "2.8", local: 0, tasks, builders: [{ name: "A", maxJobs: 9 }] });
    expect(done.rows.map((row) => row.task)).toEqual(["10x", "2x", "Beta", "_u", "apple"]);
  });

  it("is by the name of the .drv file: gcc-lib comes before gcc, and gcc.x behind it", () => {
    const tasks = ["gcc", "gcc.x", "gcc-lib", "gcc+", "gcc1", "gcc.a"].map((name) => ({ name, seconds: 9 }));
    const done = nixRun({ version: "2.8", local: 0, tasks, builders: [{ name: "A", maxJobs: 9 }] });
    expect(done.rows.map((row) => row.task)).toEqual(["gcc+", "gcc-lib", "gcc.a", "gcc", "gcc.x", "gcc1"]);
  });

  it("lets what has just become ready overtake what waits for the tick (E15)", () => {
    for (const version of VERSIONS) {
      const done = nixRun({
        version,
        local: 0,
        connect: 0.1,
        tasks: [
          { name: "a1", seconds: 1 + SHELL },
          { name: "z-child", seconds: 1 + SHELL, needs: ["a1"] },
          { name: "b1", seconds: 1 + SHELL },
          { name: "c1", seconds: 1 + SHELL },
        ],
        builders: [{ name: "A", maxJobs: 1 }],
      });
      expect(started(done)).toEqual(["b1", "a1", "z-child", "c1"]);
      expect(done.row("z-child").started).toBeCloseTo(6.4, 0);
      expect(done.row("c1").started).toBeCloseTo(10.5, 0);
    }
  });
});

describe("a serial client", () => {
  it("starts one build after the other: hook and connect each time", () => {
    const done = nixRun({ version: "2.8", local: 0, tasks: sleeps(7, 60), builders: [{ name: "A", maxJobs: 7 }] });
    const gaps = done.rows.slice(1).map((row, i) => row.accepted - done.rows[i]!.accepted);
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeCloseTo(0.29, 1);
    for (const [i, row] of done.rows.slice(1).entries()) expect(row.asked).toBeGreaterThanOrEqual(done.rows[i]!.accepted + 0.01);
  });

  it("does not notice an end while it connects", () => {
    const tasks = [{ name: "a", seconds: 0.1 }, ...sleeps(6, 60)];
    const done = nixRun({ version: "2.8", local: 0, tasks, builders: [{ name: "A", maxJobs: 7 }] });
    const last = done.rows.at(-1)!;
    expect(done.row("a").returned).toBeLessThan(0.6);
    expect(done.row("a").slotFreed).toBe(done.row("a").returned);
    expect(done.row("a").noticed).toBe(last.accepted);
  });

  it("gives a slot that was freed meanwhile to the next in the wave", () => {
    const tasks = [{ name: "a", seconds: 0.1 }, ...sleeps(3, 60)];
    const done = nixRun({ version: "2.8", local: 0, tasks, builders: [{ name: "A", maxJobs: 3 }] });
    expect(placed(done)).toBe("A A A A");
    expect(done.row("n03").asked).toBeLessThan(1.5);
  });
});
