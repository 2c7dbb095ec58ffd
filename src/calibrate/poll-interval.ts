// build-poll-interval from postponed builds: Nix sleeps whole seconds, so the first tick comes that many seconds after the
// first refusal, and less than one second more. The least such wait, rounded down, is the interval.
// Source: waitForInput as in dispatch/waves.ts. Blind: a run in which something postponed was asked again later only.
import { type Estimate, unknown } from "./estimate.js";
import type { RecordedRun } from "./recorded-run.js";

/** Instants of a log lag behind what they tell by less than this, seconds. */
const LAG = 0.05;

export function pollInterval(runs: readonly RecordedRun[]): Estimate {
  const polled = runs.filter(({ conduct }) => conduct.offering.kind === "waves");
  if (polled.length === 0) return unknown("this client does not poll");
  const waits = polled.flatMap(({ trace }) => {
    const spans = trace.spans.filter(({ kind }) => kind === "postponed");
    const first = Math.min(...spans.map(({ from }) => from));
    return spans.length === 0 ? [] : [(Math.min(...spans.map(({ to }) => to)) - first) / 1e6];
  });
  if (waits.length === 0) return unknown("no build was ever postponed");
  const value = Math.floor(Math.min(...waits) + LAG);
  return { kind: "known", value, interval: { low: value, high: value }, observations: waits.length, runs: waits.length };
}
