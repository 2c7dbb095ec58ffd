// When the slots of a host were taken and freed, sorted once: who freed the last one before an instant, and whether all
// were taken just before it. For walking backwards. Instants in µs.
import { NONE } from "#base/units.js";
import type { Attempts } from "./attempts.js";

export interface HostClock {
  /** The row that freed a slot latest, at or before `at`, having held it for some time. NONE without any. */
  freedBefore(at: number): number;
  /** Whether every slot was held just before `at`. */
  fullBefore(at: number): boolean;
}

export function hostClocks(attempts: Attempts): HostClock[] {
  const { trace, problem } = attempts;
  const rowsOf: number[][] = Array.from({ length: problem.hosts.count }, () => []);
  for (let row = 0; row < trace.rows; row++) rowsOf[trace.host[row]!]?.push(row);
  return rowsOf.map((rows, host) => clock(attempts, rows, problem.hosts.maxJobs[host]!));
}

function clock(attempts: Attempts, rows: readonly number[], slots: number): HostClock {
  const { trace } = attempts;
  const freed = rows.toSorted((a, b) => attempts.freedAt(a) - attempts.freedAt(b) || a - b);
  const taken = rows.toSorted((a, b) => trace.asked[a]! - trace.asked[b]! || a - b);
  const freedAt = (i: number): number => attempts.freedAt(freed[i]!);
  const takenAt = (i: number): number => trace.asked[taken[i]!]!;
  return {
    freedBefore(at) {
      let place = latestAtMost(freed.length, freedAt, at);
      while (place >= 0 && trace.asked[freed[place]!] === freedAt(place)) place--;
      return place < 0 ? NONE : freed[place]!;
    },
    fullBefore(at) {
      // Instants are whole µs: half of one less is strictly before.
      return latestAtMost(taken.length, takenAt, at - 0.5) - latestAtMost(freed.length, freedAt, at - 0.5) >= slots;
    },
  };
}

/** Index of the last of `count` ascending values that is at most `limit`, −1 when none is. */
export function latestAtMost(count: number, instantOf: (i: number) => number, limit: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instantOf(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
