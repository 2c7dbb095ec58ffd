// The fleet and the graph as the client knows them, in columns: who is ready, who runs where, which slots, cores and
// memory are taken. Changed by the dispatcher alone; read through View. No clock, no policy, no physics.
import { NONE } from "#base/units.js";
import type { Problem } from "#model/problem.js";
import { Ids } from "./span.js";

/** What a task is to the client. */
export const WAITING = 0;
export const READY = 1;
export const STARTED = 2;
export const DONE = 3;
export const FAILED = 4;

export class State {
  now = 0;
  /** Tasks neither done nor failed. */
  unfinished: number;
  readonly phase: Uint8Array;
  /** Instant at which the task came into its phase: readied, started, ended. µs. */
  readonly since: Float64Array;
  /** Inputs that have not ended, plus one while the task has not been requested. */
  readonly waitingFor: Int32Array;
  readonly hostOf: Int32Array;
  /** Row of the trace of the latest attempt. */
  readonly row: Int32Array;
  readonly slotsFree: Int32Array;
  readonly running: Int32Array;
  readonly coresGranted: Float64Array;
  /** Counted only where some host has a limit. */
  readonly memoryUsed: Float64Array;
  private readonly limited: boolean;
  readonly up: Uint8Array;
  /** Hosts that are up with a free slot, in no order. */
  readonly open: Ids;
  private readonly openPlace: Int32Array;
  /** Slots of all hosts in one row: those of h are [slotBase[h] … slotBase[h + 1]). */
  private readonly slotBase: Int32Array;
  /** Slot that the task holds, NONE without one. */
  private readonly slotOf: Int32Array;
  private readonly taskIn: Int32Array;
  private readonly coresIn: Float64Array;
  /** Slots of a host in use: used[slotBase[h] … + running[h]), and the place of each there. */
  private readonly used: Int32Array;
  private readonly usedPlace: Int32Array;
  /** Slots of a host that nobody holds: unused[slotBase[h] … + slotsFree[h]), the next one last. */
  private readonly unused: Int32Array;

  constructor(readonly problem: Problem) {
    const { graph, hosts, arrival } = problem;
    const { count, predStart } = graph;
    this.unfinished = count;
    this.phase = new Uint8Array(count);
    this.since = new Float64Array(count);
    this.waitingFor = new Int32Array(count);
    for (let t = 0; t < count; t++) this.waitingFor[t] = predStart[t + 1]! - predStart[t]!;
    if (arrival !== null) for (let t = 0; t < count; t++) if (arrival[t]! > 0) this.waitingFor[t]!++;
    this.hostOf = new Int32Array(count).fill(NONE);
    this.row = new Int32Array(count).fill(NONE);
    this.slotsFree = Int32Array.from(hosts.maxJobs);
    this.running = new Int32Array(hosts.count);
    this.coresGranted = new Float64Array(hosts.count);
    this.memoryUsed = new Float64Array(hosts.count);
    this.limited = hosts.memoryBytes.some(Number.isFinite);
    this.up = new Uint8Array(hosts.count).fill(1);
    this.open = new Ids(hosts.count);
    this.openPlace = new Int32Array(hosts.count).fill(NONE);
    this.slotBase = new Int32Array(hosts.count + 1);
    for (let h = 0; h < hosts.count; h++) this.slotBase[h + 1] = this.slotBase[h]! + hosts.maxJobs[h]!;
    const slots = this.slotBase[hosts.count]!;
    this.slotOf = new Int32Array(count).fill(NONE);
    this.taskIn = new Int32Array(slots);
    this.coresIn = new Float64Array(slots);
    this.used = new Int32Array(slots);
    this.usedPlace = new Int32Array(slots);
    this.unused = new Int32Array(slots);
    for (let h = 0; h < hosts.count; h++) {
      for (let k = this.slotBase[h]!; k < this.slotBase[h + 1]!; k++) this.unused[k] = this.slotBase[h]! + this.slotBase[h + 1]! - 1 - k;
      if (hosts.maxJobs[h]! > 0) this.offer(h);
    }
  }

  /** Returns the slot that it takes, counted on its host: nobody else's until it is freed. */
  take(task: number, host: number, cores: number): number {
    const base = this.slotBase[host]!;
    const left = --this.slotsFree[host]!;
    if (left === 0) this.withdraw(host);
    const slot = this.unused[base + left]!;
    const place = base + this.running[host]!++;
    this.phase[task] = STARTED;
    this.since[task] = this.now;
    this.hostOf[task] = host;
    this.slotOf[task] = slot;
    this.taskIn[slot] = task;
    this.coresIn[slot] = cores;
    this.used[place] = slot;
    this.usedPlace[slot] = place;
    this.coresGranted[host]! += cores;
    if (this.limited) this.memoryUsed[host]! += this.problem.tasks.memoryBytes[task]!;
    return slot - base;
  }

  holdsSlot(task: number): boolean {
    return this.slotOf[task] !== NONE;
  }

  free(task: number): void {
    const host = this.hostOf[task]!;
    const base = this.slotBase[host]!;
    const slot = this.slotOf[task]!;
    const place = this.usedPlace[slot]!;
    const last = this.used[base + --this.running[host]!]!;
    this.used[place] = last;
    this.usedPlace[last] = place;
    this.slotOf[task] = NONE;
    const before = this.slotsFree[host]!++;
    this.unused[base + before] = slot;
    if (before === 0 && this.up[host] === 1) this.offer(host);
    this.coresGranted[host]! -= this.coresIn[slot]!;
    if (this.limited) this.memoryUsed[host]! -= this.problem.tasks.memoryBytes[task]!;
  }

  /** The k-th task that holds a slot of the host, k < running[host]. */
  taskOn(host: number, k: number): number {
    return this.taskIn[this.used[this.slotBase[host]! + k]!]!;
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
    else if (this.slotsFree[host]! > 0) this.offer(host);
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
