// Two schedules in the same worlds: the geometric mean of their ratios with its interval, on the log scale, where "half
// as long" and "twice as long" are equally far. A difference whose interval includes "none" is inside the noise.
import { mean } from "simple-statistics";
import { assert } from "#base/assert.js";
import { exponential, ln } from "#base/random.js";
import type { Interval } from "./result.js";
import { meanInterval, type Resamples } from "./stats.js";

export interface PairedRatio {
  /** Geometric mean of own ÷ other. */
  readonly mean: number;
  /** Null with one world. */
  readonly interval: Interval | null;
  /** True when the interval includes 1; with one world, when both took the same time. */
  readonly insideNoise: boolean;
}

/** Makespans by world, in the same order. */
export function pairedRatio(own: readonly number[], other: readonly number[], drawn: Resamples): PairedRatio {
  assert(own.length === other.length && own.length > 0, "pairs of different worlds");
  // A world in which nothing takes time says that both are equal there.
  const logs = own.map((seconds, world) => (seconds > 0 && other[world]! > 0 ? ln(seconds / other[world]!) : 0));
  const centre = mean([...logs]);
  const interval = meanInterval(logs, drawn);
  if (interval === null) return { mean: exponential(centre), interval, insideNoise: centre === 0 };
  return {
    mean: exponential(centre),
    interval: { low: exponential(interval.low), high: exponential(interval.high) },
    insideNoise: interval.low <= 0 && interval.high >= 0,
  };
}
