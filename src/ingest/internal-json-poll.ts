// How late a line may be. Nix has one loop: while it asks a machine (connects, waits for the answer) it reads from nobody
// else, and what the others said meanwhile is printed in one burst afterwards. So a line right after an ask came to pass
// at any time since that ask began. Rule: reference 3.8 and 7.1; up to 2.3 s were measured.

/**
 * Between two asks the loop has looked at its children only if a line of theirs was printed meanwhile, or if it slept: poll()
 * sleeps whole seconds (reference 3.4). A shorter gap is work of its own, the start of a hook above all: 20–60 ms on an idle
 * machine, up to 0.3 s on a busy one.
 */
const SLEEP_MIN = 1_000_000;
/** Lines that follow the end of an ask within this may have waited for it. Busy machine: twice the longest that was recorded. */
const BURST = 100_000;
/** A burst goes on while its lines follow each other as closely as this: up to 22 ms were recorded on a busy machine, doubled. */
const BURST_GAP = 50_000;

export interface Poll {
  /** The loop asked a machine from `from` to `to`; asks come in order. */
  asked(from: number, to: number): void;
  /** A line of a child arrived: how long before, at most, it was written. */
  heard(at: number): number;
}

export function poll(): Poll {
  let blockedFrom = Number.NEGATIVE_INFINITY;
  let blockedTo = Number.NEGATIVE_INFINITY;
  let burstUntil = Number.NEGATIVE_INFINITY;
  let heardLast = Number.NEGATIVE_INFINITY;
  return {
    asked: (from, to) => {
      const since = Math.max(from - SLEEP_MIN, heardLast);
      if (since > blockedTo) blockedFrom = since;
      blockedTo = Math.max(blockedTo, to);
      burstUntil = blockedTo + BURST;
    },
    heard: (at) => {
      heardLast = at;
      if (at > burstUntil) return 0;
      burstUntil = Math.max(burstUntil, at + BURST_GAP);
      return Math.max(0, at - blockedFrom);
    },
  };
}
