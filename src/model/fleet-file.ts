// The shape of a `drvfleet.fleet/1` file, as written by importers and read by normalising: rates in bytes per second
// or "100 Mbit/s", sizes in bytes or "4 GiB", times in seconds or "5 ms". Rules: product.md "Files", Fleet.
import type { Workload } from "./graph-file.js";

export type Quantity = number | string;

/** native; or emulated: slowdown k, one for all work or by workload. */
export type SystemFile = "native" | { readonly emulated: number | Readonly<Partial<Record<Workload, number>>> };

export interface LinkFile {
  /** From this host towards the network. */
  readonly up?: Quantity;
  readonly down?: Quantity;
  /** One way. */
  readonly latency?: Quantity;
  /** Seconds that an SSH connect to it takes, handshake and all. */
  readonly connect?: Quantity;
  /** CPU time of the host in one connect, on a core of speed 1: on top of `connect`, slower on a slow host and on a busy one. */
  readonly connectCpu?: Quantity;
  /** Rate of a copy from it that has the link to itself, as far as the CPU of the client that copies goes; counts where the coordinator is on a machine. */
  readonly copyUp?: Quantity;
  readonly copyDown?: Quantity;
  /** Share of the time during which copies fill the link that a connect over it loses. Absent: 0. */
  readonly queueing?: number;
  /** Seconds that a connect to it takes while it is down. Absent: refused at once. */
  readonly connectTimeout?: Quantity;
}

export interface OutageFile {
  readonly at: Quantity;
  /** Absent: never comes back. */
  readonly for?: Quantity;
}

/** A physical machine on which several hosts run, as virtual machines, containers or under quotas. */
export interface MachineFile {
  readonly cores: number;
  /** Of its cores. Absent: that of a calibrated model, else 1. */
  readonly speed?: number;
  /** How the processor time of a build differs from its work, and how unevenly builds that want more than there is share it. Absent: the model's, else 0. */
  readonly workCv?: number;
  readonly shareCv?: number;
  /** How much longer the client's hooks take to start while builds keep all its processors busy: 2 = three times as long. Absent: the model's, else 0. */
  readonly contention?: number;
}

export interface HostFile {
  readonly name: string;
  readonly uri?: string;
  /** By which the other builders' own ssh reaches it. Absent: as `uri` says, without the coordinator's keys. */
  readonly peerUri?: string;
  readonly cores: number;
  /** Absent: that of a calibrated model or of its machine, else 1. */
  readonly speed?: number;
  /** In place of a speed, on a machine: the part of a core of that machine that each of its cores is. */
  readonly quota?: number;
  readonly maxJobs: number;
  readonly coresPerBuild?: number;
  readonly speedFactor?: number;
  readonly systems: Readonly<Record<string, SystemFile>>;
  readonly features?: readonly string[];
  readonly mandatoryFeatures?: readonly string[];
  readonly memory?: Quantity;
  /** The machine that it runs on. Absent: one of its own. */
  readonly on?: string;
  readonly link?: LinkFile;
  readonly internet?: Quantity;
  readonly price?: number;
  readonly watts?: { readonly idle: number; readonly busy: number };
  readonly outages?: readonly OutageFile[];
}

export interface FleetFile {
  readonly schema: "drvfleet.fleet/1";
  readonly name?: string;
  readonly coordinator: HostFile;
  readonly builders: readonly HostFile[];
  readonly machines?: Readonly<Record<string, MachineFile>>;
  readonly substituter?: { readonly bandwidth: Quantity; readonly hits: number | readonly string[] };
  readonly route?: "coordinator" | "direct";
  readonly closure?: string;
}

/** Cores of its machine that one busy core of the host takes; 1 where it has a machine of its own. */
export function coreShare(fleet: FleetFile, host: HostFile): number {
  if (host.on === undefined) return 1;
  return host.quota ?? (host.speed === undefined ? 1 : host.speed / processorSpeed(fleet, host));
}

/** Of the processors on which its builds run: its machine's, or its own. */
export function processorSpeed({ machines = {} }: FleetFile, { on, speed = 1 }: HostFile): number {
  return on === undefined ? speed : (machines[on]?.speed ?? 1);
}

/** Of one core of the host. */
export function speedOf(fleet: FleetFile, host: HostFile): number {
  return coreShare(fleet, host) * processorSpeed(fleet, host);
}
