// What is read off one run for telling it again: here what no property of whole runs shows.
import { describe, expect, it } from "vitest";
import { ownTimes } from "#sim/own-times.js";
import { nixRun } from "./nix-fleet.js";

describe("own times of a run", () => {
  it("have the hook after an ask last until the next question, be it one that is declined and built locally", () => {
    const seconds = (name: string, value: number, needs: readonly string[] = []) => ({ name, seconds: value, cpu: 0, needs });
    const { problem, conduct, trace, row } = nixRun({
      version: "2.8",
      local: 1,
      tasks: [seconds("a", 0.3), seconds("b", 3), seconds("c", 1, ["a"]), seconds("d", 1, ["b"]), seconds("z", 1, ["c", "d"])],
      builders: [{ name: "ruby", maxJobs: 1 }],
    });
    expect([row("a").host, row("b").host, row("c").host]).toEqual(["ruby", "L", "ruby"]);
    const hook = ownTimes(problem, conduct.timing, trace)!.hook[problem.graph.names.indexOf("a")]! / 1e6;
    expect(hook).toBeCloseTo(row("b").asked - row("a").accepted, 6);
    expect(hook).toBeLessThan(0.1);
    expect(row("c").asked - row("a").accepted).toBeGreaterThan(0.3);
  });

  it("have a build whose start nobody saw last what is left of its time", () => {
    const { problem, conduct, trace } = nixRun({
      version: "2.8",
      local: 0,
      tasks: [{ name: "a", seconds: 3, cpu: 0 }],
      builders: [{ name: "ruby", maxJobs: 1 }],
    });
    trace.started.fill(Number.NaN);
    const times = ownTimes(problem, conduct.timing, trace)!;
    expect(times.build[0]! + times.start[0]!).toBeCloseTo(trace.built[0]! - trace.accepted[0]! - times.upload[0]!, 3);
    expect(times.build[0]! / 1e6).toBeGreaterThan(2.9);
  });
});
