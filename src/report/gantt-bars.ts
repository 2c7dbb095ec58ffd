// The bars of a Gantt picture, few enough to draw: phases too short to see join their neighbour, and when a run has more
// attempts than `most`, neighbouring short ones of a slot are drawn as one. Rows to keep (the critical path) are never
// merged. Same trace, same bars.
import type { Trace } from "#dispatch/trace.js";
import type { BusyPart } from "#metrics/result.js";
import type { Held } from "#metrics/slots.js";
import { type Phase, phasesOf } from "./lanes.js";

export type GanttPart = BusyPart | "several";

/** `row` is its first attempt. */
export interface GanttBar extends Held {
  readonly attempts: number;
  readonly phases: readonly { readonly part: GanttPart; readonly from: number; readonly to: number }[];
}

export interface GanttBars {
  readonly bars: readonly GanttBar[];
  /** Attempts that are drawn as a part of "several". */
  readonly merged: number;
  /** Attempts shorter than this, and gaps between them, were merged, µs; 0 = none. */
  readonly threshold: number;
}

type Run = Held & { readonly attempts: number };

/** `held` by host, slot, begin. `unseen`: the shortest phase that a reader can see, µs. */
export function ganttBars(trace: Trace, held: readonly Held[], keep: ReadonlySet<number>, most: number, unseen: number): GanttBars {
  let threshold = 0;
  let runs: readonly Run[] = merge(held, keep, 0);
  for (let next = Math.max(1, unseen); runs.length > most && threshold <= trace.makespan; next *= 2) {
    threshold = next;
    runs = merge(held, keep, threshold);
  }
  let merged = 0;
  for (const run of runs) if (run.attempts > 1) merged += run.attempts;
  return { bars: runs.map((run) => ({ ...run, phases: phasesToDraw(trace, run, unseen) })), merged, threshold };
}

function merge(held: readonly Held[], keep: ReadonlySet<number>, threshold: number): Run[] {
  const runs: Run[] = [];
  let open = false;
  for (const bar of held) {
    const short = bar.to - bar.from < threshold && !keep.has(bar.row);
    const last = runs.at(-1);
    if (short && open && last !== undefined && last.host === bar.host && last.slot === bar.slot && bar.from - last.to < threshold) {
      runs[runs.length - 1] = { ...last, to: bar.to, attempts: last.attempts + 1 };
    } else runs.push({ ...bar, attempts: 1 });
    open = short;
  }
  return runs;
}

function phasesToDraw(trace: Trace, run: Run, unseen: number): GanttBar["phases"] {
  if (run.attempts > 1) return [{ part: "several", from: run.from, to: run.to }];
  return visible(phasesOf(trace, run), unseen);
}

/** Gives phases shorter than `unseen` to the one before them, or to the next when they come first. */
function visible(phases: readonly Phase[], unseen: number): Phase[] {
  const out: Phase[] = [];
  let pending = Number.NaN;
  for (const phase of phases) {
    const from = Number.isNaN(pending) ? phase.from : pending;
    const last = out.at(-1);
    if (phase.to - from >= unseen) {
      out.push({ part: phase.part, from, to: phase.to });
      pending = Number.NaN;
    } else if (last !== undefined) out[out.length - 1] = { ...last, to: phase.to };
    else pending = from;
  }
  if (out.length > 0 || phases.length === 0) return out;
  const longest = phases.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  return [{ part: longest.part, from: phases[0]!.from, to: phases.at(-1)!.to }];
}
