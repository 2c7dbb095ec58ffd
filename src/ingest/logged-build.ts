// What a log of Nix says of its builds, in neutral words: the records that the reader of internal-json fills and that
// traces and histories are made of. Instants are µs of the log's own clock.

/** An instant that a line shows: it came to pass at `at`, or up to `lateBy` before, because Nix was not reading then. */
export interface Seen {
  readonly at: number;
  readonly lateBy: number;
}

export const LOGGED_OUTCOMES = ["built", "failed", "host-lost", "cancelled", "running"] as const;
export type LoggedOutcome = (typeof LOGGED_OUTCOMES)[number];

/** One build on one machine. A stage that the log does not show is absent. */
export interface LoggedBuild {
  readonly drv: string;
  /** Of the derivation. */
  readonly name: string;
  /** Store URI; "" = built by the machine that wrote the log. */
  readonly machine: string;
  /** First "waiting for a machine". */
  postponed?: number;
  /** The connect began; absent for local builds. */
  asked?: number;
  /** "building … on …". */
  readonly accepted: number;
  copyFrom?: Seen;
  uploaded?: Seen;
  /** Paths that had to be sent; 0 where the machine had them all. */
  pathsIn?: number;
  bytesIn?: number;
  /** The paths that were sent, and those that were fetched back. */
  sent?: readonly string[];
  fetched?: readonly string[];
  /** Of the builder itself: only ssh-ng machines and local builds show it. */
  started?: Seen;
  /** ssh-ng: the builder's end. ssh: outputs begin to travel. Local: when Nix noticed. */
  built?: Seen;
  returned?: Seen;
  bytesOut?: number;
  /** Dependants may be asked from here. */
  noticed?: number;
  outcome: LoggedOutcome;
}

/** A connect that led to no build: refused, timed out, or the wrong key. */
export interface RefusedConnect {
  readonly machine: string;
  readonly from: number;
  readonly to: number;
}

export interface LoggedNotice {
  readonly seen: Seen;
  readonly outcome: "built" | "failed";
}

export interface LoggedRun {
  /** Arrival of the first and of the last line. */
  readonly began: number;
  readonly ended: number;
  /** How much later than they say its instants may have been; 0 = they are exact (log-clock.ts). */
  readonly blur: number;
  /** In the order in which they were accepted. */
  readonly builds: readonly LoggedBuild[];
  readonly refused: readonly RefusedConnect[];
  /** Each time a counter went up, in order: that some build was built, or that some goal failed. */
  readonly notices: readonly LoggedNotice[];
  /** Whether anything was substituted meanwhile: then an input may have become ready unseen. */
  readonly substituted: boolean;
  readonly notes: readonly string[];
}
