// When a serial client was busy and saw nothing: from the start of a hook until the accept. What ended meanwhile it tells
// late, so such instants of a log are not those of the event.
import type { Estimate } from "./estimate.js";
import { isRemote, type RecordedRun, type Row, rowsByClient } from "./recorded-run.js";

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A client that was busy tells what it missed within this time, seconds. */
const CATCHING_UP = 0.03;

/** Of the client that asked for a row. Twice the hook's time is left before each ask, but no hook starts before there is somebody to ask for. */
export function busySpans(run: RecordedRun, hook: Estimate): (row: Row) => readonly Span[] {
  if (run.conduct.timing.ask !== "serial") return () => [];
  const before = hook.kind === "known" ? 2 * hook.value : 0;
  const spans = rowsByClient(run).map((rows) => {
    const busy = rows
      .filter(isRemote)
      .map((row) => ({ from: latest(row.at("asked") - before, row.at("ready")), to: row.at("accepted") + CATCHING_UP }));
    return [rows[0]!.client, busy] as const;
  });
  const byClient = new Map(spans);
  return ({ client }) => byClient.get(client)!;
}

/** `ready` is unknown where no graph tells it: then the hook's time is all that is left. */
function latest(at: number, ready: number): number {
  return Number.isNaN(ready) ? at : Math.max(at, ready);
}

export function isIdle(busy: readonly Span[], from: number, to: number): boolean {
  return !busy.some((span) => span.from <= to && span.to >= from);
}
