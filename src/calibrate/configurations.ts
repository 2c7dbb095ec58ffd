// How the load of runs differs from one run to the next, and what is usual for one configuration from what is usual for another: two
// parts of the variance of the runs' loads, by mean squares (Henderson 1953, method 1). The first nobody can know before; the second
// is what the model gets wrong of a graph and a fleet, in all runs of it alike.
// Few happen to be alike and say little about the next: both lean on what is assumed, as if it were that of a few more; and as the usual
// of all and its variation are known from these alone, the next is foretold by a normal law as wide as Student's, from 5 to 95 %.
import { ln } from "#base/random.js";
import type { Timing } from "#dispatch/conduct.js";
import { mean, variation } from "./cluster.js";
import { type Estimate, type Known, unknown } from "./estimate.js";
import { chiSquare, studentT, Z_95 } from "./quantiles.js";

/** Of one run. */
export interface RunLoad {
  readonly configuration: string;
  /** Logarithm. */
  readonly load: number;
  /** Variance that it has by chance. */
  readonly noise: number;
  readonly observations: number;
}

export interface Between {
  readonly loadCv: Estimate;
  readonly configurationCv: Estimate;
}

/** What is assumed counts like so many runs, and configurations. */
const ASSUMED_RUNS = 4;
const ASSUMED_CONFIGURATIONS = 2;

const ONE = "one configuration does not show how configurations differ";
const ONCE = "no configuration was run twice: how they differ is part of loadCv";

export function between(runs: readonly RunLoad[], { loadCv, configurationCv }: Pick<Timing, "loadCv" | "configurationCv">): Between {
  if (runs.length < 2) return { loadCv: unknown("one run does not show how runs differ"), configurationCv: unknown(ONE) };
  const groups = [...new Set(runs.map(({ configuration }) => configuration))].map((name) =>
    runs.filter(({ configuration }) => configuration === name).map(({ load }) => load),
  );
  const noise = mean(runs.map((run) => run.noise));
  const basis = { kind: "known", observations: runs.reduce((sum, { observations }) => sum + observations, 0), runs: runs.length } as const;
  const ofRuns = { cv: loadCv, counts: ASSUMED_RUNS, known: runs.length };
  const told = groups.length > 1 && groups.length < runs.length;
  if (!told) {
    const around = squares([runs.map(({ load }) => load)]);
    return {
      loadCv: { ...basis, ...nextOf({ sum: around, degrees: runs.length - 1, less: noise, times: 1 }, ofRuns) },
      configurationCv: unknown(groups.length === 1 ? ONE : ONCE),
    };
  }
  const degrees = runs.length - groups.length;
  const within = squares(groups);
  const apart = squares([runs.map(({ load }) => load)]) - within;
  const each = (runs.length - groups.reduce((sum, { length }) => sum + length ** 2, 0) / runs.length) / (groups.length - 1);
  return {
    loadCv: { ...basis, ...nextOf({ sum: within, degrees, less: noise, times: 1 }, ofRuns) },
    configurationCv: {
      ...basis,
      ...nextOf(
        { sum: apart, degrees: groups.length - 1, less: within / degrees, times: each },
        { cv: configurationCv, counts: ASSUMED_CONFIGURATIONS, known: groups.length },
      ),
    },
  };
}

/** Squares around the mean of each group. */
function squares(groups: readonly (readonly number[])[]): number {
  return groups.reduce((sum, loads) => sum + loads.reduce((own, load) => own + (load - mean(loads)) ** 2, 0), 0);
}

/** A sum of squares: by its degrees of freedom, it is `times` the variance that is looked for, and `less`. */
interface Squares {
  readonly sum: number;
  readonly degrees: number;
  readonly less: number;
  readonly times: number;
}

interface Assumed {
  readonly cv: number;
  readonly counts: number;
  /** Of how many the usual is known. */
  readonly known: number;
}

function nextOf({ sum, degrees, less, times }: Squares, { cv, counts, known }: Assumed): Pick<Known, "value" | "interval"> {
  const variance = (square: number): number => Math.max(0, (square - less) / times);
  const { low, high } = chiSquare(degrees);
  const interval = { low: variation(variance(sum / high)), high: variation(variance(sum / low)) };
  const leaning = (degrees * variance(sum / degrees) + counts * ln(1 + cv ** 2)) / (degrees + counts);
  const next = leaning * (1 + 1 / known) * (studentT(degrees + counts, Z_95) / Z_95) ** 2;
  return { value: Math.min(interval.high, Math.max(interval.low, variation(next))), interval };
}
