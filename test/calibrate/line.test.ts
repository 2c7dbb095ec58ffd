// The line through copies of a link: bulk tells the rate, small copies only what a copy takes besides.
import { describe, expect, it } from "vitest";
import { lineThrough } from "#calibrate/line.js";
import { draw, drawNormal } from "#base/random.js";

describe("the line through copies", () => {
  it("has the slope of the few large ones and knows it well, where most are small and vary by what else takes time", () => {
    const rate = 30e6;
    const copies = Array.from({ length: 100 }, (_, i) => {
      const x = i % 20 === 0 ? 3_000_000 : [1000, 8000, 64_000][i % 3]!;
      return { x, y: 0.004 + 0.06 * draw(1, "test", String(i)) ** 2 + x / rate };
    });
    const line = lineThrough(copies)!;
    expect(1 / line.slope / rate).toBeCloseTo(1, 1);
    expect(1 / line.high).toBeLessThan(rate);
    expect(1 / line.low).toBeGreaterThan(rate);
    // By all pairs, small ones among themselves, the interval spans a factor.
    expect(line.high / line.low).toBeLessThan(1.5);
  });

  it("is none through copies of one size", () => {
    expect(lineThrough(Array.from({ length: 9 }, (_, i) => ({ x: 1000, y: i })))).toBeNull();
  });

  it.each<[string, (i: number) => number]>([
    ["spread evenly", (i) => i],
    ["of two sizes", (i) => i % 2],
    ["mostly of one", (i) => (i % 6 === 0 ? 1 + (i % 3) : 0)],
  ])("holds the true slope in 95 of 100, sizes being %s", (name, sizeOf) => {
    const times = 600;
    let held = 0;
    for (let time = 1; time <= times; time++) {
      const points = Array.from({ length: 30 }, (_, i) => ({ x: sizeOf(i), y: 2 * sizeOf(i) + drawNormal(time, "slope", `${name}/${i}`) }));
      const { low, high } = lineThrough(points)!;
      if (low <= 2 && high >= 2) held++;
    }
    // 0.95 ± 3 standard errors.
    expect(held / times).toBeGreaterThan(0.923);
    expect(held / times).toBeLessThan(0.977);
  });
});
