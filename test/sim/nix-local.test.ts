// When Nix builds on the coordinator: after all machines, or never anywhere else.
import { describe, expect, it } from "vitest";
import { BUILT, FAILED } from "#dispatch/trace.js";
import { nixRun, placed, type ReadVersion, sleeps, VERSIONS, type Version } from "./nix-fleet.js";

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

describe("Nix asks later from 2.30 on", () => {
  /** One remote and one local slot, taken by `first` and `m`; `a2` and `z2` lie one level deeper. */
  const deeper = (version: Version | ReadVersion, substitute = false) =>
    nixRun({
      version,
      substitute,
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

  it("but under substitute = true, as run on both, none does: the goals above it look for substitutes first", () => {
    for (const version of ["2.8", "2.26"] as const) expect(deeper(version, true).row("a2").started).toBeGreaterThan(4.5);
  });

  it("and from 2.30 on none does: all wait for the tick while the local slot idles", () => {
    for (const version of ["2.30", "2.32", "2.34"] as const) {
      const done = deeper(version);
      expect(done.row("a2").started, version).toBeGreaterThan(4.5);
      expect(done.row("z2").started, version).toBeGreaterThan(4.5);
    }
  });
});

describe("a failure is the end of a child", () => {
  it("with --keep-going it wakes those that wait for the local slot", () => {
    for (const version of [...VERSIONS, "2.35.0", "2.35.2"] as const) {
      const done = nixRun({ version, local: 1, tasks: sleeps(4, 2), builders: [], keepGoing: true, failing: ["n01"] });
      expect(
        done.rows.map(({ outcome }) => outcome),
        version,
      ).toEqual([FAILED, BUILT, BUILT, BUILT]);
      expect(done.makespan).toBeCloseTo(8.05, 1);
    }
  });

  it("of a machine too: its slot is free for them while a local build goes on", () => {
    const tasks = [{ name: "a", seconds: 2 }, { name: "m", seconds: 30 }, ...sleeps(3, 3)];
    const builders = [{ name: "A", maxJobs: 1 }];
    for (const version of VERSIONS) {
      const [failed, built] = [["a"], []].map((failing) => nixRun({ version, local: 1, tasks, builders, keepGoing: true, failing }));
      expect(placed(failed!)).toBe("A L A A A");
      // It fails where it would end, and brings nothing back.
      for (const name of ["n01", "n02", "n03"]) expect(Math.abs(failed!.row(name).asked - built!.row(name).asked), name).toBeLessThan(0.05);
    }
  });

  it("is noticed, like any end, when no question is under way", () => {
    const builders = [
      { name: "A", maxJobs: 1 },
      { name: "D", maxJobs: 2, outages: [[0.05, 1e9]] as const, connectTimeout: 20 },
    ];
    const done = nixRun({ version: "2.34", local: 0, tasks: [{ name: "a", seconds: 1 }, ...sleeps(2, 8)], builders, failing: ["a"] });
    // The client stands in the connect to D until after 20 s.
    expect(done.row("a").built).toBeLessThan(1.5);
    expect(done.makespan).toBeGreaterThan(20);
  });
});

describe("who is woken when a build ends", () => {
  /** A remote and a local slot, and ten builds that may go to either. */
  const done = (version: Version | ReadVersion) =>
    nixRun({
      version,
      local: 1,
      tasks: [{ name: "a", seconds: 1.5 }, { name: "m", seconds: 2 }, ...sleeps(8, 3)],
      builders: [{ name: "A", maxJobs: 1 }],
    });

  it("up to 2.34 all: one gets the machine, the others are postponed, and the local slot idles until the tick", () => {
    const { row } = done("2.34");
    const asked = ["n01", "n02", "n03"].map((name) => row(name).asked);
    expect(asked[0]).toBeLessThan(1.8);
    expect(Math.min(asked[1]!, asked[2]!)).toBeGreaterThan(4.5);
  });

  it("in 2.35.0 one for each: the machine's end wakes n01, the local one's n02, and both slots stay busy", () => {
    const run = done("2.35.0");
    expect(run.row("n01")).toMatchObject({ host: "A", asked: expect.closeTo(run.row("a").noticed, 1) });
    expect(run.row("n02")).toMatchObject({ host: "L", asked: expect.closeTo(run.row("m").noticed, 1) });
    expect(placed(run)).toBe("A L A L A L A L A L");
    expect(run.makespan).toBeLessThan(15);
  });

  it("from 2.35.2 on as many as local slots are free, also after a wave: who went to the machine leaves it to the next", () => {
    const run = done("2.35.2");
    const { noticed } = run.row("m");
    // The machine's own end, before, wakes nobody.
    expect(run.row("a").noticed).toBeLessThan(noticed - 0.4);
    const first = run.rows.slice(2, 4);
    expect(first.map(({ host }) => host).sort()).toEqual(["A", "L"]);
    for (const { asked } of first) expect(asked - noticed).toBeLessThan(0.2);
    for (const { asked } of run.rows.slice(2)) expect(asked).toBeGreaterThanOrEqual(noticed);
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
