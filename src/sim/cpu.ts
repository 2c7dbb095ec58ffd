// The middle of a build: its work on the host's cores, shared or dedicated; a fetch on the host's internet. On hosts that
// share a machine, also what connects, starts, copies and the client itself cost its processors (sim/client-work.ts).
// Rule, one line: cap = 1 / (s + (1 − s) / min(grant, maxCores)); share = water-fill(caps, cores); rate = share × speed ÷ slowdown.
// Assumes: Amdahl with a constant serial share, core-seconds conserved. Ignores: SMT, turbo, cache, disk.
// Source: Amdahl 1967; Yocto builds on 1–16 cores fit it with R² 0.9996 (djboni/yocto-benchmark).
import { COORDINATOR, type HostId, type TaskId } from "#base/units.js";
import { rowSeconds } from "#model/demand.js";
import { ASK_CORES, CHORE_TAKES, choreSpeed, COPY_CORES, isThrottled, processorShare, THROTTLED_TAKES } from "#model/hosts.js";
import type { Models } from "#model/models.js";
import { aloneSeconds, busyCores, crowding, type Problem } from "#model/problem.js";
import { Sharing } from "./sharing.js";
import { microsUntil, type Timers } from "./timers.js";

const ALONE = 0;
const CORES = 1;
const INTERNET = 2;
/** Not a build, but work around one. */
const CHORE = 3;
/** A copy, whose bytes are on the links still, or are not. */
const COPY = 4;
const COPY_SENT = 5;

/** Overheads: their processes wake now and then, and are served first. */
const URGENT = { urgent: true };

export class Cpu {
  private readonly cores: Sharing;
  private readonly internet: Sharing;
  private readonly sharedCores: boolean;
  private readonly sharedInternet: boolean;
  /** By host, how many times longer overheads take there alone than their core-seconds on its cores. */
  private readonly quiet: Float64Array;
  private readonly on: Uint8Array;
  private readonly cap: Float64Array;
  private readonly alone: Float64Array;
  private readonly from: Float64Array;

  constructor(
    private readonly truth: Problem,
    models: Models,
    private readonly flights: number,
    clients: number,
    private readonly timers: Timers,
  ) {
    const { hosts } = truth;
    const { machines } = hosts;
    this.sharedCores = models.cpu === "shared";
    this.sharedInternet = models.network === "fair" || models.network === "maxmin";
    const rooms = machines === null ? null : { of: machines.on, size: machines.cores, takes: machines.share };
    this.quiet = hosts.cores.map((_, h) => crowding(truth, h as HostId, 0, 0));
    const beside = (h: number, wanted: number): number =>
      isThrottled(hosts, h) ? this.quiet[h]! / crowding(truth, h as HostId, wanted, 0) : Number.NaN;
    this.cores = new Sharing(hosts.cores, this.sharedCores ? flights + clients : 0, timers, timers.layout.cpu, rooms, {
      takes: this.quiet.map((alone, h) => (isThrottled(hosts, h) ? THROTTLED_TAKES / alone : CHORE_TAKES)),
      beside: machines === null ? null : beside,
    });
    this.internet = new Sharing(
      new Float64Array(hosts.count).fill(1),
      this.sharedInternet ? flights : 0,
      timers,
      timers.layout.fetch,
      null,
    );
    this.on = new Uint8Array(flights);
    this.cap = new Float64Array(flights);
    this.alone = new Float64Array(flights);
    this.from = new Float64Array(flights);
  }

  /** Begins so many times the work of the flight (less than once: it will fail there); `weight` of its share beside others; a timer fires at its end. */
  begin(flight: number, task: TaskId, host: HostId, grant: number, times: number, weight: number, now: number): void {
    const micros = aloneSeconds(this.truth, task, host, grant) * 1e6 * times;
    const cap = busyCores(this.truth, task, host, grant);
    this.cap[flight] = cap;
    this.alone[flight] = micros;
    this.from[flight] = now;
    if (this.sharedInternet && this.truth.tasks.fetch[task] === 1 && !this.isMeasured(task, host)) {
      this.on[flight] = INTERNET;
      this.internet.join(host, flight, micros, 1, now);
    } else if (this.sharedCores && cap > 0) {
      this.on[flight] = CORES;
      this.cores.join(host, flight, micros * cap, cap, now, { weight });
    } else {
      this.on[flight] = ALONE;
      this.timers.set(this.timers.layout.build + flight, now + microsUntil(micros, 1));
    }
  }

