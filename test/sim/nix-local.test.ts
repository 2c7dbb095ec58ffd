// When Nix builds on the coordinator: after all machines, or never anywhere else.
import { describe, expect, it } from "vitest";
import { nixRun, placed, sleeps, VERSIONS, type Version } from "./nix-fleet.js";

describe("the coordinator's slots", () => {
  it("are used only when no machine has room, however idle and fast they are", () => {
    for (const version of VERSIONS) {
      expect(placed(nixRun({ version, local: 4, tasks: sleeps(3, 9), builders: [{ name: "A", maxJobs: 3 }] }))).toBe("A A A");
      expect(placed(nixRun({ version, local: 4, tasks: sleeps(5, 9), builders: [{ name: "A", maxJobs: 3 }] }))).toBe("A A A L L");
    }
  });

  it("take no foreign system", () => {
    const tasks = sleeps(3, 9).map((task) => ({ ...task, system: "riscv64-linux" }));
    const builders = [{ name: "A", maxJobs: 1, systems: { "riscv64-linux": 1 } }];
    for (const version of VERSIONS) expect(placed(nixRun({ version, local: 4, tasks, builders }))).toBe("A A A");
  });
});

describe("preferLocalBuild", () => {
  const tasks = sleeps(3, 2).map((task) => ({ ...task, preferLocal: true }));

  it("stays local with -j1, one after the other, while machines idle", () => {
    for (const version of VERSIONS) {
      const done = nixRun({ version, local: 1, tasks, builders: [{ name: "A", maxJobs: 3 }] });
      expect(placed(done)).toBe("L L L");
      expect(done.makespan).toBeGreaterThan(6);
      expect(done.makespan).toBeLessThan(6.3);
    }
  });

  it("goes to a machine with -j0", () => {
    for (const version of VERSIONS)
      expect(placed(nixRun({ version, local: 0, tasks, builders: [{ name: "A", maxJobs: 3 }] }))).toBe("A A A");
  });

  it("goes to a machine when its system is foreign", () => {
    const foreign = tasks.map((task) => ({ ...task, system: "aarch64-linux" }));
    const builders = [{ name: "A", maxJobs: 3, systems: { "aarch64-linux": 1 } }];
    for (const version of VERSIONS) expect(placed(nixRun({ version, local: 4, tasks: foreign, builders }))).toBe("A A A");
  });
});

describe("2.34 asks later than 2.26", () => {
  /** One remote and one local slot, taken by `first` and `m`; `a2` and `z2` lie one level deeper. */
  const deeper = (version: Version) =>
    nixRun({
      version,
      local: 1,
      tasks: [
        { name: "top", seconds: 1, needs: ["first", "m", "mid"] },
        { name: "mid", seconds: 1, needs: ["a2", "z2"] },
        { name: "first", seconds: 60 },
        { name: "m", seconds: 1 },
        { name: "a2", seconds: 1 },
        { name: "z2", seconds: 1 },
      ],
      builders: [{ name: "A", maxJobs: 1 }],
    });

  it("so in 2.8 and 2.26 a deeper leaf still sees a free local slot, if its name comes before the starter's", () => {
    for (const version of ["2.8", "2.26"] as const) {
      const done = deeper(version);
      expect(done.row("a2").started).toBeLessThan(2.2);
      expect(done.row("z2").started).toBeGreaterThan(4.5);
    }
  });

  it("and in 2.34 none does: all wait for the tick while the local slot idles", () => {
    const done = deeper("2.34");
    expect(done.row("a2").started).toBeGreaterThan(4.5);
    expect(done.row("z2").started).toBeGreaterThan(4.5);
  });
});

describe("what the fuzzer found", () => {
  it("a+ is asked in the wave in which a starts, and before it: declined like a, it waits for the local slot, not for the tick", () => {
    const foreign = "riscv64-linux";
    const done = nixRun({
      version: "2.8",
      local: 1,
      connect: 0.08,
      tasks: [
        { name: "y", seconds: 0.8, system: foreign },
        { name: "a+", seconds: 2.8 },
        { name: "a", seconds: 0.1 },
        { name: "m", seconds: 2, system: foreign, needs: ["a+"] },
        { name: "foo-", seconds: 2.6, needs: ["a+", "a", "m"] },
        { name: "A", seconds: 2.6 },
        { name: "foo.a", seconds: 0.5, needs: ["a", "foo-"] },
      ],
      builders: [{ name: "M", maxJobs: 2, systems: { "x86_64-linux": 1, [foreign]: 1 } }],
    });
    expect(done.rows.map(({ task, host }) => `${task}@${host}`)).toEqual(["A@M", "y@M", "a@L", "a+@L", "m@M", "foo-@M", "foo.a@M"]);
    expect(done.trace.spans.filter(({ kind }) => kind === "postponed")).toEqual([]);
  });

  it("a local build's end and the tick that is due by then are one event: q, postponed, asks with that slot free, and starts before y, whom the end wakes", () => {
    const orders = [1, 2, 3, 4, 5].map((seed) => {
      const done = nixRun({
        version: "2.26",
        local: 2,
        poll: 2,
        connect: 0.26,
        seed,
        tasks: [
          { name: "a", seconds: 0.25, cpu: 0, root: true },
          { name: "y", seconds: 2.3, cpu: 0, preferLocal: true },
          { name: "aa", seconds: 3.7, cpu: 0, needs: ["a"] },
          { name: "z", seconds: 0.6, cpu: 0 },
          { name: "k", seconds: 2.65, cpu: 0 },
          { name: "y-y", seconds: 1.4, cpu: 0 },
          { name: "m", seconds: 2.1, cpu: 0, preferLocal: true, needs: ["z"] },
          { name: "q", seconds: 0.3, cpu: 0, needs: ["a"] },
          { name: "a=", seconds: 3.9, cpu: 0 },
        ],
        builders: [{ name: "M", maxJobs: 1 }],
      });
      return done.rows.map(({ task, host }) => `${task}@${host}`).join(" ");
    });
    expect(new Set(orders)).toEqual(new Set(["a@M a=@L k@L y-y@M aa@M q@L y@L z@L m@L"]));
  });
});
