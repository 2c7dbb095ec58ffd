// Sizes of errors, and the score of an interval: what all parts of a validation count with.
import { quantile, quantileOfNext } from "./stats.js";
import type { ErrorSize, Quantiles } from "./validation.js";

/** 5–95 %. */
const MISSES = 0.1;

/** Of simulated worlds: where a real run will lie that is one of them. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const ascending = values.toSorted((a, b) => a - b);
  return { p5: quantileOfNext(ascending, 0.05), p50: quantile(ascending, 0.5), p95: quantileOfNext(ascending, 0.95) };
}

export function medianOf(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Of absolute values; 0 when there are none. */
export function errorSize(errors: readonly number[]): ErrorSize {
  if (errors.length === 0) return { p50: 0, p90: 0 };
  const ascending = errors.map(Math.abs).toSorted((a, b) => a - b);
  return { p50: quantile(ascending, 0.5), p90: quantile(ascending, 0.9) };
}

/** Each value less the median of all others; nothing with fewer than two. */
export function leaveOneOut(values: readonly number[]): { readonly own: number; readonly others: number }[] {
  if (values.length < 2) return [];
  return values.map((own, i) => ({ own, others: medianOf(values.filter((_, k) => k !== i)) }));
}

/** Width, and 2 ÷ 0.1 times the distance of what lies outside: less is better. Gneiting and Raftery 2007, eq. 43. */
export function intervalScore({ p5, p95 }: Quantiles, value: number): number {
  return p95 - p5 + (2 / MISSES) * (Math.max(0, p5 - value) + Math.max(0, value - p95));
}
