// The simulated world behind the executor port: moves virtual time from instant to instant and lets every timer of one
// instant fire, in the order of src/sim/timers.ts. How clients ask is asking.ts, what becomes of a build life.ts. Never knows the policy.
import type { Instant, TaskId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Decisions, Executor } from "#dispatch/executor.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { Asking } from "./asking.js";
import { ClientWork } from "./client-work.js";
import { Cpu } from "./cpu.js";
import { arrivalsOf, flightCapacity } from "./extent.js";
import type { Failures } from "./faults.js";
import { ASKED, FREE, Flights, NOTICING, RETRYING, UNANSWERED } from "./flights.js";
import { Handshakes } from "./handshake.js";
import { Life } from "./life.js";
import { Load } from "./load.js";
import { NET_TIMERS } from "./network.js";
import { networkOf } from "./networks.js";
import { Outages } from "./outages.js";
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
  private readonly outages: Outages;
  private readonly asking: Asking;
  private readonly arrivals: readonly number[];
  private nextArrival = 0;
  private barren = 0;
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
    this.handshakes = new Handshakes(this.world);
    this.work = new ClientWork(this.world, this.handshakes, conduct.timing.ask === "serial");
    this.outages = new Outages(this.world, outages);
    this.asking = new Asking(this.world, this.life, this.handshakes, this.work, this.outages);
    this.arrivals = arrivalsOf(truth);
    if (this.arrivals.length > 0) timers.set(timers.layout.arrival, this.arrivals[0]!);
  }

  perform(decisions: Decisions): void {
    const { timers } = this.world;
    for (let i = 0; i < decisions.cancelCount; i++) this.cancel(decisions.cancel[i]!);
    for (let i = 0; i < decisions.retryCount; i++) this.retry(decisions.client, decisions.retry[i]!, decisions.retryAt[i]!);
    this.clients[decisions.client]!.decisions.performed();
    this.asking.perform(decisions);
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
    const isBarren = this.world.flights.count === 0 && this.outages.isOver && this.nextArrival >= this.arrivals.length;
    this.barren = isBarren ? this.barren + 1 : 0;
    return this.barren > BARREN_MAX;
  }

  /** Closes what is open at the end of a run. */
  finish(): void {
    this.world.trace.close();
    this.outages.finish();
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
    if (actor >= layout.client) this.asking.free(actor - layout.client);
    else if (actor === layout.outage) this.outage();
    else this.recovery();
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
    const { flights } = this.world;
    const host = this.outages.begins();
    this.handshakes.breaks(host);
    this.life.hostLost(host);
    let isLost = false;
    for (let f = 0; f < flights.used; f++) {
      if (flights.phase[f] === FREE || flights.phase[f] === NOTICING || flights.phase[f] === UNANSWERED || flights.host[f] !== host)
        continue;
      const task = flights.task[f]! as TaskId;
      const connecting = flights.phase[f] === ASKED && this.asking.blind;
      const dispatcher = this.world.clientOf(f);
      const isOver = this.life.isOver(f);
      this.abort(f);
      if (isOver) isLost = true;
      if (isOver) dispatcher.lost(task);
      else if (connecting) dispatcher.unreachable(task, host);
      else dispatcher.failed(task, "host");
    }
    if (isLost) this.life.starve();
  }

  private recovery(): void {
    const host = this.outages.ends();
    for (const client of this.clients) client.hostBack(host);
  }

  private arrive(): void {
    const { timers } = this.world;
    this.nextArrival++;
    if (this.nextArrival < this.arrivals.length) timers.set(timers.layout.arrival, this.arrivals[this.nextArrival]!);
    for (const client of this.clients) client.arrived();
  }
}
