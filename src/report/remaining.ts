// When a run that is under way will be done: the worlds that were simulated before it began, each taken up where it had done as
// much of the work, its rest stretched by how much longer or shorter builds really took so far. Assumes that what is late
// stays late; knows no hosts. Nothing sooner than the build that is expected last among those that run.
import type { Foretold, Range } from "./foretold.js";

/** What has been done, seconds of the foretold medians, and of the clock. */
export interface Course {
  readonly now: number;
  /** Share of all work that is done, 0 to 1. */
  readonly share: number;
  /** Of ended builds, and of those that run for longer than foretold: what they took, and what was foretold of them. */
  readonly took: number;
  readonly foretold: number;
  /** Instant by which all that runs is expected to have ended. */
  readonly runningUntil: number;
}

/** Foretold seconds that the first real ones are weighed against: a few early builds do not stretch everything. */
const WEIGHT_SHARE = 0.1;

/** Instants. */
export function endOf({ now, share, took, foretold, runningUntil }: Course, { courses, makespans, builds }: Foretold): Range {
  const all = builds.reduce((sum, { seconds: { median } }) => (Number.isNaN(median) ? sum : sum + median), 0);
  const weight = Math.max(all * WEIGHT_SHARE, 1e-9);
  const pace = (took + weight) / (foretold + weight);
  const ends = courses
    .map((course, w) => Math.max(now + pace * (makespans[w]! - reached(course, share)), runningUntil, now))
    .sort((a, b) => a - b);
  const at = (part: number): number => ends[Math.round(part * (ends.length - 1))] ?? Number.NaN;
  return { median: at(0.5), low: at(0.05), high: at(0.95) };
}

/** When that world had done that share. */
function reached(course: Float64Array, share: number): number {
  if (!(share > 0)) return 0;
  const place = Math.min(1, share) * (course.length - 1);
  const below = Math.floor(place);
  const from = course[below]!;
  const to = course[Math.min(below + 1, course.length - 1)]!;
  return from + (to - from) * (place - below);
}
