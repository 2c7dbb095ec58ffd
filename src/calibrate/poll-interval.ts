// build-poll-interval from postponed builds: Nix sleeps whole seconds, so a tick comes that many seconds after the first
// refusal or the tick before, and at most one second later. The largest interval that explains the waits is taken.
// Source: waitForInput as in dispatch/waves.ts. Blind: an interval of which every wait happens to be a multiple.
import type { TraceSpan } from "#dispatch/trace.js";
import { type Estimate, unknown } from "./estimate.js";
import type { RecordedRun } from "./recorded-run.js";

/** A log lags behind what it tells, and others are asked first: seconds. */
const LAG = 0.05;
const ASKED_FIRST = 1;
/** Waits that must fit; the others met something else. */
const FITTING = 0.8;

export function pollInterval(runs: readonly RecordedRun[]): Estimate {
  const polled = runs.filter(({ conduct }) => conduct.offering.kind === "waves");
  if (polled.length === 0) return unknown("this client does not poll");
  const byRun = polled.map(({ trace }) => firstWaits(trace.spans.filter(({ kind }) => kind === "postponed")));
  const waits = byRun.flat();
  if (waits.length === 0) return unknown("no build was ever postponed");
  let value = Math.floor(Math.min(...waits) + LAG);
  while (value > 1 && waits.filter((wait) => fits(wait, value)).length < FITTING * waits.length) value--;
  const met = byRun.filter((own) => own.length > 0).length;
  return { kind: "known", value, interval: { low: value, high: value }, observations: waits.length, runs: met };
}

function fits(wait: number, interval: number): boolean {
  const ticks = Math.floor((wait + LAG) / interval);
  return ticks > 0 && wait <= ticks * (interval + 1) + ASKED_FIRST;
}

/** Seconds until the first one is asked again, each time that somebody is postponed and nobody else was. */
function firstWaits(spans: readonly TraceSpan[]): number[] {
  const ascending = spans.toSorted((a, b) => a.from - b.from);
  const waits: number[] = [];
  for (let i = 0; i < ascending.length; ) {
    const { from } = ascending[i]!;
    let { to: first, to: over } = ascending[i]!;
    for (i++; i < ascending.length && ascending[i]!.from <= over; i++) {
      first = Math.min(first, ascending[i]!.to);
      over = Math.max(over, ascending[i]!.to);
    }
    waits.push((first - from) / 1e6);
  }
  return waits;
}
