// A connect is work for the builder's CPU as well: it takes longer on a slow builder, and longer still beside its builds.
import { describe, expect, it } from "vitest";
import { nixRun } from "./nix-fleet.js";

const lone = { name: "A", maxJobs: 2, cores: 1 };

/** Seconds of each connect, in the order of the asks. */
function connects(builder: object, tasks: readonly object[]): number[] {
  const { rows } = nixRun({ version: "2.8", local: 0, connect: 0.1, tasks: tasks as never, builders: [{ ...lone, ...builder }] });
  return rows.map(({ asked, accepted }) => accepted - asked);
}

const burning = ["n1", "n2"].map((name) => ({ name, work: 5, maxCores: 1 }));
const sleeping = ["n1", "n2"].map((name) => ({ name, seconds: 5, cpu: 0 }));

describe("the CPU's part of a connect", () => {
  it("takes an even share of a core that a build keeps busy, and waits for nobody who sleeps", () => {
    const [idle, beside] = connects({ connectCpu: 0.2 }, burning);
    const [, asleep] = connects({ connectCpu: 0.2 }, sleeping);
    expect(beside! - idle!).toBeCloseTo(0.2, 1);
    expect(asleep).toBeCloseTo(idle!, 1);
  });

  it("takes as many times longer as the builder is slower", () => {
    const [fast] = connects({ connectCpu: 0.2, speed: 1 }, sleeping);
    const [slow] = connects({ connectCpu: 0.2, speed: 0.25 }, sleeping);
    expect(slow! / fast!).toBeCloseTo((0.1 + 0.8) / (0.1 + 0.2), 1);
  });

  it("is no matter where a core is free", () => {
    const [idle, beside] = connects({ connectCpu: 0.2, cores: 2 }, burning);
    expect(beside).toBeCloseTo(idle!, 1);
  });
});
