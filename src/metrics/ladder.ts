// The gap ladder: the same policy in the same world four times, each time with one obstacle fewer, and the bound below.
// Each rung is what its obstacle costs; together they are the makespan exactly, in whole µs. A rung can be negative:
// Graham's anomalies are real, and a wrong estimate can be lucky. Rule: product.md "The report".
import { micros, seconds } from "#base/units.js";
import type { Bound, Ladder } from "./result.js";

/** Makespans in seconds of the four runs. */
export interface LadderRuns {
  /** As it is: its own conduct, its own estimates. */
  readonly own: number;
  /** Under the ideal conduct. */
  readonly ideal: number;
  /** … and with exact estimates. */
  readonly exact: number;
  /** … and with free transfers. */
  readonly free: number;
}

export function ladderOf({ own, ideal, exact, free }: LadderRuns, bound: Bound): Ladder {
  const [a, b, c, d, e] = [own, ideal, exact, free, bound.seconds].map(micros) as [number, number, number, number, number];
  return { bound: seconds(e), order: seconds(d - e), transfers: seconds(c - d), estimates: seconds(b - c), conduct: seconds(a - b) };
}

/** Rung by rung; `ladders` is not empty. */
export function meanLadder(ladders: readonly Ladder[]): Ladder {
  const mean = (rung: keyof Ladder): number => ladders.reduce((sum, ladder) => sum + ladder[rung], 0) / ladders.length;
  return {
    bound: mean("bound"),
    order: mean("order"),
    transfers: mean("transfers"),
    estimates: mean("estimates"),
    conduct: mean("conduct"),
  };
}
