// How well predictions told before real builds held: the error of the median, and how many runs ended inside the interval
// that was to hold nine of ten. It is told of runs as they come; it knows nothing of how a prediction was made.
import { quantile } from "./stats.js";

/** A prediction, and what became of it. */
export interface Foretold {
  readonly run: string;
  readonly policy: string;
  readonly digest: string;
  readonly builds: number;
  /** Seconds. */
  readonly predicted: { readonly median: number; readonly low: number; readonly high: number; readonly worlds: number };
  readonly actual: number;
}

export interface Accuracy {
  readonly runs: number;
  readonly inside: number;
  /** Shares of the actual time, without sign. */
  readonly error: { readonly p50: number; readonly p90: number; readonly worst: number };
  /** Median of the errors with their signs: below 0, predictions are too short. */
  readonly bias: number;
}

/** The share by which the predicted median misses the actual time; below 0 it was too short. */
export function errorOf({ predicted, actual }: Foretold): number {
  return predicted.median / actual - 1;
}

export function isInside({ predicted, actual }: Foretold): boolean {
  return predicted.low <= actual && actual <= predicted.high;
}

/** Of at least one run. */
export function accuracyOf(runs: readonly Foretold[]): Accuracy {
  const signed = runs.map(errorOf).sort((a, b) => a - b);
  const sizes = signed.map(Math.abs).sort((a, b) => a - b);
  return {
    runs: runs.length,
    inside: runs.filter(isInside).length,
    error: { p50: quantile(sizes, 0.5), p90: quantile(sizes, 0.9), worst: sizes.at(-1)! },
    bias: quantile(signed, 0.5),
  };
}
