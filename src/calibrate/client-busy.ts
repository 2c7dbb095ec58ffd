// When a serial client was busy and saw nothing: from the start of a hook until the accept. What ended meanwhile it tells
// late, so such instants of a log are not those of the event.
import type { Estimate } from "./estimate.js";
import { isRemote, type RecordedRun, rowsOf } from "./recorded-run.js";

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A client that was busy tells what it missed within this time, seconds. */
const CATCHING_UP = 0.03;

/** Twice the hook's time is left before each ask, but no hook starts before there is somebody to ask for. */
export function busySpans(run: RecordedRun, hook: Estimate): Span[] {
  if (run.conduct.timing.ask !== "serial") return [];
  const before = hook.kind === "known" ? 2 * hook.value : 0;
  return rowsOf(run)
    .filter(isRemote)
    .map((row) => ({ from: Math.max(row.at("asked") - before, row.at("ready")), to: row.at("accepted") + CATCHING_UP }));
}

export function isIdle(busy: readonly Span[], from: number, to: number): boolean {
  return !busy.some((span) => span.from <= to && span.to >= from);
}
