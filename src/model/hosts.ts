// The fleet as columns indexed by HostId: 0 is the coordinator, then the builders in the order of the file. `speed` is
// physics (relative to the reference core); `speedFactor` is what Nix is told. Rates in bytes per second.
import type { HostId, Instant } from "#base/units.js";

export interface Outage {
  readonly host: HostId;
  readonly from: Instant;
  /** Infinity: never back. */
  readonly to: Instant;
}

/**
 * Cores of the machine that a copy at full rate keeps busy: the process that limits it, ssh, the far end, the kernel. Source: 62
 * outputs that came back to Nix 2.8, alone, two and three at once: at 1.5 they all took the core-time per byte that process
 * accounting found of one alone (0.112 s of the client per MB, and a quarter of that at the far end).
 */
export const COPY_CORES = 1.5;

/**
 * The same of a question of a client, hook and connect: Nix, the ssh of either end, the kernel. Source: asks beside the questions of
 * another client took 1.45 times as long as others of their run under Nix 2.34 (48 asks, 33 others) and 1.22 under 2.8 (37, 44), beside a
 * copy 1.15 to 1.18.
 */
export const ASK_CORES = 1.3;

/**
 * The same of the start of a builder once its inputs are there: the hook, ssh, nix-store at the far end. Source: beside the start of the
 * next hook it took 24 ms, alone 14 (medians of 492 and 114 starts under Nix 2.8, 2.26 and 2.34), and the hook beside it 70 to 77 ms, alone 63 to 66.
 */
export const START_CORES = 1.7;

/**
 * What the client's own overheads take of the processors for one core that they keep busy among themselves: they come in short bursts of
 * processes that wake, which Linux serves before those that run through, and wait for each other between. Source: twelve builds of nothing,
 * one after the other, under Nix 2.8 and 2.34 on two processors: the client took 0.73 and 0.77 of a processor while it asked, as much beside
 * two endless loops on another host.
 */
export const CHORE_TAKES = 0.56;

/**
 * The same on a host with a quota, which all that they use counts against, by the time that they take beside builds (`connectCpu`). Source:
 * 72 runs under three versions of Nix on three machines, in which the builds of a host lost 0.15 to 0.21 processor-seconds for each ask of
 * it (0.09 to 0.11 on one machine), its start included: 0.8 to 1 of that. Of a client with a quota, 0.21 s of 0.24 (sim/client-work.ts).
 */
export const THROTTLED_TAKES = 0.9;

/** Bytes of a copy until the buffers of ssh are as large as they become; from there it goes so many times as fast as until then on average. */
export const BUFFERS_GROWN = 4e6;
const FASTER_THEN = 7;

/**
 * Bytes that a copy counts for, at its rate, where processors limit it. While ssh hands on less than it receives, its buffers grow in
 * small steps, each of which copies all that is in them: the time goes with the square of the bytes, until they are as large as they
 * become. Source: outputs of 0.5 to 16 MB alone, three times each, under Nix 2.8, 2.26 and 2.34 (OpenSSH 9.2, 10.0, 10.6), medians:
 * 0.02 s (0.5 MB), 0.05 (1), 0.2 (2), 0.45 (3), 0.9 (5), 1 (8) and 1.1 to 1.6 (16), all three alike; in a profile, memory being moved
 * and mapped by ssh comes first.
 */
export function copyLoad(bytes: number): number {
  const growing = Math.min(bytes, BUFFERS_GROWN);
  return growing ** 2 / BUFFERS_GROWN + (bytes - growing) / FASTER_THEN;
}

/** Hosts that share physical machines, and what overheads are work there. Columns by host, but for `cores` and variations, by machine. */
export interface Machines {
  readonly names: readonly string[];
  /** Index of the machine; −1: the host has one of its own. */
  readonly on: Int32Array;
  readonly cores: Float64Array;
  /** How processor time of a build differs from its work, from build to build. */
  readonly workCv: Float64Array;
  /** How builds that want more than a host has differ in their parts of it. */
  readonly shareCv: Float64Array;
  /** How much longer a client's hooks take to start while builds keep all its processors busy. */
  readonly contention: Float64Array;
  /** Cores of the machine that one busy core of the host takes: its quota, or its speed ÷ the machine's. */
  readonly share: Float64Array;
  /** Bytes of a copy of BUFFERS_GROWN from, and to, the host for one core-second of the coordinator. Infinity: a copy is no work. */
  readonly copyUp: Float64Array;
  readonly copyDown: Float64Array;
}

/**
 * Figures of hosts that were calibrated, and how well: coefficients of variation by host, 0 = as it says. connect: where nobody gave it, how
 * far it may be from the default.
 */
export const UNCERTAIN = ["speed", "connect", "up", "down", "latency", "connectCpu", "copyUp", "copyDown"] as const;
export type Uncertain = Readonly<Record<(typeof UNCERTAIN)[number], Float64Array>>;

export interface Hosts {
  readonly count: number;
  readonly names: readonly string[];
  readonly uris: readonly string[];
  readonly cores: Float64Array;
  readonly speed: Float64Array;
  /** Builds at once: admission. The coordinator's 0 = builds nothing. */
  readonly maxJobs: Int32Array;
  /** Cores granted to a build unless a policy says otherwise: a cap on its parallelism. */
  readonly coresPerBuild: Float64Array;
  readonly speedFactor: Float64Array;
  /** Infinity = never limits. */
  readonly memoryBytes: Float64Array;
  readonly up: Float64Array;
  readonly down: Float64Array;
  /** One way, seconds. */
  readonly latency: Float64Array;
  /** Seconds of an SSH connect, besides what the host's CPU takes. */
  readonly connect: Float64Array;
  /** Core-seconds of the host in a connect: handshake, login, start of nix-store. 0 = counted in `connect`. */
  readonly connectCpu: Float64Array;
  /** Share of the time during which copies are on the host's link that a connect loses: their bytes queue before its packets. */
  readonly queueing: Float64Array;
  /** Seconds that a connect takes while the host is down: ConnectTimeout of ssh where nothing answers, next to nothing where it is refused. */
  readonly connectTimeout: Float64Array;
  readonly internet: Float64Array;
  /** Price per hour, 0 = not given. */
  readonly price: Float64Array;
  readonly wattsIdle: Float64Array;
  readonly wattsBusy: Float64Array;
  readonly outages: readonly Outage[];
  /** Null: every host has a machine of its own. */
  readonly machines: Machines | null;
  /** Null: nothing was calibrated, or nobody says how well. */
  readonly uncertain: Uncertain | null;
}

/** How fast overheads go on a core of the host: they were measured on its machine, where it shares one. */
export function choreSpeed({ machines, speed }: Hosts, host: number): number {
  return machines !== null && machines.on[host]! >= 0 ? machines.share[host]! : speed[host]!;
}

/** Whether it has a part only of its machine's processors. */
export function isThrottled({ machines }: Hosts, host: number): boolean {
  return machines !== null && machines.on[host]! >= 0 && machines.share[host]! < 1;
}

/** Processor-seconds in one core-second of the host. */
export function processorShare({ machines }: Hosts, host: number): number {
  return machines?.share[host] ?? 1;
}

export function slotCount(hosts: Hosts): number {
  let slots = 0;
  for (let h = 0; h < hosts.count; h++) slots += hosts.maxJobs[h]!;
  return slots;
}
