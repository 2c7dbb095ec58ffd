// Time as the live world has it: instants since the run began, and wake-ups. The journal's clock goes on from where an
// interrupted run stopped. Tests bring one that they move by hand.
import { type Instant, micros } from "#base/units.js";

export interface Clock {
  now(): Instant;
  /** Calls once after so many seconds; what it returns calls it off. */
  after(seconds: number, act: () => void): () => void;
}

/** Monotonic; `begun` is the instant that it shows now. */
export function systemClock(begun: number): Clock {
  const zero = performance.now() - begun / 1000;
  return {
    now: () => micros((performance.now() - zero) / 1000) as Instant,
    after(seconds, act) {
      const timer = setTimeout(act, seconds * 1000);
      return () => clearTimeout(timer);
    },
  };
}
