// Load that comes and goes during a run, apart from what each connect varies by for itself: two connects a moment apart
// share the load, two far apart do not. Half the squared difference of what is left of their logarithms, by how far apart
// they are, is σ²(connect) + σ²(wander) × (1 − ρ(apart ÷ seconds)); the three figures by least squares over a grid of seconds.
// Intervals: one run left out at a time (jackknife). Source of ρ: how the simulator draws (base/random, drawWander).
import { quantile } from "#metrics/stats.js";
import { mean, RANGE_90, variation } from "./cluster.js";
import { type Estimate, type Known, unknown } from "./estimate.js";
import { studentT } from "./quantiles.js";

/** What is left of a connect's logarithm after its host, and when it began. */
export interface Rest {
  readonly run: number;
  readonly value: number;
  /** Seconds. */
  readonly at: number;
}

export interface Wander {
  readonly connectCv: Estimate;
  readonly wanderCv: Estimate;
  readonly wanderSeconds: Estimate;
  /** Variance of the wander, in logarithms. */
  readonly variance: number;
}

/** Correlation of the drawn wander at 0, ¼ … 2 steps apart, over all places; 0 beyond. */
const RHO = [1, 0.9302, 0.7554, 0.5333, 0.3183, 0.1506, 0.0483, 0.0063, 0];
const SECONDS = [1, 1.5, 2, 3, 4, 5, 7, 10, 14, 20];
/** A wider range says nothing. */
const SECONDS_RANGE = 8;
/** Upper ends of the distances that are told apart, seconds. */
const APART = [0.4, 0.7, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 40];
/** Pairs that a distance needs, and connects that all of it needs. */
const PAIRS_LEAST = 20;
const CONNECTS_LEAST = 60;
const RUNS_LEAST = 4;

interface Distance {
  readonly apart: number;
  readonly variance: number;
  readonly pairs: number;
}

interface Fit {
  readonly own: number;
  readonly wander: number;
  readonly seconds: number;
  readonly error: number;
}

/** Null where there are too few connects, or too few runs, to tell. `assumed`: seconds to go by where the connects tell none. */
export function wanderOf(rest: readonly Rest[], assumed: number): Wander | null {
  const runs = [...new Set(rest.map(({ run }) => run))].map((run) => rest.filter((one) => one.run === run));
  if (rest.length < CONNECTS_LEAST || runs.length < RUNS_LEAST) return null;
  const free = leftOut(runs, SECONDS);
  const told = free !== null && free.all.wander > 0 ? secondsOf(free) : null;
  const fits = told === null ? leftOut(runs, [assumed]) : free;
  if (fits === null) return null;
  const basis = { kind: "known", observations: rest.length, runs: runs.length } as const;
  const figure = (read: (fit: Fit) => number): Estimate => ({ ...basis, ...jackknife(read(fits.all), fits.without.map(read)) });
  return {
    connectCv: figure(({ own }) => variation(own)),
    wanderCv: figure(({ wander }) => variation(wander)),
    wanderSeconds: told === null ? unknown("the connects of these runs fit any") : { ...basis, value: fits.all.seconds, interval: told },
    variance: fits.all.wander,
  };
}

interface Fits {
  readonly all: Fit;
  /** One run left out at a time. */
  readonly without: readonly Fit[];
}

function leftOut(runs: readonly (readonly Rest[])[], grid: readonly number[]): Fits | null {
  const all = bestFit(runs, grid);
  if (all === null) return null;
  return {
    all,
    without: runs.flatMap(
      (_, left) =>
        bestFit(
          runs.filter((_, i) => i !== left),
          grid,
        ) ?? [],
    ),
  };
}

/** From a step of the grid below the least to one above the most; null where that is nearly all of it. */
function secondsOf({ all, without }: Fits): { low: number; high: number } | null {
  const places = [all, ...without].map(({ seconds }) => SECONDS.indexOf(seconds));
  const low = SECONDS[Math.max(0, Math.min(...places) - 1)]!;
  const high = SECONDS[Math.min(SECONDS.length - 1, Math.max(...places) + 1)]!;
  return high / low > SECONDS_RANGE ? null : { low, high };
}

function jackknife(value: number, without: readonly number[]): Pick<Known, "value" | "interval"> {
  const centre = mean(without);
  const variance = ((without.length - 1) / without.length) * without.reduce((sum, one) => sum + (one - centre) ** 2, 0);
  const reach = studentT(without.length - 1) * Math.sqrt(variance);
  return { value, interval: { low: Math.max(0, value - reach), high: value + reach } };
}

function bestFit(runs: readonly (readonly Rest[])[], grid: readonly number[]): Fit | null {
  const distances = distancesOf(runs);
  if (distances.length < 3) return null;
  return grid.map((seconds) => fitAt(distances, seconds)).reduce((best, fit) => (fit.error < best.error ? fit : best));
}

function distancesOf(runs: readonly (readonly Rest[])[]): Distance[] {
  const pairs = APART.map((): { apart: number; difference: number }[] => []);
  for (const rest of runs) {
    for (const [i, a] of rest.entries()) {
      for (const b of rest.slice(i + 1)) {
        const apart = Math.abs(a.at - b.at);
        pairs[APART.findIndex((end) => apart < end)]?.push({ apart, difference: a.value - b.value });
      }
    }
  }
  return pairs.flatMap((own) => {
    if (own.length < PAIRS_LEAST) return [];
    const ascending = own.map(({ difference }) => difference).sort((a, b) => a - b);
    const spread = (quantile(ascending, 0.95) - quantile(ascending, 0.05)) / RANGE_90;
    return [{ apart: mean(own.map(({ apart }) => apart)), variance: spread ** 2 / 2, pairs: own.length }];
  });
}

/** Least squares of two figures that may not be negative, by pairs. */
function fitAt(distances: readonly Distance[], seconds: number): Fit {
  const points = distances.map(({ apart, variance, pairs }) => ({ x: 1 - correlation(apart / seconds), y: variance, weight: pairs }));
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const average = (read: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + point.weight * read(point), 0) / total;
  const [x, y] = [average((point) => point.x), average((point) => point.y)];
  const spread = average((point) => (point.x - x) ** 2);
  const slope = spread > 0 ? average((point) => (point.x - x) * (point.y - y)) / spread : 0;
  const wander = Math.max(0, Math.min(slope, x > 0 ? y / x : 0));
  const own = Math.max(0, y - wander * x);
  return { own, wander, seconds, error: average((point) => (own + wander * point.x - point.y) ** 2) };
}

function correlation(steps: number): number {
  const place = steps * 4;
  const below = Math.floor(place);
  if (below + 1 >= RHO.length) return 0;
  return RHO[below]! + (place - below) * (RHO[below + 1]! - RHO[below]!);
}
