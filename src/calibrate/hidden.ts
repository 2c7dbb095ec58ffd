// A parameter that no stage shows, from makespans alone: the value at which the simulated run takes as long as the real
// one, by bisection, for each run; what load it had is part of that. Runs then count as observations, and show how runs differ;
// one alone borrows what the conduct assumes of that. One parameter only: several cannot be told apart.
// Assumes: makespans grow with it. Worlds are simulated by a function that is given.
import { exponential, ln, Z } from "#base/random.js";
import type { Timing } from "#dispatch/conduct.js";
import type { Trace } from "#dispatch/trace.js";
import { endOf, endStage, firstAsk, observed } from "#metrics/observed.js";
import { middle, overRuns } from "./cluster.js";
import { type Between, between } from "./configurations.js";
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

export interface Hidden extends Between {
  readonly value: Estimate;
}

const SECONDS_MAX = 1e5;
const STEPS = 24;
/** Worlds whose median counts, where they differ. */
const WORLDS = 9;

export function hidden(runs: readonly RecordedRun[], field: HiddenField, simulate: Simulate): Hidden {
  const values: number[] = [];
  for (const recorded of runs) {
    const value = solved((seconds) => excess(withTiming(recorded, { ...AS_USUAL, [field]: seconds }), simulate));
    if (value === null) {
      const why = unknown(`${recorded.name} takes no longer than simulated without it, or longer than it can explain`);
      return { value: why, loadCv: why, configurationCv: why };
    }
    values.push(value);
  }
  const assumed = runs[0]!.conduct.timing;
  const loads = values.map((value, run) => ({ configuration: runs[run]!.name, load: ln(value), noise: 0, observations: 1 }));
  const samples = values.map((value, run) => ({ run, value }));
  return { value: withOwnLoad(overRuns(samples, "there are no runs", 0), assumed.loadCv), ...between(loads, assumed) };
}

/** A run like any other. */
const AS_USUAL: Partial<Timing> = { loadCv: 0, configurationCv: 0 };

/** One run has some load, and tells nothing of it. */
function withOwnLoad(value: Estimate, loadCv: number): Estimate {
  if (value.kind === "unknown" || value.runs > 1 || loadCv === 0) return value;
  const reach = exponential(Z * Math.sqrt(ln(1 + loadCv ** 2)));
  return { ...value, interval: { low: value.value / reach, high: value.value * reach } };
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
  const varies = Object.entries(conduct.timing).some(([name, value]) => name.endsWith("Cv") && value !== 0);
  return !varies && problem.demand.slowdownCv === null && problem.tasks.cv.every((cv) => cv === 0);
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
