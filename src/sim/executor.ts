// The simulated world behind the executor port: moves virtual time from instant to instant and lets every timer of one
// instant fire, in the order of src/sim/timers.ts. Asks cost what the conduct's timing says. Never knows the policy.
import { COORDINATOR, type HostId, type Instant, micros, NONE, type TaskId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Decisions, Executor } from "#dispatch/executor.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { ClientWork } from "./client-work.js";
import { Cpu } from "./cpu.js";
import { arrivalsOf, flightCapacity } from "./extent.js";
import { type Failures, type Timetable, timetable } from "./faults.js";
import { ASKED, FREE, Flights, NOTICING, RETRYING, UNANSWERED } from "./flights.js";
import { Handshakes } from "./handshake.js";
import { Life } from "./life.js";
import { Load } from "./load.js";
import { NET_TIMERS } from "./network.js";
import { networkOf } from "./networks.js";
import { Timers, timerLayout } from "./timers.js";
import { World } from "./world.js";

export interface SimOptions {
  /** The same shape as the policy's problem, with true durations. */
  readonly truth: Problem;
  readonly models: Models;
  readonly conduct: Conduct;
  readonly seed: number;
  readonly failures: Failures | null;
}

/** Instants in a row with no build under way and no host or request to come: polls that will never find anything. */
const BARREN_MAX = 1000;

export class SimExecutor implements Executor {
  readonly clock = { now: (): Instant => this.world.now as Instant };
  private readonly life: Life;
  private readonly handshakes: Handshakes;
  private readonly work: ClientWork;
  private readonly world: World;
  private readonly outages: Timetable;
  private readonly recoveries: Timetable;
  private readonly arrivals: readonly number[];
  private readonly downSince: Float64Array;
  private nextOutage = 0;
  private nextRecovery = 0;
  private nextArrival = 0;
  /** By client: the instant until which it is busy, where it is serial. */
  private readonly busyUntil: Float64Array;
  /** By client: the ask that nobody will answer; −1 = none. */
  private readonly unanswered: Int32Array;
  private barren = 0;
  private readonly serial: boolean;
  /** The client learns only by asking that a host is down. */
  private readonly blind: boolean;
  private readonly arrived = (flight: number): void => this.life.proceed(flight);

  constructor(
    options: SimOptions,
    private readonly clients: readonly Dispatcher[],
  ) {
    const { truth, models, conduct } = options;
    const { hosts } = truth;
    const outages = models.faults === "on" ? hosts.outages : [];
    const capacity = flightCapacity(truth, conduct, clients.length, options.failures !== null || outages.length > 0);
    const timers = new Timers(timerLayout(clients.length, capacity, hosts.count, NET_TIMERS));
    this.world = new World(
      truth,
      models,
      conduct,
      clients,
      new Flights(capacity),
      timers,
      new Cpu(truth, models, capacity, clients.length, timers),
      networkOf(truth, models, { hosts, flights: capacity, timers }),
      new Load(conduct.timing, options.seed, clients.length),
      options.seed,
      options.failures,
    );
    this.life = new Life(this.world);
    this.serial = conduct.timing.ask === "serial";
    this.handshakes = new Handshakes(this.world);
    this.work = new ClientWork(this.world, this.handshakes, this.serial);
    this.blind = this.serial && conduct.reaction.hostsDown === "asked";
    this.outages = timetable(outages, "from");
    this.recoveries = timetable(outages, "to");
    this.busyUntil = new Float64Array(clients.length);
    this.unanswered = new Int32Array(clients.length).fill(NONE);
    this.downSince = new Float64Array(hosts.count).fill(-1);
    this.arrivals = arrivalsOf(truth);
    if (this.outages.at.length > 0) timers.set(timers.layout.outage, this.outages.at[0]!);
    if (this.recoveries.at.length > 0) timers.set(timers.layout.recovery, this.recoveries.at[0]!);
    if (this.arrivals.length > 0) timers.set(timers.layout.arrival, this.arrivals[0]!);
  }

  perform(decisions: Decisions): void {
    const { timers, now } = this.world;
    const client = this.clients[decisions.client]!;
    for (let i = 0; i < decisions.cancelCount; i++) this.cancel(decisions.cancel[i]!);
    for (let i = 0; i < decisions.retryCount; i++) this.retry(decisions.client, decisions.retry[i]!, decisions.retryAt[i]!);
    client.decisions.performed();
    if (this.serial) this.askSerially(decisions);
    else for (let i = 0; i < decisions.count; i++) this.ask(decisions, i, Math.max(now, client.notBefore(decisions.task[i]! as TaskId)));
    for (let i = 0; i < decisions.stageCount; i++) this.life.stage(decisions.client, decisions.stageTask[i]!, decisions.stageHost[i]!);
    if (decisions.wakeAt !== Number.POSITIVE_INFINITY) timers.set(timers.layout.alarm + decisions.client, decisions.wakeAt);
  }