  /** Ends or breaks it off; returns the processor-seconds it got on that host. */
  stop(flight: number, host: HostId, now: number): number {
    return this.stopped(flight, now) * processorShare(this.truth.hosts, host);
  }

  private stopped(flight: number, now: number): number {
    if (this.on[flight] === CORES) return (this.alone[flight]! * this.cap[flight]! - this.cores.leave(flight, now)) / 1e6;
    if (this.on[flight] === INTERNET) {
      this.internet.leave(flight, now);
      return 0;
    }
    this.timers.delete(this.timers.layout.build + flight);
    return (Math.min(this.alone[flight]!, now - this.from[flight]!) * this.cap[flight]!) / 1e6;
  }

  /** Whether overheads on that host are work of its CPU: it shares a machine. */
  works(host: number): boolean {
    const { machines } = this.truth.hosts;
    return machines !== null && this.sharedCores && machines.on[host]! >= 0;
  }

  /** How many times its usual time the start of a hook takes the client now, beside builds on its machine, which it shares. */
  hookFactor(): number {
    const machines = this.truth.hosts.machines!;
    return 1 + machines.contention[machines.on[COORDINATOR]!]! * this.cores.crowd(COORDINATOR);
  }

  /** Work around the flight's build, in µs of a core of speed 1 or of the hosts' machine, on at most so many cores at a time; a timer fires at its end. */
  chore(flight: number, host: number, micros: number, most: number, now: number): void {
    this.on[flight] = CHORE;
    this.work(host, flight, micros, most, now);
  }

  /** What the client itself does, as `client` below those of the world, so many times slower than usual. */
  own(client: number, micros: number, slower: number, now: number): void {
    this.work(COORDINATOR, this.flights + client, micros * slower, ASK_CORES / slower, now);
  }

  /** Processes that together keep so many cores of the host busy, where it has them, and then take that long. */
  private work(host: number, member: number, micros: number, most: number, now: number): void {
    const { hosts } = this.truth;
    const cap = Math.min(most, hosts.cores[host]!);
    const quiet = this.quiet[host]!;
    const slower = this.cores.count(host) === 0 ? crowding(this.truth, host as HostId, 0, this.cores.crowd(host)) / quiet : 1;
    this.cores.join(host, member, (micros / choreSpeed(hosts, host)) * quiet * cap, cap / slower, now, URGENT);
  }

  /** The client's work on a copy of the flight, which goes on beside the links' part. */
  copy(flight: number, micros: number, now: number): void {
    this.on[flight] = COPY;
    this.cores.join(COORDINATOR, flight, (micros / choreSpeed(this.truth.hosts, COORDINATOR)) * COPY_CORES, COPY_CORES, now, URGENT);
  }

  /** The copy's last byte is through the links: whether the client still works on it. */
  lingers(flight: number): boolean {
    if (this.on[flight] !== COPY) return false;
    this.on[flight] = COPY_SENT;
    return true;
  }

  /** Which client's own work this is; −1 = a flight's. */
  clientOf(member: number): number {
    return member < this.flights ? -1 : member - this.flights;
  }

  /** Whether the build takes seconds that were measured, whatever its work. */
  isMeasured(task: TaskId, host: HostId): boolean {
    const { tasks, demand } = this.truth;
    return !Number.isNaN(tasks.seconds[task]!) || (demand.rows !== null && !Number.isNaN(rowSeconds(demand, task, host)));
  }

  isBuild(flight: number): boolean {
    return this.on[flight]! < CHORE;
  }

  /** Ends or breaks off work that is no build; false where a copy's bytes are still on their way, or there was none. */
  done(member: number, now: number): boolean {
    const was = member < this.flights ? this.on[member]! : CHORE;
    if (was < CHORE) return false;
    this.cores.leave(member, now);
    if (member < this.flights) this.on[member] = ALONE;
    return was !== COPY;
  }

  /** A flight of this cpu or fetch timer whose end is here, −1 when none is left. */
  ended(actor: number, now: number): number {
    const { layout } = this.timers;
    return actor >= layout.cpu ? this.cores.ended(actor - layout.cpu, now) : this.internet.ended(actor - layout.fetch, now);
  }

  /** Cores that the host's builds would keep busy now, had they them all; 0 where builds have a CPU of their own. */
  wanted(host: HostId): number {
    return this.cores.wanted(host);
  }
}
