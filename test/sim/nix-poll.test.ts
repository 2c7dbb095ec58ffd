// What waits for the poll tick, and for how long. A freed slot wakes nobody.
import { describe, expect, it } from "vitest";
import { stream } from "#base/random.js";
import { bookFleet, nixRun, SHELL, sleeps, type Version } from "./nix-fleet.js";

describe("build-poll-interval", () => {
  const pairs = { version: "2.8", local: 0, connect: 0.1, tasks: sleeps(10, 3 + SHELL), builders: [{ name: "A", maxJobs: 2 }] } as const;

  it("10 sleeps of 3 s on two slots start in pairs, 5.2 s apart, and take 24.4 s (E5)", () => {
    const done = nixRun(pairs);
    const starts = done.rows.map((row) => row.started).sort((a, b) => a - b);
    for (const [i, at] of [0.2, 0.4, 5.5, 5.6, 10.8, 10.9, 16, 16.2, 21.3, 21.4].entries())
      expect(Math.abs(starts[i]! - at)).toBeLessThan(0.4);
    expect(Math.abs(done.makespan - 24.4)).toBeLessThan(0.4);
  });

  it("takes 17 s with an interval of 1 s", () => {
    expect(Math.abs(nixRun({ ...pairs, poll: 1 }).makespan - 17)).toBeLessThan(1);
  });

  it.each([
    ["2.8", 5, 12.7, 12.7],
    ["2.8", 1, 8.5, 8.5],
    ["2.8", 0, 7.9, 7.9],
    ["2.26", 5, 9.8, 11],
    ["2.26", 1, 7.2, 9],
    ["2.26", 0, 6.9, 7.1],
  ] as const)("%s, 12 equal jobs on the book's fleet, interval %i s: %f … %f s", (version, poll, least, most) => {
    for (let seed = 1; seed <= 8; seed++) {
      const { makespan } = nixRun({ version, local: 0, poll, builders: bookFleet([1, 1, 1]), tasks: sleeps(12, 3), seed });
      expect(makespan).toBeGreaterThan(least - 1.4);
      expect(makespan).toBeLessThan(most + 1.4);
    }
  });

  it("fires at whole seconds of sleep: 5 to 6 s after the one before", () => {
    const done = nixRun({ ...pairs, tasks: sleeps(3, 12), builders: [{ name: "A", maxJobs: 1 }] });
    expect(done.trace.spans.filter((span) => span.kind === "postponed").length).toBe(2);
    const asked = done.row("n02").asked;
    expect(asked).toBeGreaterThan(12);
    expect(asked).toBeLessThan(12 + 6.2);
  });
});

describe("a build of thirty years, while others wait", () => {
  const on = (seconds: number) =>
    nixRun({ version: "2.34", local: 0, tasks: [{ name: "a", seconds, cpu: 0 }, ...sleeps(3, 3)], builders: [{ name: "A", maxJobs: 1 }] });
  const asks = (seconds: number) => on(seconds).trace.spans.filter(({ kind }) => kind === "dispatch").length;

  it("is polled every five seconds for a day, and not two hundred million times", () => {
    expect(asks(86_400)).toBeGreaterThan(86_400 / 6);
    expect(asks(1e9)).toBeLessThan(1e6);
  });

  it("ends, and the others are asked at the tick after it", () => {
    const { makespan, row } = on(1e9);
    expect(row("n01").asked - 1e9).toBeLessThan(6.5);
    expect(makespan - 1e9).toBeLessThan(40);
  });
});

describe("with local slots", () => {
  it("10 sleeps of 3 s on one local and one remote slot take 23 s (E6), give or take who ends first each time", () => {
    // A remote end that comes first leaves the local slot idle until the tick; which comes first is a matter of 40 ms.
    const makespans = Array.from({ length: 40 }, (_, seed) => {
      const roll = stream(seed, "ends");
      const tasks = sleeps(10, 3).map((task) => ({ ...task, seconds: { L: 3 + SHELL, A: 3 + SHELL + roll() * 0.1 } }));
      const done = nixRun({ version: "2.8", local: 1, connect: 0.1, tasks, builders: [{ name: "A", maxJobs: 1 }] });
      const postponed = done.trace.spans.filter((span) => span.kind === "postponed").map((span) => span.from / 1e6);
      expect(Math.min(...postponed)).toBeCloseTo(3.4, 0);
      return done.makespan;
    });
    expect(makespans.some((makespan) => Math.abs(makespan - 23.1) < 0.5)).toBe(true);
    expect(Math.min(...makespans)).toBeGreaterThan(19.5);
    expect(Math.max(...makespans)).toBeLessThan(29);
  });

  it("wakes those that wait for the local slot at any child's end, remote ones too", () => {
    for (const version of ["2.8", "2.26"] as Version[]) {
      const done = nixRun({
        version,
        local: 1,
        connect: 0.1,
        tasks: [
          { name: "a", seconds: 2 },
          { name: "b", seconds: 30 },
          { name: "c", seconds: 1 },
        ],
        builders: [{ name: "A", maxJobs: 1 }],
      });
      expect(done.row("c").host).toBe("A");
      expect(done.row("c").asked).toBeLessThan(2.5);
    }
  });
});