  next(): "moved" | "idle" {
    const { timers } = this.world;
    const now = timers.topKey();
    if (now === Number.POSITIVE_INFINITY || this.isBarren()) return "idle";
    this.world.now = now;
    for (const client of this.clients) client.at(now as Instant);
    while (timers.topKey() === now) this.fire(timers.pop());
    return "moved";
  }

  /** A client may poll for ever for a host that never comes back. */
  private isBarren(): boolean {
    const { outages, recoveries, arrivals } = this;
    if (this.world.flights.count > 0) this.barren = 0;
    else if (this.nextOutage < outages.at.length || this.nextRecovery < recoveries.at.length) this.barren = 0;
    else if (this.nextArrival < arrivals.length) this.barren = 0;
    else this.barren++;
    return this.barren > BARREN_MAX;
  }

  /** Closes what is open at the end of a run. */
  finish(): void {
    const { trace } = this.world;
    trace.close();
    for (let h = 0; h < this.downSince.length; h++) {
      if (this.downSince[h]! >= 0)
        trace.spans.push({ kind: "down", host: h, task: -1, from: this.downSince[h]!, to: Math.max(this.world.now, trace.makespan) });
    }
  }

  private fire(actor: number): void {
    const { layout } = this.world.timers;
    if (actor < layout.delay) this.fireFleet(actor);
    else if (actor < layout.net) this.delayed(actor - layout.delay);
    else if (actor < layout.fetch) this.world.network.fire(actor - layout.net, this.world.now, this.arrived);
    else if (actor < layout.build) this.worked(actor);
    else if (actor < layout.arrival) this.life.built(actor - layout.build);
    else if (actor === layout.arrival) this.arrive();
    else this.clients[actor - layout.alarm]!.woke();
  }

  private fireFleet(actor: number): void {
    const { layout } = this.world.timers;
    if (actor >= layout.client) this.clientFree(actor - layout.client);
    else if (actor === layout.outage) this.outage();
    else this.recovery();
  }

  private clientFree(client: number): void {
    const { flights, timers } = this.world;
    const later = this.handshakes.stuckUntil(client);
    if (later >= 0) {
      this.busyUntil[client] = later;
      timers.set(timers.layout.client + client, later);
      return;
    }
    const dispatcher = this.clients[client]!;
    const flight = this.unanswered[client]!;
    this.unanswered[client] = NONE;
    if (flight !== NONE && flights.phase[flight] === UNANSWERED) {
      flights.close(flight);
      dispatcher.unreachable(flights.task[flight]! as TaskId, flights.host[flight]! as HostId);
    }
    dispatcher.clientFree();
  }

  private delayed(flight: number): void {
    if (this.world.flights.phase[flight] === RETRYING) this.retried(flight);
    else if (!this.work.opened(flight)) this.life.proceed(flight);
  }

  private worked(actor: number): void {
    const { cpu, now } = this.world;
    for (let member = cpu.ended(actor, now); member >= 0; member = cpu.ended(actor, now)) {
      const client = cpu.clientOf(member);
      if (client < 0 && cpu.isBuild(member)) this.life.built(member);
      else if (!cpu.done(member, now)) continue;
      else if (client < 0) this.delayed(member);
      else this.work.ended(client);
    }
  }

  /** One ask after the other; the refused ones first, then each accepted one blocks the client until it is, then a hook starts. */
  private askSerially(decisions: Decisions): void {
    if (decisions.count === 0 && decisions.refused === 0 && !decisions.hook) return;
    const { timers, conduct, load, trace } = this.world;
    const { client } = decisions;
    const start = Math.max(this.world.now, this.busyUntil[client]!);
    let at = start + decisions.refused * load.micros(conduct.timing.refuseSeconds);
    if (at > start) trace.spans.push({ kind: "dispatch", host: -1, task: -1, from: start, to: at });
    for (let i = 0; i < decisions.count; i++) at = this.ask(decisions, i, at);
    if (decisions.hook) {
      const ready = at + load.hookMicros(at, client);
      trace.spans.push({ kind: "dispatch", host: -1, task: -1, from: at, to: ready });
      at = ready;
    }
    this.busyUntil[client] = this.work.counts ? start : at;
    if (this.work.counts && this.unanswered[client] === NONE) this.work.begins(client, at - start, decisions.hook);
    else timers.set(timers.layout.client + client, at);
  }

