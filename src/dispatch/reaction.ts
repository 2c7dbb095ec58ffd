// How long a client waits before it tries a lost or failed build again: the first wait, then each time longer by one
// factor. Rule: Hydra's retries (60, 180, 540 … s); other conducts have a factor of 1 or wait next to nothing.
import { micros } from "#base/units.js";
import type { Reaction } from "./conduct.js";

/** Microseconds before the next attempt, after that many. */
export function retryMicros({ retrySeconds, backoff }: Reaction, attempts: number): number {
  let seconds = retrySeconds;
  for (let i = 1; i < attempts; i++) seconds *= backoff;
  return micros(seconds);
}
