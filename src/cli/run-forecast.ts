// What a run will take, told before it begins: the same plan simulated in the scenario's worlds under the conduct of our
// engine. Of the whole, of each build, of each host; and how far each world had come at which instant, from which the end is
// foretold again while builds end. Quantiles are those of the worlds: the median, and where nine of ten lie.
import { setImmediate } from "node:timers/promises";
import type { Prediction } from "#live/run/journal.js";
import { BUILT, type Trace } from "#dispatch/trace.js";
import type { Foretold, Range } from "#report/foretold.js";
import { runOne, worldOf } from "./cell.js";
import type { Plan } from "./run-plan.js";

/** Worlds that are simulated at most: the plan has to be there soon. */
const WORLDS_MAX = 20;

export type Build = Pick<NonNullable<Plan["build"]>, "compiled" | "contender" | "experiment">;

export function forecastOf(build: Build): Foretold {
  return foretoldBy(build, [...worldsOf(build)]);
}

/** The same, beside what else there is to do: a pause after each world. Null once it is not wanted any more. */
export async function forecastBeside(build: Build, isWanted: () => boolean): Promise<Foretold | null> {
  const traces: Trace[] = [];
  for (const trace of worldsOf(build)) {
    traces.push(trace);
    await setImmediate();
    if (!isWanted()) return null;
  }
  return foretoldBy(build, traces);
}

function* worldsOf({ compiled, contender, experiment }: Build): Generator<Trace> {
  for (const seed of experiment.seeds.slice(0, WORLDS_MAX)) yield runOne(compiled, contender, worldOf(compiled, seed)).trace;
}

function foretoldBy({ compiled }: Build, traces: readonly Trace[]): Foretold {
  const { graph, hosts } = compiled.problem;
  const rowsOf = traces.map((trace) => builtRows(trace, graph.count));
  const builds = Array.from({ length: graph.count }, (_, task) => {
    const rows = rowsOf.flatMap((rows, w) => (rows[task]! < 0 ? [] : [[traces[w]!, rows[task]!] as const]));
    const counts = new Array<number>(hosts.count).fill(0);
    for (const [trace, row] of rows) counts[trace.host[row]!]!++;
    return {
      seconds: rangeOf(rows.map(([trace, row]) => (trace.built[row]! - trace.started[row]!) / 1e6)),
      started: rangeOf(rows.map(([trace, row]) => trace.started[row]! / 1e6)),
      hosts: counts,
    };
  });
  return {
    worlds: traces.length,
    makespan: rangeOf(traces.map((trace) => trace.makespan / 1e6)),
    makespans: traces.map((trace) => trace.makespan / 1e6),
    builds,
    hosts: Array.from({ length: hosts.count }, (_, host) => ({
      builds: rangeOf(traces.map((trace, w) => rowsOf[w]!.filter((row) => row >= 0 && trace.host[row] === host).length)),
      busy: rangeOf(traces.map((trace, w) => busySeconds(trace, rowsOf[w]!, host))),
    })),
    courses: traces.map((trace, w) =>
      courseOf(
        trace,
        rowsOf[w]!,
        builds.map(({ seconds }) => seconds.median),
      ),
    ),
  };
}

/** As the journal keeps it. */
export function predictionOf({ makespan, worlds }: Foretold): Prediction {
  return { ...makespan, worlds };
}

/** The row in which each task was built; −1 = in none. */
function builtRows(trace: Trace, tasks: number): Int32Array {
  const rows = new Int32Array(tasks).fill(-1);
  for (let row = 0; row < trace.rows; row++) if (trace.outcome[row] === BUILT) rows[trace.task[row]!] = row;
  return rows;
}

function busySeconds(trace: Trace, rows: Int32Array, host: number): number {
  let sum = 0;
  for (const row of rows) if (row >= 0 && trace.host[row] === host) sum += trace.built[row]! - trace.started[row]!;
  return sum / 1e6;
}

/** Points of a course: finer than any bar on a terminal. */
const POINTS = 200;

/**
 * When a world had done so much of the work: instants in seconds at 0, 1/POINTS, … 1 of it. The work of a build is its
 * median duration in all worlds, done evenly from its start to its end.
 */
function courseOf(trace: Trace, rows: Int32Array, work: readonly number[]): Float64Array {
  const changes: [at: number, rate: number][] = [];
  let all = 0;
  for (const [task, row] of rows.entries()) {
    if (row < 0 || !(work[task]! > 0)) continue;
    const [from, to] = [trace.started[row]! / 1e6, trace.built[row]! / 1e6];
    if (!(to > from)) continue;
    all += work[task]!;
    changes.push([from, work[task]! / (to - from)], [to, -work[task]! / (to - from)]);
  }
  changes.sort((a, b) => a[0] - b[0]);
  const course = new Float64Array(POINTS + 1).fill(trace.makespan / 1e6);
  let [at, done, rate, point] = [0, 0, 0, 0];
  for (const [next, change] of changes) {
    const reached = done + rate * (next - at);
    while (point < POINTS && (point / POINTS) * all <= reached) {
      course[point] = rate > 0 ? at + ((point / POINTS) * all - done) / rate : at;
      point++;
    }
    [at, done, rate] = [next, reached, rate + change];
  }
  return course;
}

/** Median and between which two worlds nine of ten runs will lie, or a little more; of nothing: not a number. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? Number.NaN;
  // Of n worlds p (n + 1) lie below what one more falls short of with probability p: metrics/stats.
  const next = (share: number): number => share * (sorted.length + 1) - 1;
  return { median: at(Math.round((sorted.length - 1) / 2)), low: at(Math.floor(next(0.05))), high: at(Math.ceil(next(0.95))) };
}
