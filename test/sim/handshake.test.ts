// A connect over a link that copies fill: it loses the share of their time that the link says, also of copies that begin after it.
import { describe, expect, it } from "vitest";
import type { HostSketch } from "../problem.js";
import { nixRun } from "./nix-fleet.js";

/** Seconds that the second connect takes, while the 3 MB of the first build come back at 1 MB/s; it is ready a little later. */
function second(builder: Partial<HostSketch>): number {
  const { row } = nixRun({
    version: "2.8",
    local: 0,
    connect: 0.4,
    tasks: [
      { name: "a", seconds: 1, cpu: 0, output: 3_000_000 },
      { name: "b", seconds: 1.05, cpu: 0 },
      { name: "c", needs: ["b"], seconds: 1, cpu: 0 },
    ],
    builders: [{ name: "A", maxJobs: 3, up: 1e6, down: 1e6, ...builder }],
  });
  const { asked, accepted } = row("c");
  return accepted - asked;
}

describe("a connect beside a copy", () => {
  it("takes longer by the share that it loses", () => {
    const free = second({});
    const stuck = second({ queueing: 0.5 });
    expect(stuck / free).toBeCloseTo(2, 1);
  });

  it("loses nothing on a link that has no such queue, or that is idle", () => {
    expect(second({ queueing: 0.5, up: 1e12 })).toBeCloseTo(second({ up: 1e12 }), 6);
  });

  it("is overtaken by a copy that begins after it", () => {
    // b's end comes 0.05 s before c is asked at once; a's copy begins 0.2 s into that connect.
    const later = (queueing: number): number => {
      const { row } = nixRun({
        version: "2.8",
        local: 0,
        connect: 0.4,
        tasks: [
          { name: "a", seconds: 1.55, cpu: 0, output: 3_000_000 },
          { name: "b", seconds: 1.05, cpu: 0 },
          { name: "c", needs: ["b"], seconds: 1, cpu: 0 },
        ],
        builders: [{ name: "A", maxJobs: 3, up: 1e6, down: 1e6, queueing }],
      });
      const [a, c] = [row("a"), row("c")];
      expect(a.built).toBeGreaterThan(c.asked);
      expect(a.built).toBeLessThan(c.accepted);
      return c.accepted - c.asked;
    };
    expect(later(0.5)).toBeGreaterThan(1.2 * later(0));
    expect(later(0.5)).toBeLessThan(2 * later(0));
  });
});
