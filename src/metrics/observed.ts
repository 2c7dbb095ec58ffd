// A trace as validation reads it: the last attempt of each task, instants in seconds on the simulator's clock. A recording's
// clock starts with the program, the simulator's with the first request: they are set equal at the first ask.
import { COORDINATOR } from "#base/units.js";
import { BUILT, type Stage, type Trace } from "#dispatch/trace.js";

export interface Observed {
  readonly trace: Trace;
  /** Row of the attempt that built the task, else of its last; −1: never asked. */
  readonly rowOf: Int32Array;
  /** Seconds to take from every instant. */
  readonly shift: number;
}

export function observed(trace: Trace, tasks: number, shift = 0): Observed {
  const rowOf = new Int32Array(tasks).fill(-1);
  for (let row = 0; row < trace.rows; row++) {
    const before = rowOf[trace.task[row]!]!;
    if (before < 0 || trace.outcome[before] !== BUILT) rowOf[trace.task[row]!] = row;
  }
  return { trace, rowOf, shift };
}

/** Seconds; NaN where it was not seen. */
export function instantOf({ trace, rowOf, shift }: Observed, task: number, stage: Stage): number {
  const row = rowOf[task]!;
  return row < 0 ? Number.NaN : trace[stage][row]! / 1e6 - shift;
}

/** −1: never asked. */
export function hostOf({ trace, rowOf }: Observed, task: number): number {
  const row = rowOf[task]!;
  return row < 0 ? -1 : trace.host[row]!;
}

/**
 * Seconds of the first ask of a machine, on the trace's own clock; where only the coordinator built, of the first ask at all;
 * where no ask is seen, 0.
 */
export function firstAsk(trace: Trace): number {
  const least = (rows: readonly number[]): number => {
    const seen = rows.map((row) => trace.asked[row]!).filter((at) => !Number.isNaN(at));
    return seen.length === 0 ? 0 : seen.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
  };
  const all = Array.from({ length: trace.rows }, (_, row) => row);
  const remote = all.filter((row) => trace.host[row] !== COORDINATOR);
  return least(remote.length > 0 ? remote : all) / 1e6;
}

/** How the end of a run is told: by the last stage after the build that every built row of the traces shows, else by what their headers say. */
export type End = "noticed" | "returned" | "built" | "makespan";

export function endStage(traces: readonly Trace[]): End {
  const seen = (stage: Stage): boolean =>
    traces.every((trace) => {
      for (let row = 0; row < trace.rows; row++) if (trace.outcome[row] === BUILT && Number.isNaN(trace[stage][row]!)) return false;
      return true;
    });
  return (["noticed", "returned", "built"] as const).find(seen) ?? "makespan";
}

/** Seconds at which the last task reached that stage, by its last attempt. */
export function endOf(run: Observed, stage: End): number {
  if (stage === "makespan") return run.trace.makespan / 1e6 - run.shift;
  let end = 0;
  for (let task = 0; task < run.rowOf.length; task++) {
    const at = instantOf(run, task, stage);
    if (at > end) end = at;
  }
  return end;
}