  /** Asks at that instant; returns when the answer is there. */
  private ask(decisions: Decisions, i: number, at: number): number {
    const { flights, timers, trace } = this.world;
    const task = decisions.task[i]!;
    const host = decisions.host[i]!;
    const row = decisions.row[i]!;
    const flight = flights.open(task, host, row, ASKED, decisions.client);
    trace.asked[row] = at;
    if (this.blind && this.downSince[host]! >= 0) return this.askInVain(flight, task, host, at);
    const accepted = at + this.handshakes.micros(task, host as HostId, trace.attempt[row]!, at);
    if (this.serial && (accepted > at || (this.work.counts && host !== COORDINATOR))) {
      trace.spans.push({ kind: "dispatch", host: -1, task, from: at, to: accepted });
      this.handshakes.begins(decisions.client, flight);
    }
    if (this.work.counts && host !== COORDINATOR) this.work.connects(flight, at);
    else if (accepted > this.world.now) timers.set(timers.layout.delay + flight, accepted);
    else this.life.accepted(flight);
    return accepted;
  }

  /** The host is down: refused, or nobody answers until the timeout. The client learns so when it is free again. */
  private askInVain(flight: number, task: number, host: number, at: number): number {
    const { flights, truth, trace } = this.world;
    const until = at + micros(truth.hosts.connectTimeout[host]!);
    trace.spans.push({ kind: "dispatch", host, task, from: at, to: until });
    flights.phase[flight] = UNANSWERED;
    this.unanswered[flights.client[flight]!] = flight;
    return until;
  }

  private retry(client: number, task: number, at: number): void {
    const { flights, timers } = this.world;
    timers.set(timers.layout.delay + flights.open(task, -1, -1, RETRYING, client), at);
  }

  private retried(flight: number): void {
    const { flights } = this.world;
    const task = flights.task[flight]!;
    const dispatcher = this.world.clientOf(flight);
    flights.close(flight);
    dispatcher.retried(task as TaskId);
  }

  private cancel(task: number): void {
    const { flights } = this.world;
    for (let f = 0; f < flights.used; f++) if (flights.phase[f] !== FREE && flights.task[f] === task) this.abort(f);
  }

  private abort(flight: number): void {
    this.work.broken(flight);
    this.life.abort(flight);
  }

  private outage(): void {
    const { timers, flights } = this.world;
    const host = this.outages.host[this.nextOutage++]!;
    if (this.nextOutage < this.outages.at.length) timers.set(timers.layout.outage, this.outages.at[this.nextOutage]!);
    this.downSince[host] = this.world.now;
    this.handshakes.breaks(host as HostId);
    this.life.hostLost(host as HostId);
    let isLost = false;
    for (let f = 0; f < flights.used; f++) {
      if (flights.phase[f] === FREE || flights.phase[f] === NOTICING || flights.phase[f] === UNANSWERED || flights.host[f] !== host)
        continue;
      const task = flights.task[f]! as TaskId;
      const connecting = flights.phase[f] === ASKED && this.blind;
      const dispatcher = this.world.clientOf(f);
      const isOver = this.life.isOver(f);
      this.abort(f);
      if (isOver) isLost = true;
      if (isOver) dispatcher.lost(task);
      else if (connecting) dispatcher.unreachable(task, host as HostId);
      else dispatcher.failed(task, "host");
    }
    if (isLost) this.life.starve();
  }

  private recovery(): void {
    const { timers, trace } = this.world;
    const host = this.recoveries.host[this.nextRecovery++]!;
    if (this.nextRecovery < this.recoveries.at.length) timers.set(timers.layout.recovery, this.recoveries.at[this.nextRecovery]!);
    trace.spans.push({ kind: "down", host, task: -1, from: this.downSince[host]!, to: this.world.now });
    this.downSince[host] = -1;
    for (const client of this.clients) client.hostBack(host as HostId);
  }

  private arrive(): void {
    const { timers } = this.world;
    this.nextArrival++;
    if (this.nextArrival < this.arrivals.length) timers.set(timers.layout.arrival, this.arrivals[this.nextArrival]!);
    for (const client of this.clients) client.arrived();
  }
}
