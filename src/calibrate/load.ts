// How connects vary: each by itself, with load that comes and goes during a run, and from run to run. What is left of
// ln(connect) after its host: by run its middle is the run's load, the rest varies within the run.
// Where the wandering of load cannot be told, the conduct's stays, and connects vary by themselves by what it leaves over.
import { ln } from "#base/random.js";
import type { Timing } from "#dispatch/conduct.js";
import { deviation, mean, middle, spread, variation, withinRuns } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { chiSquare, studentT, Z } from "./quantiles.js";
import { type Rest, type Wander, wanderOf } from "./wander.js";

export interface Load {
  readonly connectCv: Estimate;
  readonly loadCv: Estimate;
  readonly wanderCv: Estimate;
  readonly wanderSeconds: Estimate;
  /** Variance of the wander, in logarithms, found or assumed. */
  readonly variance: number;
}

/** What is assumed of runs counts like so many of them. */
const ASSUMED_RUNS = 4;

const FEW = "too few connects, or runs, to see load come and go";

/** `why`: what to say where nothing is left. */
export function loadOf(rest: readonly Rest[], assumed: Timing, why: string): Load {
  const variance = ln(1 + assumed.wanderCv ** 2);
  if (rest.length === 0)
    return { connectCv: unknown(why), loadCv: unknown(why), wanderCv: unknown(why), wanderSeconds: unknown(why), variance };
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
    loadCv: between(rest, wander.variance, { wanderSeconds: seconds, loadCv: assumed.loadCv }),
  };
}

/**
 * The runs' own variation, less what their middles vary by because connects and load within a run do. Few runs happen to be
 * alike, and say little about the next: they lean on what is assumed, as if it were that of a few runs more. The value is
 * that of the next run, whose usual load is known from these runs alone, and their variation too: a normal law as wide as
 * Student's, with which the next run is foretold.
 */
function between(
  rest: readonly Rest[],
  wander: number,
  { wanderSeconds: seconds, loadCv }: Pick<Timing, "wanderSeconds" | "loadCv">,
): Estimate {
  const groups = [...new Set(rest.map(({ run }) => run))].map((run) => rest.filter((one) => one.run === run));
  const runs = groups.length;
  if (runs < 2) return unknown("one run does not show how runs differ");
  const loads = groups.map((group) => middle(group.map(({ value }) => value)));
  const left = groups.flatMap((group, r) => group.map(({ value }) => value - loads[r]!));
  const own = Math.max(0, (left.length > 1 ? spread(left) ** 2 : 0) - wander);
  const noise = mean(groups.map((group) => (1.57 * own) / group.length + wander * Math.min(1, seconds / Math.max(seconds, lasts(group)))));
  const total = deviation(loads) ** 2;
  const degrees = runs - 1;
  const { low, high } = chiSquare(degrees);
  const figure = (variance: number): number => variation(Math.max(0, variance - noise));
  const interval = { low: figure((total * degrees) / high), high: figure((total * degrees) / low) };
  const leaning = (degrees * Math.max(0, total - noise) + ASSUMED_RUNS * ln(1 + loadCv ** 2)) / (degrees + ASSUMED_RUNS);
  const next = leaning * (1 + 1 / runs) * (studentT(degrees + ASSUMED_RUNS) / Z) ** 2;
  return {
    kind: "known",
    value: Math.min(interval.high, Math.max(interval.low, variation(next))),
    interval,
    observations: rest.length,
    runs,
  };
}

function lasts(group: readonly Rest[]): number {
  const at = group.map((one) => one.at);
  return Math.max(...at) - Math.min(...at);
}
