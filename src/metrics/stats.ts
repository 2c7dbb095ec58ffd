// Statistics of a few dozen worlds: quantiles, and intervals that hold what they promise at n = 20. An interval is the
// studentized bootstrap (Efron, Tibshirani 1993, ch. 12): percentile intervals cover too little with so few worlds.
// Resamples are drawn once and shared by all policies, so that pairs stay pairs. Chance comes as an argument.
import { mean, sampleStandardDeviation } from "simple-statistics";
import { assert } from "#base/assert.js";
import { pick, type Random } from "#base/random.js";
import type { Interval } from "./result.js";

/** Worlds drawn with replacement, `count` times: index k of resample b is of[b × worlds + k]. */
export interface Resamples {
  readonly count: number;
  readonly worlds: number;
  readonly of: Int32Array;
}

export const CONFIDENCE = 0.95;
const RESAMPLES = 2000;
/** Below this many worlds resamples say too little, and Student's t is used. */
const WORLDS_FEW = 8;
/**
 * A resample's variance counts as this share of the sample's at least: one that misses the only unusual world has hardly
 * any, and would stretch the interval without end. Source: Polansky, Can. J. Stat. 28(3), 2000, "Stabilizing bootstrap-t".
 */
const VARIANCE_LEAST = 0.05;
/** 97.5 % quantiles of Student's t for 1 … 6 degrees of freedom: any table. */
const STUDENT_T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447];

export function resamples(worlds: number, random: Random, count = RESAMPLES): Resamples {
  assert(worlds > 0, "no worlds to resample");
  return { count, worlds, of: Int32Array.from({ length: count * worlds }, () => pick(random, worlds)) };
}

/** Quantile p of ascending values, type 7 (the one of R and NumPy). */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const place = (ascending.length - 1) * p;
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (place - below) * (high - low);
}

/**
 * Below which one more value of the same kind will lie with probability p: of n values, p (n + 1) lie below it (type 6, Weibull 1939), no
 * lower than the least and no higher than the most. Between 5 and 95 % lie nine of ten new values; between type 7's 88 of a hundred
 * where there are a hundred, and 81 where there are twenty.
 */
export function quantileOfNext(ascending: ArrayLike<number>, p: number): number {
  const last = ascending.length - 1;
  return last < 1 ? quantile(ascending, p) : quantile(ascending, Math.min(1, Math.max(0, (p * (last + 2) - 1) / last)));
}

/** Of the mean, at 95 %. Null with one value: one world says nothing about others. All equal: no width. */
export function meanInterval(values: readonly number[], drawn: Resamples): Interval | null {
  const worlds = values.length;
  if (worlds < 2) return null;
  const centre = mean([...values]);
  const error = sampleStandardDeviation([...values]) / Math.sqrt(worlds);
  if (!(error > 0)) return { low: centre, high: centre };
  if (worlds < WORLDS_FEW) {
    const t = STUDENT_T[worlds - 2]!;
    return { low: centre - t * error, high: centre + t * error };
  }
  const t = studentized(values, centre, VARIANCE_LEAST * error * error * worlds, drawn);
  const tail = (1 - CONFIDENCE) / 2;
  // The distance of the resampled means mirrors that of ours: the upper tail bounds from below.
  return {
    low: Math.min(centre, centre - quantile(t, 1 - tail) * error),
    high: Math.max(centre, centre - quantile(t, tail) * error),
  };
}

/** Ascending: (mean of the resample − centre) ÷ its standard error. */
function studentized(values: readonly number[], centre: number, varianceLeast: number, { count, worlds, of }: Resamples): Float64Array {
  assert(worlds === values.length, "resamples of another number of worlds");
  const t = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < worlds; k++) {
      const away = values[of[b * worlds + k]!]! - centre;
      sum += away;
      squares += away * away;
    }
    const variance = Math.max((squares - (sum * sum) / worlds) / (worlds - 1), varianceLeast);
    t[b] = sum / worlds / Math.sqrt(variance / worlds);
  }
  return t.sort();
}

/** By row: the share of resamples in which its mean is the least; equal means share. */
export function probabilityLeast(rows: readonly (readonly number[])[], { count, worlds, of }: Resamples): number[] {
  const won = rows.map(() => 0);
  for (let b = 0; b < count; b++) {
    const sums = rows.map((values) => {
      let sum = 0;
      for (let k = 0; k < worlds; k++) sum += values[of[b * worlds + k]!]!;
      return sum;
    });
    share(sums, won);
  }
  return won.map((times) => times / count);
}

/** By row: the share of worlds in which its value is the least; equal values share. */
export function worldsWon(rows: readonly (readonly number[])[]): number[] {
  const worlds = rows[0]?.length ?? 0;
  const won = rows.map(() => 0);
  for (let world = 0; world < worlds; world++)
    share(
      rows.map((values) => values[world]!),
      won,
    );
  return won.map((times) => (worlds === 0 ? 0 : times / worlds));
}

/** Adds 1, shared by all that have the least value. */
function share(values: readonly number[], won: number[]): void {
  const least = Math.min(...values);
  const winners = values.filter((value) => value === least).length;
  for (const [i, value] of values.entries()) if (value === least) won[i]! += 1 / winners;
}
