// What a run will take, told before it begins: the same plan simulated in the scenario's worlds under the conduct of our
// engine. The median, and where nine of ten worlds lie.
import type { Prediction } from "#live/run/journal.js";
import type { Plan } from "./run-plan.js";
import { runOne, worldOf } from "./cell.js";

/** Worlds that are simulated at most: the plan has to be there soon. */
const WORLDS_MAX = 40;

export function predictionOf({ compiled, contender, experiment }: NonNullable<Plan["build"]>): Prediction {
  const seconds = experiment.seeds
    .slice(0, WORLDS_MAX)
    .map((seed) => runOne(compiled, contender, worldOf(compiled, seed)).trace.makespan / 1e6)
    .sort((a, b) => a - b);
  const at = (share: number): number => seconds[Math.round(share * (seconds.length - 1))]!;
  return { median: at(0.5), low: at(0.05), high: at(0.95), worlds: seconds.length };
}
