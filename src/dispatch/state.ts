// Graph and fleet as one client knows them, in columns: who is ready, who runs where, which hosts answer. Slots, attempts
// and presence are the ground's, shared with other clients. Changed by the dispatcher alone; read through View. No clock,
// no policy, no physics.
import { COORDINATOR, NONE } from "#base/units.js";
import type { Problem } from "#model/problem.js";
import type { Seat } from "./ground.js";
import type { Slots, SlotWatcher } from "./slots.js";
import { Ids } from "./span.js";

/** What a task is to the client. */
export const WAITING = 0;
export const READY = 1;
export const STARTED = 2;
export const DONE = 3;
export const FAILED = 4;
/** Another client's: this one never asks for it. */
export const STRANGER = 5;

export class State implements SlotWatcher {
  now = 0;
  /** Tasks neither done nor failed. */
  unfinished: number;
  readonly phase: Uint8Array;
  /** Instant at which the task came into its phase: readied, started, ended. µs. */
  readonly since: Float64Array;
  /** Inputs that have not ended, plus one while the task has not been requested. */
  readonly waitingFor: Int32Array;
  readonly hostOf: Int32Array;
  readonly row: Int32Array;
  readonly slots: Slots;
  /** Row of the slot table that is the coordinator's for this client. */
  readonly home: number;
  readonly up: Uint8Array;
  /** Hosts that are up with a free slot, in no order. */
  readonly open: Ids;
  private readonly openPlace: Int32Array;
  /** Slot that the task holds, NONE without one. */
  private readonly slotOf: Int32Array;
  private readonly homeSlots: number;

  constructor(
    readonly problem: Problem,
    { ground, client }: Seat,
  ) {
    const { graph, hosts, arrival } = problem;
    const { count, predStart } = graph;
    this.unfinished = count;
    this.phase = new Uint8Array(count);
    this.since = new Float64Array(count);
    this.waitingFor = new Int32Array(count);
    for (let t = 0; t < count; t++) this.waitingFor[t] = predStart[t + 1]! - predStart[t]!;
    if (arrival !== null) for (let t = 0; t < count; t++) if (arrival[t]! > 0) this.waitingFor[t]!++;
    if (ground.outputs !== null) this.leaveToOthers(arrival!);
    this.hostOf = ground.hostOf;
    this.row = ground.row;
    this.slots = ground.slots;
    this.home = client === 0 ? COORDINATOR : hosts.count + client - 1;
    this.homeSlots = client * hosts.maxJobs[COORDINATOR]!;
    this.up = new Uint8Array(hosts.count).fill(1);
    this.open = new Ids(hosts.count);
    this.openPlace = new Int32Array(hosts.count).fill(NONE);
    this.slotOf = new Int32Array(count).fill(NONE);
    for (let h = 0; h < hosts.count; h++) if (hosts.maxJobs[h]! > 0) this.offer(h);
    this.slots.watchers.push(this);
  }

  /** Row of the slot table for the host as this client sees it. */
  place(host: number): number {
    return host === COORDINATOR ? this.home : host;
  }

  /** Returns the slot that it takes, counted on its host, the coordinator's client by client. */
  take(task: number, host: number, cores: number): number {
    const place = this.place(host);
    const slot = this.slots.take(place, task, cores, this.now);
    this.phase[task] = STARTED;
    this.since[task] = this.now;
    this.hostOf[task] = host;
    this.slotOf[task] = slot;
    return this.slots.numberOf(place, slot) + (host === COORDINATOR ? this.homeSlots : 0);
  }

  holdsSlot(task: number): boolean {
    return this.slotOf[task] !== NONE;
  }

  free(task: number): void {
    const slot = this.slotOf[task]!;
    this.slotOf[task] = NONE;
    this.slots.free(this.place(this.hostOf[task]!), slot);
  }

  /** The task will not be built, nor anything behind it. */
  fail(task: number): void {
    const { succStart, succ } = this.problem.graph;
    const stack = [task];
    while (stack.length > 0) {
      const failed = stack.pop()!;
      if (this.phase[failed]! >= DONE) continue;
      this.phase[failed] = FAILED;
      this.unfinished--;
      for (let e = succStart[failed]!; e < succStart[failed + 1]!; e++) stack.push(succ[e]!);
    }
  }

  setUp(host: number, up: boolean): void {
    this.up[host] = up ? 1 : 0;
    if (!up) this.withdraw(host);
    else if (this.slots.slotsFree[this.place(host)]! > 0) this.offer(host);
  }

  filled(row: number): void {
    const host = this.hostAt(row);
    if (host !== NONE) this.withdraw(host);
  }

  opened(row: number): void {
    const host = this.hostAt(row);
    if (host !== NONE && this.up[host] === 1) this.offer(host);
  }

  /** NONE: it is the coordinator's for somebody else. */
  private hostAt(row: number): number {
    if (row === this.home) return COORDINATOR;
    return row === COORDINATOR || row >= this.up.length ? NONE : row;
  }

  private leaveToOthers(arrival: Float64Array): void {
    for (let t = 0; t < arrival.length; t++) {
      if (arrival[t]! < Number.POSITIVE_INFINITY) continue;
      this.phase[t] = STRANGER;
      this.unfinished--;
    }
  }

  private offer(host: number): void {
    if (this.openPlace[host] !== NONE) return;
    this.openPlace[host] = this.open.length;
    this.open.push(host);
  }

  private withdraw(host: number): void {
    const place = this.openPlace[host]!;
    if (place === NONE) return;
    const last = this.open.ids[--this.open.length]!;
    this.open.ids[place] = last;
    this.openPlace[last] = place;
    this.openPlace[host] = NONE;
  }
}
