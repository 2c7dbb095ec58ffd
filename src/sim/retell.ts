// A recorded run told again: dispatcher and policy decide anew, and everything takes as long as it did in that run. No model
// of processors, links or load has a part in it: what comes out differently is a wrong rule, or an ask that was a hair early.
// Ignores: hosts that fail, builds that fail.
import { IndexedHeap } from "#base/heap.js";
import { COORDINATOR, type Instant, micros, type TaskId } from "#base/units.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import { drive } from "#dispatch/drive.js";
import type { Decisions, Executor } from "#dispatch/executor.js";
import { Trace } from "#dispatch/trace.js";
import { arrivalsOf } from "./extent.js";
import { type OwnTimes, ownTimes } from "./own-times.js";
import { clientsOf, type SimulateInput } from "./simulate.js";

/** Stages of a build under way; after the last the client knows of its end. */
const ACCEPTED = 0;
const UPLOADED = 1;
const STARTED = 2;
const BUILT = 3;
const FREED = 4;

export type RetellInput = Omit<SimulateInput, "truth" | "failures" | "notebook">;

/** Null where it cannot be told. */
export function retell(input: RetellInput, recorded: Trace): Trace | null {
  const { problem, conduct } = input;
  const times = problem.hosts.outages.length > 0 || conduct.timing.ask !== "serial" ? null : ownTimes(problem, conduct.timing, recorded);
  if (times === null) return null;
  const trace = new Trace(problem.graph.count);
  const clients = clientsOf(problem, { ...input, notebook: null }, trace);
  if (clients.length !== times.firstAsk.length) return null;
  drive(clients, new Retold(input, times, trace, clients));
  return clients.every(({ done }) => done) ? trace : null;
}

/** In one instant: first the clients' own time, then builds, then requests, then alarms. */
class Retold implements Executor {
  private now = 0;
  readonly clock = { now: (): Instant => this.now as Instant };
  private readonly stage: Uint8Array;
  private readonly row: Int32Array;
  private readonly client: Int32Array;
  /** By client: whether it has asked, and the task that it asked for last. */
  private readonly last: Int32Array;
  private readonly hooks: Uint8Array;
  private readonly timers: IndexedHeap;
  private readonly arrivals: readonly number[];
  private nextArrival = 0;
  private readonly build: number;
  private readonly arrival: number;
  private readonly alarm: number;

  constructor(
    private readonly input: RetellInput,
    private readonly times: OwnTimes,
    private readonly trace: Trace,
    private readonly clients: readonly Dispatcher[],
  ) {
    const { count } = input.problem.graph;
    this.stage = new Uint8Array(count);
    this.row = new Int32Array(count);
    this.client = new Int32Array(count);
    this.last = new Int32Array(clients.length);
    this.hooks = new Uint8Array(clients.length);
    this.build = clients.length;
    this.arrival = this.build + count;
    this.alarm = this.arrival + 1;
    this.timers = new IndexedHeap(this.alarm + clients.length);
    this.arrivals = arrivalsOf(input.problem);
    if (this.arrivals.length > 0) this.timers.set(this.arrival, this.arrivals[0]!);
  }

  perform(decisions: Decisions): void {
    const { client, count, refused, hook, wakeAt } = decisions;
    this.clients[client]!.decisions.performed();
    if (wakeAt !== Number.POSITIVE_INFINITY) this.timers.set(this.alarm + client, wakeAt);
    if (count === 0 && refused === 0 && !hook) return;
    let at = this.now + refused * micros(this.input.conduct.timing.refuseSeconds);
    for (let i = 0; i < count; i++) at = this.ask(decisions, i, at);
    if (hook) at = this.hookAt(client, at);
    this.timers.set(client, at);
  }

  next(): "moved" | "idle" {
    const now = this.timers.topKey();
    if (now === Number.POSITIVE_INFINITY) return "idle";
    this.now = now;
    for (const client of this.clients) client.at(now as Instant);
    while (this.timers.topKey() === now) this.fire(this.timers.pop());
    return "moved";
  }

  /** Returns when it is accepted. */
  private ask({ client, task: tasks, host: hosts, row: rows }: Decisions, i: number, at: number): number {
    const task = tasks[i]!;
    const isLocal = hosts[i] === COORDINATOR;
    const accepted = isLocal ? at : at + this.times.connect[task]!;
    if (!isLocal) this.last[client] = task;
    this.trace.asked[rows[i]!] = at;
    this.row[task] = rows[i]!;
    this.client[task] = client;
    this.stage[task] = ACCEPTED;
    this.timers.set(this.build + task, accepted);
    return accepted;
  }

  private hookAt(client: number, at: number): number {
    const isFirst = this.hooks[client] === 0;
    this.hooks[client] = 1;
    return isFirst ? Math.max(at, this.times.firstAsk[client]!) : at + this.times.hook[this.last[client]!]!;
  }

  private fire(actor: number): void {
    if (actor < this.build) this.clients[actor]!.clientFree();
    else if (actor < this.arrival) this.proceed(actor - this.build);
    else if (actor >= this.alarm) this.clients[actor - this.alarm]!.woke();
    else {
      const at = this.arrivals[++this.nextArrival];
      if (at !== undefined) this.timers.set(this.arrival, at);
      for (const client of this.clients) client.arrived();
    }
  }

  private proceed(task: number): void {
    const { trace, times, now } = this;
    const row = this.row[task]!;
    const client = this.clients[this.client[task]!]!;
    const stage = this.stage[task]++;
    const isLocal = trace.host[row] === COORDINATOR;
    if (!isLocal && (stage === UPLOADED || stage === BUILT || stage === FREED)) client.childSpoke();
    switch (stage) {
      case ACCEPTED:
        trace.accepted[row] = now;
        return this.timers.set(this.build + task, now + times.upload[task]!);
      case UPLOADED:
        trace.uploaded[row] = now;
        return this.timers.set(this.build + task, now + times.start[task]!);
      case STARTED:
        trace.started[row] = now;
        return this.timers.set(this.build + task, now + times.build[task]!);
      case BUILT:
        trace.built[row] = now;
        client.built(task as TaskId);
        return this.timers.set(this.build + task, now + times.back[task]!);
      case FREED:
        trace.returned[row] = now;
        client.presence?.put(task, COORDINATOR);
        client.slotFreed(task as TaskId);
        return this.timers.set(this.build + task, now + times.notice[task]!);
      default:
        client.ended(task as TaskId);
    }
  }
}
