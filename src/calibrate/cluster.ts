// A positive quantity observed several times in each of several runs → its median over all runs. What a machine does
// varies within a run and from run to run, so runs are the sample: the mean over runs of each run's median, in logarithms,
// with Student's t. A single run borrows the variation between runs that the conduct assumes.
// Assumes: factors, roughly log-normal. Ignores: that a run with few observations knows its median less well.
import { exponential, ln, variationOf, Z } from "#base/random.js";
import { quantile } from "#metrics/stats.js";
import { type Estimate, unknown } from "./estimate.js";
import { chiSquare, studentT } from "./quantiles.js";

export interface Sample {
  /** Index of the run. */
  readonly run: number;
  readonly value: number;
}

/** Beyond this factor each way an interval says no more: that nothing is known. */
const REACH_MOST = ln(1000);
/** Instants are whole microseconds: a difference of two is off by one at most. */
const GRAIN = 1e-6;
/** 90 % of a normal distribution lie within this many standard deviations. */
export const RANGE_90 = 3.28971;
/** Relative standard error of a deviation taken from that range, times √n. */
const RANGE_ERROR = 0.884;
/** Standard deviation against the median distance from the middle, for normal values. */
export const MEDIAN_DISTANCE = 1.4826;
/** Fewer values have no range: their deviation is taken. */
const RANGE_LEAST = 20;
const WITHIN_LEAST = 10;
/** Of a variance at least this share is a thing's own. */
const LEAST_OWN = 0.05;
/** Standard error of a median against that of a mean, for normal values; squared, of its variance against that of a mean. */
export const MEDIAN_COST = 1.2533;

/** `why`: what to say where nothing was observed. `betweenCv` serves a single run only; a single observation has no interval. */
export function overRuns(samples: readonly Sample[], why: string, betweenCv: number): Estimate {
  if (samples.length === 0) return unknown(why);
  const groups = byRun(samples);
  const medians = groups.map(middle);
  const basis = { kind: "known", observations: samples.length, runs: groups.length } as const;
  if (medians.some((median) => median < GRAIN)) return { ...basis, ...linear(medians) };
  const logs = medians.map(ln);
  const centre = mean(logs);
  const error = logs.length > 1 ? deviation(logs) / Math.sqrt(logs.length) : withinError(groups[0]!, betweenCv);
  const reach = Math.min(REACH_MOST, (logs.length > 1 ? studentT(logs.length - 1) : Z) * error);
  const value = exponential(centre);
  if (samples.length === 1) return { ...basis, value, interval: null };
  return { ...basis, value, interval: { low: Math.max(0, value * exponential(-reach) - GRAIN), high: value * exponential(reach) + GRAIN } };
}

/** Where some runs see nothing at all, on the clock's grain, factors have no meaning. */
function linear(medians: readonly number[]): { readonly value: number; readonly interval: { low: number; high: number } } {
  const value = Math.max(0, mean(medians));
  const reach = medians.length > 1 ? (studentT(medians.length - 1) * deviation(medians)) / Math.sqrt(medians.length) : 0;
  return { value, interval: { low: Math.max(0, value - reach - GRAIN), high: value + reach + GRAIN } };
}

function withinError(values: readonly number[], betweenCv: number): number {
  const between = ln(1 + betweenCv * betweenCv);
  const logs = values.filter((value) => value > 0).map(ln);
  const within = logs.length > 1 ? (MEDIAN_COST * deviation(logs)) / Math.sqrt(logs.length) : 0;
  return Math.sqrt(between + within * within);
}

/** Coefficient of variation of one value per run. */
export function betweenRuns(samples: readonly Sample[]): Estimate {
  const runs = samples.length;
  if (runs < 2) return unknown("one run does not show how runs differ");
  const variance = deviation(samples.map(({ value }) => ln(value))) ** 2;
  const { low, high } = chiSquare(runs - 1);
  return {
    kind: "known",
    value: variation(variance),
    interval: { low: variation((variance * (runs - 1)) / high), high: variation((variance * (runs - 1)) / low) },
    observations: runs,
    runs,
  };
}

/** As far as a model file goes: of two runs the interval has no end that means anything. */
const VARIATION_MOST = 10;

/** Coefficient of variation of a log-normal factor of that variance of its logarithm: cv² = e^{σ²} − 1. */
export function variation(variance: number): number {
  return Math.min(VARIATION_MOST, variationOf(variance));
}

/** Variation within runs, around each run's middle, less a variance that has another cause, in logarithms. */
export function withinRuns(samples: readonly Sample[], less: number, why: string): Estimate {
  const groups = byRun(samples.filter(({ value }) => !Number.isNaN(value))).filter((values) => values.length > 1);
  const rest = groups.flatMap((values) => values.map((value) => value - middle(values)));
  if (rest.length < WITHIN_LEAST || rest.length <= groups.length) return unknown(why);
  const total = spread(rest) ** 2 * (rest.length / (rest.length - groups.length));
  const reach = exponential((Z * RANGE_ERROR) / Math.sqrt(rest.length - groups.length)) ** 2;
  const own = (variance: number): number => variation(Math.max(variance * LEAST_OWN, variance - less));
  return {
    kind: "known",
    value: own(total),
    interval: { low: own(total / reach), high: own(total * reach) },
    observations: rest.length,
    runs: groups.length,
  };
}

/** Standard deviation by the range of the middle 90 %, which a few outliers do not move. */
export function spread(values: readonly number[]): number {
  if (values.length < RANGE_LEAST) return deviation(values);
  const ascending = values.toSorted((a, b) => a - b);
  return (quantile(ascending, 0.95) - quantile(ascending, 0.05)) / RANGE_90;
}

/** Logarithms of those above nothing. */
export function logsOf(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ value }) => value > 0).map(({ run, value }) => ({ run, value: ln(value) }));
}

/** Values by run, runs in the order of their indices. */
export function byRun(samples: readonly Sample[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const { run, value } of samples) groups.set(run, [...(groups.get(run) ?? []), value]);
  return [...groups].sort(([a], [b]) => a - b).map(([, values]) => values);
}

export function middle(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: divided by one less than their number. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1));
}
