// build-poll-interval from postponed builds: Nix sleeps whole seconds, so a tick comes that many seconds after the first
// refusal, and up to one second later. Waits are taken as even in that second: the shorter the shortest of many, the
// surer. Where several intervals fit, the conduct's own is kept if it is among them.
// Source: waitForInput as in dispatch/waves.ts. Blind: an interval of which every wait happens to be a multiple.
import type { TraceSpan } from "#dispatch/trace.js";
import { type Estimate, unknown } from "./estimate.js";
import { isSerial, type RecordedRun } from "./recorded-run.js";

/** A log lags behind what it tells by at most this, and others are asked first: seconds. */
const LAG = 0.3;
const ASKED_FIRST = 1;
/** A few waits may all have met something else: so many must speak for another interval than the conduct's own. */
const OTHER_LEAST = 6;
/** Waits that must fit; the others met something else. */
const FITTING = 0.8;
/** An interval is ruled out where so short a shortest wait would be less probable. */
const UNLIKELY = 0.05;

export function pollInterval(runs: readonly RecordedRun[]): Estimate {
  const polled = runs.filter(({ conduct }) => conduct.offering.kind === "waves");
  if (polled.length === 0) return unknown("this client does not poll");
  const single = polled.filter((run) => isSerial(run) && run.trace.clients.length < 2);
  if (single.length === 0) return unknown("several clients polled");
  const byRun = single.map(({ trace }) => firstWaits(trace.spans.filter(({ kind }) => kind === "postponed")));
  const waits = byRun.flat();
  if (waits.length === 0) return unknown("no build was ever postponed");
  const shortest = Math.min(...waits);
  const highest = Math.floor(shortest + LAG);
  const fitting = Array.from({ length: highest }, (_, i) => highest - i).filter(
    (interval) => fits(waits, interval) && probability(shortest - interval, waits.length) >= UNLIKELY,
  );
  const { offering } = polled[0]!.conduct;
  const own = offering.kind === "waves" ? offering.pollSeconds : 0;
  if (fitting.length === 0) return unknown("postponed builds are asked again at no regular interval");
  if (!fitting.includes(own) && waits.length < OTHER_LEAST)
    return unknown(`${waits.length} waits are too few for another interval than ${own} s`);
  return {
    kind: "known",
    value: fitting.includes(own) ? own : fitting[0]!,
    interval: { low: fitting.at(-1)!, high: fitting[0]! },
    observations: waits.length,
    runs: byRun.filter((met) => met.length > 0).length,
  };
}

/** Whether enough waits end within a second, or what is asked first, of a tick. */
function fits(waits: readonly number[], interval: number): boolean {
  const good = waits.filter((wait) => {
    const ticks = Math.floor((wait + LAG) / interval);
    return ticks > 0 && wait <= ticks * (interval + 1) + ASKED_FIRST;
  });
  return good.length >= FITTING * waits.length;
}

/** That none of so many waits is shorter: each lies evenly between 0 and a second, and what is asked first, after its tick. */
function probability(late: number, waits: number): number {
  const each = Math.max(0, Math.min(1, 1 - Math.max(0, late - LAG) / (1 + ASKED_FIRST / waits)));
  let all = 1;
  for (let i = 0; i < waits; i++) all *= each;
  return all;
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
