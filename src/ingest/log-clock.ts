// The clock of a log: the arrival times of its lines → instants that never go back, how far they may be off, and what a person should
// know of that. Whole seconds say less than a trace wants; a clock that is set back blurs what lies across it; times that go back
// further are not those of one run. Knows no events. Whether a stage is exact: logged-stages.ts.
import { duration } from "#base/duration.js";
import { type Fault, fault } from "#base/fault.js";

/** Times that are off by no more than this are exact, µs. */
export const EXACT = 50_000;
/** Clocks are set by less than this while they are kept right, µs; whole seconds are as wrong. */
const BACK_MAX = 1_000_000;

export interface LogClock {
  /** The instant of the next line, whose stamp says `at` (µs); a fault where no clock can have said so. */
  read(at: number, line: number): number | Fault;
  /** How much later than it says an instant may have been, µs; 0 = exact. As far as the log has been read. */
  readonly blur: number;
  notes(): readonly string[];
}

export function logClock(file: string): LogClock {
  let latest = Number.NEGATIVE_INFINITY;
  let latestLine = 0;
  /** Power of ten whose multiples all stamps are, µs. */
  let step = 1_000_000;
  let backwards = 0;
  let backMost = 0;
  let backLine = 0;
  return {
    read: (at, line) => {
      while (at % step !== 0) step /= 10;
      if (at >= latest) {
        latest = at;
        latestLine = line;
        return at;
      }
      if (latest - at > BACK_MAX) {
        const found = `found an arrival time ${duration((latest - at) / 1e6)} before that of line ${latestLine}`;
        return fault("input", `${file}:${line}`, `${found}, expected times that do not go back`, SEVERAL);
      }
      if (backwards === 0) backLine = line;
      backwards++;
      backMost = Math.max(backMost, latest - at);
      return latest;
    },
    get blur() {
      return Math.max(step > EXACT ? step : 0, backMost > EXACT ? backMost : 0);
    },
    notes: () => [
      ...(step > EXACT ? [`${file}: its arrival times are ${stepText(step)}: durations are good to ${duration(step / 1e6)} only`] : []),
      ...(backwards > 0
        ? [
            `${file}:${backLine}: ${backwards} arrival times from here on lie before an earlier line's, by ${duration(Math.ceil(backMost / 1e3) / 1e3)} at most, and are taken as equal to it`,
          ]
        : []),
    ],
  };
}

const SEVERAL = "are there several logs in it, or one twice? give each as a file of its own; was the clock set, or the file turned around?";

function stepText(step: number): string {
  return step === 1_000_000 ? "whole seconds (ts '%.s' writes exact ones)" : `multiples of ${duration(step / 1e6)}`;
}
