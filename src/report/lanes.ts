// A trace as bars in lanes: what each slot held, when, and in which phase. A stage that the source could not see gives its
// time to the next one that it saw. Attempts of one slot never overlap here: under conducts that take a slot only for the
// build, what went before it is cut off at the end of the slot's previous build.
import { RUNNING, type Stage, type Trace } from "#dispatch/trace.js";
import type { BusyPart } from "#metrics/result.js";

export interface Phase {
  readonly part: BusyPart;
  /** µs. */
  readonly from: number;
  readonly to: number;
}

export interface Bar {
  readonly row: number;
  readonly host: number;
  readonly slot: number;
  /** µs. */
  readonly from: number;
  readonly to: number;
  /** Consecutive, from `from` to `to`; empty phases left out. */
  readonly phases: readonly Phase[];
}

/** What the slot did until that stage. `asked` opens the bar. */
const UNTIL: readonly (readonly [Stage, BusyPart])[] = [
  ["accepted", "asking"],
  ["uploadFrom", "upload-lock"],
  ["uploaded", "upload"],
  ["started", "overhead"],
  ["built", "building"],
  ["returned", "download"],
  ["slotFreed", "notice"],
];

/** By host, slot, begin, row. */
export function lanes(trace: Trace): Bar[] {
  const rows = Array.from({ length: trace.rows }, (_, row) => row);
  rows.sort((a, b) => trace.host[a]! - trace.host[b]! || trace.slot[a]! - trace.slot[b]! || trace.asked[a]! - trace.asked[b]! || a - b);
  const bars: Bar[] = [];
  for (const row of rows) {
    const before = bars.at(-1);
    const sameSlot = before !== undefined && before.host === trace.host[row] && before.slot === trace.slot[row];
    bars.push(bar(trace, row, sameSlot ? before.to : 0));
  }
  return bars;
}

function bar(trace: Trace, row: number, earliest: number): Bar {
  const from = Math.max(earliest, trace.asked[row]!);
  const end = Math.max(from, endOf(trace, row));
  const phases: Phase[] = [];
  let at = from;
  for (const [stage, part] of UNTIL) {
    const instant = trace[stage][row]!;
    if (Number.isNaN(instant)) continue;
    const to = Math.min(end, instant);
    if (to <= at) continue;
    phases.push({ part, from: at, to });
    at = to;
  }
  if (at < end) phases.push({ part: phases.at(-1)?.part ?? "asking", from: at, to: end });
  return { row, host: trace.host[row]!, slot: trace.slot[row]!, from, to: end, phases };
}

/** The instant at which the slot was free again, as far as the trace tells. */
export function endOf(trace: Trace, row: number): number {
  const freed = trace.slotFreed[row]!;
  if (!Number.isNaN(freed)) return freed;
  if (trace.outcome[row] === RUNNING) return trace.makespan;
  let latest = trace.asked[row]!;
  for (const [stage] of UNTIL) {
    const instant = trace[stage][row]!;
    if (instant > latest) latest = instant;
  }
  return latest;
}
