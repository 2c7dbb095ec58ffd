// The fleet and the graph as the client knows them, in columns: who is ready, who runs where, which slots, cores and
// memory are taken. Changed by the dispatcher alone; read through View. No clock, no policy, no physics.
import { NONE } from "#base/units.js";
import type { Problem } from "#model/problem.js";

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
  /** Inputs that have not ended, plus one while the task has not been requested. */
  readonly waitingFor: Int32Array;
  readonly readyAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly hostOf: Int32Array;
  readonly attempts: Uint16Array;
  /** Row of the trace of the current attempt. */
  readonly row: Int32Array;
  readonly cores: Float64Array;
  /** Instant of the current start, µs. */
  readonly startedAt: Float64Array;
  readonly slotsFree: Int32Array;
  readonly running: Int32Array;
  readonly coresGranted: Float64Array;
  readonly memoryUsed: Float64Array;
  readonly up: Uint8Array;
  /** Hosts that are up with a free slot: open[0 … openCount), in no order. */
  readonly openHosts: Int32Array;
  openCount = 0;
  private readonly openPlace: Int32Array;
  /** Tasks that hold a slot, by host: tasksOn[slotBase[h] … + running[h]). */
  readonly slotBase: Int32Array;
  private readonly tasksOn: Int32Array;
  private readonly placeOn: Int32Array;
  /** Slots of a host that nobody holds: freeSlots[slotBase[h] … + slotsFree[h]), the next one last. */
  private readonly freeSlots: Int32Array;
  private readonly slotOf: Int32Array;

  constructor(readonly problem: Problem) {
    const { graph, hosts, arrival } = problem;
    const { count } = graph;
    this.unfinished = count;
    this.phase = new Uint8Array(count);
    this.waitingFor = new Int32Array(count);
    for (let t = 0; t < count; t++) {
      this.waitingFor[t] = graph.predStart[t + 1]! - graph.predStart[t]! + (arrival !== null && arrival[t]! > 0 ? 1 : 0);
    }
    this.readyAt = new Float64Array(count);
    this.endedAt = new Float64Array(count);
    this.hostOf = new Int32Array(count).fill(NONE);
    this.attempts = new Uint16Array(count);
    this.row = new Int32Array(count).fill(NONE);
    this.cores = new Float64Array(count);
    this.startedAt = new Float64Array(count);
    this.slotsFree = Int32Array.from(hosts.maxJobs);
    this.running = new Int32Array(hosts.count);
    this.coresGranted = new Float64Array(hosts.count);
    this.memoryUsed = new Float64Array(hosts.count);
    this.up = new Uint8Array(hosts.count).fill(1);
    this.openHosts = new Int32Array(hosts.count);
    this.openPlace = new Int32Array(hosts.count).fill(NONE);
    for (let h = 0; h < hosts.count; h++) if (hosts.maxJobs[h]! > 0) this.open(h);
    this.slotBase = new Int32Array(hosts.count + 1);
    for (let h = 0; h < hosts.count; h++) this.slotBase[h + 1] = this.slotBase[h]! + hosts.maxJobs[h]!;
    this.tasksOn = new Int32Array(this.slotBase[hosts.count]!);
    this.placeOn = new Int32Array(count).fill(NONE);
    this.slotOf = new Int32Array(count);
    this.freeSlots = new Int32Array(this.slotBase[hosts.count]!);
    for (let h = 0; h < hosts.count; h++) {
      for (let k = 0; k < hosts.maxJobs[h]!; k++) this.freeSlots[this.slotBase[h]! + k] = hosts.maxJobs[h]! - 1 - k;
    }
  }

  /** Returns the slot that it takes: nobody else's until it is freed. */
  take(task: number, host: number, cores: number): number {
    this.phase[task] = STARTED;
    this.hostOf[task] = host;
    this.startedAt[task] = this.now;
    this.cores[task] = cores;
    if (--this.slotsFree[host]! === 0) this.shut(host);
    const slot = this.freeSlots[this.slotBase[host]! + this.slotsFree[host]!]!;
    this.slotOf[task] = slot;
    const place = this.running[host]!++;
    this.placeOn[task] = place;
    this.tasksOn[this.slotBase[host]! + place] = task;
    this.coresGranted[host]! += cores;
    this.memoryUsed[host]! += this.problem.tasks.memoryBytes[task]!;
    return slot;
  }

  holdsSlot(task: number): boolean {
    return this.placeOn[task] !== NONE;
  }

  free(task: number): void {
    const host = this.hostOf[task]!;
    const base = this.slotBase[host]!;
    const place = this.placeOn[task]!;
    const last = this.tasksOn[base + --this.running[host]!]!;
    this.tasksOn[base + place] = last;
    this.placeOn[last] = place;
    this.placeOn[task] = NONE;
    this.freeSlots[base + this.slotsFree[host]!] = this.slotOf[task]!;
    if (this.slotsFree[host]!++ === 0 && this.up[host] === 1) this.open(host);
    this.coresGranted[host]! -= this.cores[task]!;
    this.memoryUsed[host]! -= this.problem.tasks.memoryBytes[task]!;
  }

  /** The k-th task that holds a slot of the host, k < running[host]. */
  taskOn(host: number, k: number): number {
    return this.tasksOn[this.slotBase[host]! + k]!;
  }

  setUp(host: number, up: boolean): void {
    this.up[host] = up ? 1 : 0;
    if (!up) this.shut(host);
    else if (this.slotsFree[host]! > 0) this.open(host);
  }

  private open(host: number): void {
    if (this.openPlace[host] !== NONE) return;
    this.openPlace[host] = this.openCount;
    this.openHosts[this.openCount++] = host;
  }

  private shut(host: number): void {
    const place = this.openPlace[host]!;
    if (place === NONE) return;
    const last = this.openHosts[--this.openCount]!;
    this.openHosts[place] = last;
    this.openPlace[last] = place;
    this.openPlace[host] = NONE;
  }
}
