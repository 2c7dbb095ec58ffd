// A parameter that no stage shows, from makespans alone: the value at which the simulated run takes as long as the real
// one, by bisection, for each run; runs then count as observations, and show how runs differ. One parameter only: several
// cannot be told apart.
// Assumes: makespans grow with it. Worlds are simulated by a function that is given.
import type { Timing } from "#dispatch/conduct.js";
import type { Trace } from "#dispatch/trace.js";
import { endOf, endStage, firstAsk, observed } from "#metrics/observed.js";
import { betweenRuns, middle, overRuns, type Sample } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import type { RecordedRun } from "./recorded-run.js";

/** Figures of a timing that makespans can tell, one at a time. */
export const HIDDEN = [
  "hookSeconds",
  "acceptSeconds",
  "startSeconds",
  "returnSeconds",
  "noticeSeconds",
] as const satisfies readonly (keyof Timing)[];
export type HiddenField = (typeof HIDDEN)[number];

export type Simulate = (run: RecordedRun, seed: number) => Trace;

export interface Hidden {
  readonly value: Estimate;
  /** Variation of it from run to run. */
  readonly loadCv: Estimate;
}

const SECONDS_MAX = 1e5;
const STEPS = 24;
/** Worlds whose median counts, where they differ. */
const WORLDS = 9;

export function hidden(runs: readonly RecordedRun[], field: HiddenField, simulate: Simulate): Hidden {
  const samples: Sample[] = [];
  for (const [run, recorded] of runs.entries()) {
    const value = solved((seconds) => excess(withTiming(recorded, { [field]: seconds }), simulate));
    if (value === null) {
      const why = `${recorded.name} takes no longer than simulated without it, or longer than it can explain`;
      return { value: unknown(why), loadCv: unknown(why) };
    }
    samples.push({ run, value });
  }
  return { value: overRuns(samples, "there are no runs", 0), loadCv: betweenRuns(samples) };
}

export function withTiming(run: RecordedRun, timing: Partial<Timing>): RecordedRun {
  return { ...run, conduct: { ...run.conduct, timing: { ...run.conduct.timing, ...timing } } };
}

/** Simulated less real makespan, seconds, both from the first ask to the last stage that the recording shows. */
function excess(run: RecordedRun, simulate: Simulate): number {
  const { count } = run.problem.graph;
  const end = endStage([run.trace]);
  const worlds = Array.from({ length: isCertain(run) ? 1 : WORLDS }, (_, i) => simulate(run, i + 1));
  const span = (trace: Trace): number => endOf(observed(trace, count), end) - (end === "makespan" ? 0 : firstAsk(trace));
  return middle(worlds.map(span)) - span(run.trace);
}

function isCertain({ conduct, problem }: RecordedRun): boolean {
  return (
    conduct.timing.connectCv === 0 &&
    conduct.timing.loadCv === 0 &&
    conduct.timing.configurationCv === 0 &&
    problem.tasks.cv.every((cv) => cv === 0)
  );
}

/** Where an ascending function crosses 0, to a thousandth; null when it does not above 0. */
function solved(of: (value: number) => number): number | null {
  if (of(0) >= 0) return null;
  let low = 0;
  let high = 1;
  while (of(high) < 0) {
    low = high;
    high *= 2;
    if (high > SECONDS_MAX) return null;
  }
  for (let i = 0; i < STEPS && high - low > 1e-4 * high; i++) {
    const half = (low + high) / 2;
    if (of(half) < 0) low = half;
    else high = half;
  }
  return (low + high) / 2;
}
