// A trace as bars in lanes: what held each slot, when, and in which phase. Slots and phases are metrics' own partition, so
// that pictures show what the tables sum; here they are only put in order for drawing.
import type { Trace } from "#dispatch/trace.js";
import { Attempts } from "#metrics/attempts.js";
import { BUSY_PARTS, type BusyPart } from "#metrics/result.js";
import { eachPart, type Held, heldSlots } from "#metrics/slots.js";
import type { Problem } from "#model/problem.js";

export interface Phase {
  readonly part: BusyPart;
  /** µs. */
  readonly from: number;
  readonly to: number;
}

/** By host, slot, begin, row; bars of one slot never overlap. Instants in µs. */
export function lanes(trace: Trace, problem: Problem): Held[] {
  return heldSlots(new Attempts(trace, problem)).sort((a, b) => a.host - b.host || a.slot - b.slot || a.from - b.from || a.row - b.row);
}

/** What the slot did during a bar: consecutive, from its begin to its end; empty phases left out. */
export function phasesOf(trace: Trace, { row, from, to }: Held): Phase[] {
  const phases: Phase[] = [];
  eachPart(trace, row, from, to, (part, begin, end) => {
    phases.push({ part: BUSY_PARTS[part]!, from: begin, to: end });
  });
  return phases;
}
