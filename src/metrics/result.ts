// What metrics say, as plain data: the shapes that reports render and `--json` prints. Seconds unless the name says
// otherwise. Every list has a fixed order, so equal inputs give equal bytes.

/** Why a slot stood idle, in the order in which causes are tried: the first that holds counts. */
export const IDLE_CAUSES = [
  "down",
  "dispatch",
  "postponed",
  "memory",
  "policy",
  "system",
  "feature",
  "mandatory",
  "pinned",
  "waiting",
  "end",
] as const;
export type IdleCause = (typeof IDLE_CAUSES)[number];

/** What a held slot was doing. With the idle causes these partition slots × makespan exactly. */
export const BUSY_PARTS = ["asking", "upload-lock", "upload", "overhead", "building", "download", "notice"] as const;
export type BusyPart = (typeof BUSY_PARTS)[number];

/** Why cores of a host stood still while it held slots. `serial` is the Amdahl share, and whatever else a build left unused. */
export const CORE_LOSSES = ["copying", "upload-lock", "overhead", "max-cores", "serial"] as const;
export type CoreLoss = (typeof CORE_LOSSES)[number];

export interface HostUse {
  readonly host: string;
  readonly slots: number;
  readonly cores: number;
  readonly builds: number;
  /** Slot-seconds. */
  readonly busy: Readonly<Record<BusyPart, number>>;
  /** Slot-seconds. */
  readonly idle: Readonly<Record<IdleCause, number>>;
  /** The builds that its slots waited for most ("waiting"), longest first: name and slot-seconds. */
  readonly waitedFor: readonly { readonly task: string; readonly seconds: number }[];
  /** Core-seconds of CPU used, and not used while at least one slot was held; `coreLosses` says why and sums to the latter. */
  readonly coreSeconds: number;
  readonly coreSecondsUnused: number;
  readonly coreLosses: Readonly<Record<CoreLoss, number>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** A proven lower bound on the makespan, seconds; `seconds` is the largest of the three, `kind` names it. */
export interface Bound {
  readonly seconds: number;
  readonly kind: "path" | "area" | "head-tail";
  readonly path: number;
  readonly area: number;
  readonly headTail: number;
}

/** The additive gap: makespan = bound + order + transfers + estimates + conduct, exactly. */
export interface Ladder {
  readonly bound: number;
  /** Ideal engine, exact estimates, free transfers, less the bound: what the order and placement lose (or the bound is loose). */
  readonly order: number;
  readonly transfers: number;
  readonly estimates: number;
  readonly conduct: number;
}

/** One run of one policy on one fleet in one world. */
export interface RunResult {
  readonly policy: string;
  readonly fleet: string;
  readonly seed: number;
  readonly makespan: number;
  readonly ladder: Ladder;
  readonly built: number;
  /** Derivations not built. */
  readonly failed: number;
  readonly hosts: readonly HostUse[];
  /** Digest of the trace. */
  readonly digest: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One row of the ranking: a policy on a fleet over all worlds. */
export interface Ranked {
  readonly policy: string;
  readonly fleet: string;
  readonly conduct: string;
  /** False when the figures of its conduct are not measured. */
  readonly conductMeasured: boolean;
  readonly makespan: {
    readonly mean: number;
    readonly p5: number;
    readonly p50: number;
    readonly p95: number;
    readonly min: number;
    readonly max: number;
  };
  /** Of the mean; null with one world only. */
  readonly interval: Interval | null;
  /** Derivations not built: failed, or behind one that failed. Mean over worlds. */
  readonly unbuilt: number;
  /** Against the baseline: geometric mean of the paired ratios own ÷ baseline, with its interval; null for the baseline itself. */
  readonly ratio: { readonly mean: number; readonly interval: Interval | null; readonly insideNoise: boolean } | null;
  /** Share of bootstrap resamples in which it has the best mean. */
  readonly probabilityBest: number;
  /** Share of worlds in which it finishes first (ties shared). */
  readonly worldsWon: number;
  /** Mean over worlds. */
  readonly ladder: Ladder;
  readonly boundRatio: number;
  readonly utilization: number;
  readonly bytesMoved: number;
  /** Mean over worlds. */
  readonly hosts: readonly HostUse[];
}

export interface Verdict {
  readonly winner: string;
  readonly fleet: string;
  /** Own ÷ runner-up and ÷ baseline; null where there is none. */
  readonly runnerUp: string | null;
  /** True when the interval of winner ÷ runner-up includes 1, and the runner-up built as much. */
  readonly insideNoise: boolean;
  /** Sentences for people, in order. */
  readonly sentences: readonly string[];
}

export interface GuessShare {
  /** Share of the critical path's seconds whose duration is a prior or assumption, 0…1. */
  readonly criticalPath: number;
  readonly work: number;
  readonly tasks: number;
}

export interface CompareResult {
  readonly schema: "drvfleet.compare/1";
  readonly scenario: {
    readonly name: string;
    readonly digest: string;
    readonly graph: string;
    readonly tasks: number;
    readonly edges: number;
    readonly fetches: number;
    readonly systems: readonly string[];
  };
  readonly version: string;
  readonly seeds: readonly number[];
  readonly fleets: readonly string[];
  readonly baseline: string;
  readonly estimates: string;
  readonly ranking: readonly Ranked[];
  readonly verdict: Verdict;
  readonly guessed: GuessShare;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

/** Where the time of the longest chain went: consecutive, from 0 to the makespan. */
export interface CriticalStep {
  readonly task: string;
  readonly row: number;
  readonly host: string;
  /** What bound this task: its last input, or the slot that another build freed, or the poll tick. */
  readonly because: "input" | "slot" | "tick" | "start" | "dispatch";
  /** build: from when nothing held it any more until it let the next step go. wait: held by the tick or a busy client, or not yet requested. */
  readonly phase: "build" | "wait";
  readonly from: number;
  readonly to: number;
}
