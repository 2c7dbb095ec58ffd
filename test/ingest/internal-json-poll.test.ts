// How late a line of a child may be, from what the loop did before. Seconds here, µs there.
import { describe, expect, it } from "vitest";
import { poll } from "#ingest/internal-json-poll.js";

type Step = readonly ["asked", number, number] | readonly ["heard", number];

/** How late the last line may be. */
function late(...steps: readonly Step[]): number {
  const loop = poll();
  let last = 0;
  for (const [what, from, to] of steps) {
    if (what === "asked") loop.asked(from * 1e6, to * 1e6);
    else last = loop.heard(from * 1e6);
  }
  return last / 1e6;
}

describe("a line of a child", () => {
  it("is in time when nobody was asked just before", () => {
    expect(late(["heard", 5])).toBe(0);
    expect(late(["asked", 1, 1.3], ["heard", 2])).toBe(0);
  });

  it("may be as old as the ask that it follows", () => {
    expect(late(["heard", 0.95], ["asked", 1, 1.3], ["heard", 1.31])).toBeCloseTo(0.36);
  });

  it("may be as old as the first of many asks that follow each other, though the machine starts hooks slowly", () => {
    const asks: Step[] = [0, 1, 2, 3].map((i) => ["asked", 1 + i * 0.8, 1.5 + i * 0.8] as const);
    expect(late(["heard", 0.95], ...asks, ["heard", 3.91])).toBeCloseTo(2.96);
  });

  it("is no older than the last look at the children: a line of another, or a sleep of a second", () => {
    expect(late(["asked", 1, 1.3], ["heard", 1.5], ["asked", 1.6, 1.9], ["heard", 1.95])).toBeCloseTo(0.45);
    expect(late(["asked", 1, 1.3], ["asked", 6.4, 6.7], ["heard", 6.75])).toBeCloseTo(1.35);
  });

  it("stays late while a burst goes on, and is in time after it", () => {
    const burst: Step[] = [
      ["heard", 0.9],
      ["asked", 1, 1.3],
      ["heard", 1.38],
      ["heard", 1.42],
    ];
    expect(late(...burst)).toBeCloseTo(0.52);
    expect(late(...burst, ["heard", 1.5])).toBe(0);
  });
});
