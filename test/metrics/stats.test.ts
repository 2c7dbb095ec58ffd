import { describe, expect, it } from "vitest";
import { drawFactor, stream } from "#base/random.js";
import { pairedRatio } from "#metrics/paired.js";
import { meanInterval, probabilityLeast, quantile, quantileOfNext, resamples, worldsWon } from "#metrics/stats.js";

describe("quantiles", () => {
  it("are those of R's type 7", () => {
    // quantile(c(1, 2, 4, 8), c(0, .05, .5, .95, 1)) in R.
    const at = [0, 0.05, 0.5, 0.95, 1].map((p) => Number(quantile([1, 2, 4, 8], p).toFixed(9)));
    expect(at).toEqual([1, 1.15, 3, 7.4, 8]);
    expect(quantile([5], 0.95)).toBe(5);
  });
});

describe("quantiles of the next value", () => {
  it("hold nine of ten new values however few there are, where those of the values themselves hold fewer", () => {
    for (const count of [20, 100]) {
      let [next, own] = [0, 0];
      const replications = 4000;
      for (let r = 0; r < replications; r++) {
        const [value, ...values] = Array.from({ length: count + 1 }, (_, k) => drawFactor(r, "next", `${k}`, 0.3));
        const ascending = values.sort((a, b) => a - b);
        const holds = (at: typeof quantile) => Number(value! >= at(ascending, 0.05) && value! <= at(ascending, 0.95));
        next += holds(quantileOfNext);
        own += holds(quantile);
      }
      expect(Math.abs(next / replications - 0.9)).toBeLessThan(0.015);
      expect(own / replications).toBeLessThan(count === 20 ? 0.84 : 0.9);
    }
  });

  it("go no further than the values, and of one value are it", () => {
    expect([0.05, 0.5, 0.95].map((p) => quantileOfNext([1, 2, 4, 8], p))).toEqual([1, 3, 8]);
    expect(quantileOfNext([5], 0.95)).toBe(5);
  });
});

describe("intervals", () => {
  it("cover the true mean of skewed worlds about as often as they say", () => {
    // Lognormal with median 1 and CV 0.47: mean √(1 + 0.47²).
    const truth = Math.sqrt(1 + 0.47 ** 2);
    const drawn = resamples(20, stream(1, "coverage"), 500);
    let covered = 0;
    const replications = 400;
    for (let r = 0; r < replications; r++) {
      const values = Array.from({ length: 20 }, (_, k) => drawFactor(r, "coverage", `${k}`, 0.47));
      const { low, high } = meanInterval(values, drawn)!;
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered / replications).toBeGreaterThan(0.92);
    expect(covered / replications).toBeLessThan(0.985);
  });

  it("are wider than the percentile interval for few worlds, and Student's for very few", () => {
    const interval = meanInterval([1, 3], resamples(2, stream(1, "x")))!;
    expect(interval.high - 2).toBeCloseTo(12.706, 6);
    expect(meanInterval([7], resamples(1, stream(1, "x")))).toBeNull();
    expect(meanInterval([7, 7, 7], resamples(3, stream(1, "x")))).toEqual({ low: 7, high: 7 });
  });

  it("stay within reach where all worlds but one are nearly alike", () => {
    const values = [1300, ...Array.from({ length: 19 }, (_, k) => 1000 + k / 1000)];
    const { low, high } = meanInterval(values, resamples(20, stream(1, "x")))!;
    expect(low).toBeGreaterThan(950);
    expect(low).toBeLessThan(1015);
    expect(high).toBeGreaterThan(1015);
    expect(high).toBeLessThan(1150);
  });

  it("are the same again for the same stream", () => {
    const values = Array.from({ length: 12 }, (_, k) => drawFactor(3, "again", `${k}`, 0.5));
    const once = meanInterval(values, resamples(12, stream(9, "x")));
    expect(meanInterval(values, resamples(12, stream(9, "x")))).toEqual(once);
  });
});

describe("paired ratios", () => {
  const worlds = Array.from({ length: 20 }, (_, k) => 1000 * drawFactor(2, "world", `${k}`, 0.8));
  const drawn = resamples(20, stream(1, "pairs"));

  it("see a steady difference through worlds that differ far more", () => {
    const faster = worlds.map((seconds, k) => seconds * 0.97 * drawFactor(2, "jitter", `${k}`, 0.01));
    const ratio = pairedRatio(faster, worlds, drawn);
    expect(ratio.mean).toBeCloseTo(0.97, 2);
    expect(ratio.insideNoise).toBe(false);
    expect(ratio.interval!.high).toBeLessThan(1);
  });

  it("call it noise where neither wins", () => {
    const other = worlds.map((seconds, k) => seconds * drawFactor(2, "coin", `${k}`, 0.2));
    expect(pairedRatio(other, worlds, drawn).insideNoise).toBe(true);
  });

  it("have no interval in one world", () => {
    const one = resamples(1, stream(1, "one"));
    expect(pairedRatio([50], [100], one)).toEqual({ mean: 0.5, interval: null, insideNoise: false });
    expect(pairedRatio([100], [100], one).insideNoise).toBe(true);
  });

  it("are reciprocal", () => {
    const other = worlds.map((seconds, k) => seconds * drawFactor(2, "coin", `${k}`, 0.2));
    expect(pairedRatio(worlds, other, drawn).mean * pairedRatio(other, worlds, drawn).mean).toBeCloseTo(1, 9);
  });
});

describe("winning", () => {
  it("is counted by world, ties shared, and by resampled means", () => {
    const rows = [
      [1, 5, 5, 9],
      [1, 6, 6, 1],
    ];
    expect(worldsWon(rows)).toEqual([0.625, 0.375]);
    const [first, second] = probabilityLeast(rows, resamples(4, stream(1, "won")));
    expect(first! + second!).toBeCloseTo(1, 9);
    // The one bad world makes the mean of the first the worse one more often than not.
    expect(second!).toBeGreaterThan(first!);
  });
});
