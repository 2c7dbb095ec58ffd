// A compiled scenario: what is given and never changed during a run. The same shape is handed to a policy (with
// estimates) and to the simulator (with the truth): only the duration columns differ.
import type { HostId, TaskId } from "#base/units.js";
import { type Demand, rowSeconds } from "./demand.js";
import type { Graph } from "./graph.js";
import { choreSpeed, type Hosts, isThrottled } from "./hosts.js";
import type { Tasks } from "./tasks.js";

/**
 * How much of the inputs' closure must travel to a builder. `direct`: outputs of the direct dependencies.
 * `transitive`: outputs of every dependency behind them too, fetches excepted: what a closure cannot exceed.
 */
export const CLOSURES = ["direct", "transitive"] as const;
export type Closure = (typeof CLOSURES)[number];

export interface Transport {
  /** Through the coordinator (Nix), or from the builder that has it. */
  readonly route: "coordinator" | "direct";
  readonly closure: Closure;
  /** 1 where a builder can substitute the output itself (builders-use-substitutes); null = none can. */
  readonly substitutable: Uint8Array | null;
  /** Bytes per second from the substituter to a builder, capped by the builder's internet. */
  readonly substituterBandwidth: number;
}

/** One of several clients that share the hosts: a nix process on the coordinator, with goals of its own. */
export interface Client {
  readonly name: string;
  /** Instant (µs) at which it first requests each task, Infinity = never. */
  readonly arrival: Float64Array;
  /** 1 for tasks that it requests by name. */
  readonly root: Uint8Array;
}

export interface Problem {
  readonly graph: Graph;
  readonly tasks: Tasks;
  readonly hosts: Hosts;
  readonly demand: Demand;
  readonly transport: Transport;
  /** Instant (µs) at which each task is first requested; null = all at 0. */
  readonly arrival: Float64Array | null;
  /** By the bytes of their names: their order at one instant. Empty: one client asks for everything. */
  readonly clients: readonly Client[];
}

/** The problem as one of its clients asks it: what only others want never arrives. */
export function asAskedBy(problem: Problem, { arrival, root }: Client): Problem {
  return { ...problem, graph: { ...problem.graph, root }, arrival, clients: [] };
}

/** Whether anything has to be moved at all: false lets the engine skip presence and transfers. */
export function hasTransfers(problem: Problem): boolean {
  const { tasks, graph } = problem;
  if (graph.predBytes !== null) return true;
  const { outputBytes, sourceBytes, fetch } = tasks;
  for (let t = 0; t < graph.count; t++) if (outputBytes[t]! > 0 || (sourceBytes[t]! > 0 && fetch[t] === 0)) return true;
  return false;
}

export function isAllowed(problem: Problem, task: TaskId, host: HostId): boolean {
  const { tasks, demand, hosts } = problem;
  return demand.denied[tasks.classOf[task]! * hosts.count + host] === 0 && tasks.memoryBytes[task]! <= hosts.memoryBytes[host]!;
}

/**
 * Wall seconds of the build alone on that host with `grant` cores, transfers and overheads not included. The one
 * composition rule: work × slowdown ÷ speed × (s + (1 − s) ÷ min(grant, maxCores, cores)); measured seconds stand
 * as they are, stretched only where `cpu` exceeds the grant; a fetch takes sourceBytes ÷ internet.
 */
export function aloneSeconds(problem: Problem, task: TaskId, host: HostId, grant: number): number {
  const { tasks, demand, hosts } = problem;
  const row = rowSeconds(demand, task, host);
  const wall = row === row ? row : tasks.seconds[task]!;
  const cap = Math.min(grant, hosts.cores[host]!);
  if (wall === wall) return wall * Math.max(1, tasks.cpu[task]! / cap);
  if (tasks.fetch[task] === 1) return tasks.sourceBytes[task]! / hosts.internet[host]!;
  const serial = tasks.serial[task]!;
  const cores = Math.min(cap, tasks.maxCores[task]!);
  const slowdown = demand.slowdown[tasks.classOf[task]! * hosts.count + host]!;
  return ((tasks.work[task]! * slowdown) / hosts.speed[host]!) * (serial + (1 - serial) / cores);
}

