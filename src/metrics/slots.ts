// What held each slot, from when to when, and what it did meanwhile. Two attempts never share a slot: where a recorded
// trace has more at once than the host has slots, a later one holds its slot from when one is free. Instants in µs.
import type { Stage } from "#dispatch/trace.js";
import type { Attempts } from "./attempts.js";
import { BUSY_PARTS, type BusyPart } from "./result.js";

export interface Held {
  readonly row: number;
  readonly host: number;
  /** Lowest that was free, 0 … maxJobs − 1. */
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** Where each part ends. A stage that the source did not see gives its time to the next that it saw. */
const ENDS: readonly (readonly [BusyPart, Stage])[] = [
  ["asking", "accepted"],
  ["upload-lock", "uploadFrom"],
  ["upload", "uploaded"],
  ["overhead", "started"],
  ["building", "built"],
  ["download", "returned"],
  ["notice", "slotFreed"],
];

/** By host, then begin, then row. Attempts that hold a slot for no time are in it; what lies after the makespan is not. */
export function heldSlots(attempts: Attempts): Held[] {
  const { trace, problem } = attempts;
  const rowsOf: number[][] = Array.from({ length: problem.hosts.count }, () => []);
  for (let row = 0; row < trace.rows; row++) rowsOf[trace.host[row]!]?.push(row);
  return rowsOf.flatMap((rows, host) => {
    rows.sort((a, b) => trace.asked[a]! - trace.asked[b]! || a - b);
    const freeAt = new Float64Array(problem.hosts.maxJobs[host]!);
    return freeAt.length === 0 ? [] : rows.map((row) => hold(row, host, freeAt));
  });

  function hold(row: number, host: number, freeAt: Float64Array): Held {
    const asked = trace.asked[row]!;
    let slot = 0;
    for (let s = 0; s < freeAt.length && freeAt[slot]! > asked; s++) if (freeAt[s]! < freeAt[slot]! || freeAt[s]! <= asked) slot = s;
    const from = Math.min(trace.makespan, Math.max(asked, freeAt[slot]!));
    const to = Math.min(trace.makespan, Math.max(from, attempts.freedAt(row)));
    freeAt[slot] = to;
    return { row, host, slot, from, to };
  }
}

/** Adds the parts of the time that it was held to `into`, by index in BUSY_PARTS. */
export function addParts({ trace }: Attempts, { row, from, to }: Held, into: Float64Array, at: number): void {
  eachPart(trace, row, from, to, (part, begin, end) => {
    into[at + part]! += end - begin;
  });
}

/** Visits the parts in order, from `from` to `to` without gaps, empty ones left out. */
export function eachPart(
  trace: Attempts["trace"],
  row: number,
  from: number,
  to: number,
  visit: (part: number, begin: number, end: number) => void,
): void {
  let begin = from;
  let next = 0;
  for (const [k, [part, stage]] of ENDS.entries()) {
    const at = trace[stage][row]!;
    if (at !== at) continue;
    const end = Math.min(to, at);
    if (end > begin) {
      visit(BUSY_PARTS.indexOf(part), begin, end);
      begin = end;
    }
    next = Math.min(k + 1, ENDS.length - 1);
  }
  // Broken off: what it was about to finish.
  if (to > begin) visit(BUSY_PARTS.indexOf(ENDS[next]![0]), begin, to);
}
