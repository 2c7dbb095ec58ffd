// The bars of a Gantt picture, few enough to draw: phases too short to see join their neighbour, and when a run has more
// attempts than `most`, neighbouring short ones of a slot are drawn as one. Nothing on the critical path is ever merged.
// Same trace, same bars.
import type { BusyPart } from "#metrics/result.js";
import type { Bar, Phase } from "./lanes.js";

export type GanttPart = BusyPart | "several";

export interface GanttBar {
  readonly host: number;
  readonly slot: number;
  /** µs. */
  readonly from: number;
  readonly to: number;
  /** The attempts in it: first row of the trace, and how many. */
  readonly row: number;
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

/** `unseen`: the shortest phase that a reader can see, µs. `keep`: rows that must stay apart. */
export function ganttBars(bars: readonly Bar[], keep: ReadonlySet<number>, most: number, unseen: number): GanttBars {
  let threshold = 0;
  let merged = merge(bars, keep, threshold);
  for (let next = Math.max(1, unseen); merged.length > most; next *= 2) {
    if (merged.length <= keep.size) break;
    threshold = next;
    merged = merge(bars, keep, threshold);
    if (next > 1e18) break;
  }
  let count = 0;
  for (const bar of merged) if (bar.attempts > 1) count += bar.attempts;
  return {
    bars: merged.map((bar) => (bar.attempts > 1 ? bar : { ...bar, phases: visible(bar.phases as readonly Phase[], unseen) })),
    merged: count,
    threshold,
  };
}

function merge(bars: readonly Bar[], keep: ReadonlySet<number>, threshold: number): GanttBar[] {
  const out: GanttBar[] = [];
  let open = false;
  for (const bar of bars) {
    const short = threshold > 0 && bar.to - bar.from < threshold && !keep.has(bar.row);
    const last = out.at(-1);
    if (short && open && last !== undefined && last.host === bar.host && last.slot === bar.slot && bar.from - last.to < threshold) {
      out[out.length - 1] = {
        ...last,
        to: bar.to,
        attempts: last.attempts + 1,
        phases: [{ part: "several", from: last.from, to: bar.to }],
      };
    } else out.push({ host: bar.host, slot: bar.slot, from: bar.from, to: bar.to, row: bar.row, attempts: 1, phases: bar.phases });
    open = short;
  }
  return out;
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
  if (out.length === 0 && phases.length > 0) {
    const longest = phases.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
    return [{ part: longest.part, from: phases[0]!.from, to: phases.at(-1)!.to }];
  }
  return out;
}