/**
 * Cores that the build keeps busy there while it runs alone with that grant: its cap, 1 / (s + (1 − s) / min(grant,
 * maxCores, cores)); `cpu` of measured seconds; 0 for a fetch.
 */
export function busyCores(problem: Problem, task: TaskId, host: HostId, grant: number): number {
  const { tasks, demand, hosts } = problem;
  const cap = Math.min(grant, hosts.cores[host]!);
  const seconds = tasks.seconds[task]!;
  if (seconds === seconds || (demand.rows !== null && !Number.isNaN(rowSeconds(demand, task, host))))
    return Math.min(tasks.cpu[task]!, cap);
  if (tasks.fetch[task] === 1) return 0;
  const serial = tasks.serial[task]!;
  return 1 / (serial + (1 - serial) / Math.min(cap, tasks.maxCores[task]!));
}

/**
 * Seconds until a connect to the host is open, while its builds keep so many cores busy: what it takes anyway, and what the
 * host's CPU does for it. Assumes: as busy as it is at the ask until it is open.
 */
export function connectSeconds(problem: Problem, host: HostId, busy: number): number {
  const { hosts } = problem;
  const cpu = hosts.connectCpu[host]!;
  if (cpu === 0) return hosts.connect[host]!;
  return hosts.connect[host]! + (cpu / choreSpeed(hosts, host)) * crowding(problem, host, busy, 0);
}

/**
 * How many times longer one core's work of overheads takes on the host beside builds that keep so many of its cores busy, and while builds
 * want that share of its machine's processors. Source: 1 100 asks of hosts under quotas of 0.4 to 0.6 on two processors, seven sessions,
 * beside 0, 1 and 2 builds: what an even part would say is off by 8 to 18 % on average, this by 0 to 5.
 */
export function crowding({ hosts }: Problem, host: HostId, busy: number, crowd: number): number {
  if (!isThrottled(hosts, host)) return Math.max(1, (busy + 1) / hosts.cores[host]!);
  const below = Math.floor(busy);
  const least = throttled(hosts, host, below, crowd);
  return busy === below ? least : least + (busy - below) * (throttled(hosts, host, below + 1, crowd) - least);
}

/** Of the time that a quota would add to overheads alone on a host, how much it does: while they wait for the other end it is not used up. */
const THROTTLED_ALONE = 0.6;
/** How much longer they take there while builds of other hosts keep all processors busy: a quota that is not used up hides no such wait. */
const BESIDE_OTHERS = 0.5;

/**
 * Under a quota all processors of the machine run what the host has until that is used up, the sooner the more of them, then nothing
 * until the next period. Overheads have a part of one processor, evenly with the builds on that.
 */
function throttled({ machines, cores }: Hosts, host: HostId, busy: number, crowd: number): number {
  const processors = machines!.cores[machines!.on[host]!]!;
  const share = machines!.share[host]!;
  const slower = Math.max(1, Math.min(processors, busy + 1) / (cores[host]! * share));
  if (busy === 0) return share * (1 + THROTTLED_ALONE * (slower - 1)) * (1 + BESIDE_OTHERS * crowd);
  return share * (Math.floor(busy / processors) + 1) * slower;
}

/** Wall seconds of one transfer that has both links to itself: latency of both ends + bytes ÷ min(sender up, receiver down). */
export function carrySeconds(problem: Problem, from: HostId, to: HostId, bytes: number): number {
  if (from === to) return 0;
  const { hosts } = problem;
  return hosts.latency[from]! + hosts.latency[to]! + bytes / Math.min(hosts.up[from]!, hosts.down[to]!);
}
