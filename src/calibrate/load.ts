// How connects vary: each by itself, with load that comes and goes during a run, and from run to run. What is left of
// ln(connect) after its host: by run its middle is the run's load, the rest varies within the run.
// Of these middles, those of one configuration and another: configurations.ts.
// Where the wandering of load cannot be told, the conduct's stays, and connects vary by themselves by what it leaves over.
import { ln } from "#base/random.js";
import type { Timing } from "#dispatch/conduct.js";
import { MEDIAN_COST, middle, spread, withinRuns } from "./cluster.js";
import { between, type RunLoad } from "./configurations.js";
import { type Estimate, unknown } from "./estimate.js";
import { type Rest, type Wander, wanderOf } from "./wander.js";

export interface Load {
  readonly connectCv: Estimate;
  readonly loadCv: Estimate;
  readonly configurationCv: Estimate;
  readonly wanderCv: Estimate;
  readonly wanderSeconds: Estimate;
  /** Variance of the wander, in logarithms, found or assumed. */
  readonly variance: number;
}

const FEW = "too few connects, or runs, to see load come and go";

/** `configurations`: names by run; `why`: what to say where nothing is left. */
export function loadOf(rest: readonly Rest[], configurations: readonly string[], assumed: Timing, why: string): Load {
  const variance = ln(1 + assumed.wanderCv ** 2);
  if (rest.length === 0) {
    const none = unknown(why);
    return { connectCv: none, loadCv: none, configurationCv: none, wanderCv: none, wanderSeconds: none, variance };
  }
  const found = wanderOf(rest, assumed.wanderSeconds);
  const wander: Pick<Wander, "wanderCv" | "wanderSeconds" | "variance"> = found ?? {
    wanderCv: unknown(FEW),
    wanderSeconds: unknown(FEW),
    variance,
  };
  const seconds = found?.wanderSeconds.kind === "known" ? found.wanderSeconds.value : assumed.wanderSeconds;
  return {
    ...wander,
    connectCv: found?.connectCv ?? withinRuns(rest, variance, "too few connects in a run to see them vary"),
    ...between(runLoads(rest, configurations, wander.variance, seconds), assumed),
  };
}

/** The middle of each run, and how much of it is chance: connects and load within the run. */
function runLoads(rest: readonly Rest[], configurations: readonly string[], wander: number, seconds: number): RunLoad[] {
  const groups = [...new Set(rest.map(({ run }) => run))].map((run) => rest.filter((one) => one.run === run));
  const middles = groups.map((group) => middle(group.map(({ value }) => value)));
  const left = groups.flatMap((group, r) => group.map(({ value }) => value - middles[r]!));
  const own = Math.max(0, (left.length > 1 ? spread(left) ** 2 : 0) - wander);
  return groups.map((group, r) => ({
    configuration: configurations[group[0]!.run]!,
    load: middles[r]!,
    noise: (MEDIAN_COST ** 2 * own) / group.length + wander * Math.min(1, seconds / Math.max(seconds, lasts(group))),
    observations: group.length,
  }));
}

function lasts(group: readonly Rest[]): number {
  const at = group.map((one) => one.at);
  return Math.max(...at) - Math.min(...at);
}
