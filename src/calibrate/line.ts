// A straight line through points with outliers: the median of all pairwise slopes (Theil 1950, Sen 1968), its interval by
// Kendall's rank statistic, the intercept by the median of what is left.
import { MEDIAN_COST, MEDIAN_DISTANCE, middle } from "./cluster.js";
import { Z } from "#base/random.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly intercept: number;
  readonly interceptLow: number;
  readonly interceptHigh: number;
}

/** More points than this are thinned evenly: pairs grow with the square. */
const POINTS_MAX = 300;
const POINTS_LEAST = 4;
/** Pairs nearer than this share of the whole range say more of what varies than of the slope. */
const FAR = 0.25;

/** Null with fewer than four points, or hardly any two of different x. */
export function lineThrough(given: readonly Point[]): Line | null {
  const step = Math.max(1, given.length / POINTS_MAX);
  const points = Array.from({ length: Math.floor(given.length / step) }, (_, i) => given[Math.floor(i * step)]!);
  const far = FAR * spread(points);
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).flatMap((b) => (isNear(a.x, b.x, far) ? [] : [(b.y - a.y) / (b.x - a.x)])))
    .sort((a, b) => a - b);
  const count = points.length;
  if (count < POINTS_LEAST || slopes.length < count) return null;
  // Of the pairs that count, those to the left of a point and those to its right pull apart: with all of them n (n − 1) (2 n + 5) ÷ 18.
  const pulls = points.map(({ x }) => points.reduce((sum, other) => sum + (isNear(x, other.x, far) ? 0 : Math.sign(x - other.x)), 0));
  const reach = Z * Math.sqrt((slopes.length + pulls.reduce((sum, pull) => sum + pull ** 2, 0)) / 3);
  const at = (place: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, place))]!;
  const low = at(Math.floor((slopes.length - reach) / 2));
  const high = at(Math.ceil((slopes.length + reach) / 2));
  const slope = middle(slopes);
  const left = points.map(({ x, y }) => y - slope * x);
  const centre = middle(left);
  const sigma = MEDIAN_DISTANCE * middle(left.map((value) => Math.abs(value - centre)));
  const away = (Z * MEDIAN_COST * sigma) / Math.sqrt(count);
  const atSlope = (other: number): number => middle(points.map(({ x, y }) => y - other * x));
  return {
    slope,
    low,
    high,
    intercept: centre,
    interceptLow: Math.min(centre, atSlope(high)) - away,
    interceptHigh: Math.max(centre, atSlope(low)) + away,
  };
}

/** Too near to count. */
function isNear(a: number, b: number, far: number): boolean {
  return a === b || Math.abs(a - b) < far;
}

function spread(points: readonly Point[]): number {
  return (
    points.reduce((most, { x }) => Math.max(most, x), 0) - points.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY)
  );
}
