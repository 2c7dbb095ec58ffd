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
  open: number;
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
  /** Estimated end of the running attempt, µs. */
  readonly due: Float64Array;
  readonly slotsFree: Int32Array;
  readonly running: Int32Array;
  readonly coresGranted: Float64Array;
  readonly memoryUsed: Float64Array;
  readonly up: Uint8Array;
  /** Tasks that hold a slot, by host: tasksOn[slotBase[h] … + running[h]). */
  readonly slotBase: Int32Array;
  private readonly tasksOn: Int32Array;
  private readonly placeOn: Int32Array;

  constructor(readonly problem: Problem) {
    const { graph, hosts, arrival } = problem;
    const { count } = graph;
    this.open = count;
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
    this.due = new Float64Array(count);
    this.slotsFree = Int32Array.from(hosts.maxJobs);
    this.running = new Int32Array(hosts.count);
    this.coresGranted = new Float64Array(hosts.count);
    this.memoryUsed = new Float64Array(hosts.count);
    this.up = new Uint8Array(hosts.count).fill(1);
    this.slotBase = new Int32Array(hosts.count + 1);
    for (let h = 0; h < hosts.count; h++) this.slotBase[h + 1] = this.slotBase[h]! + hosts.maxJobs[h]!;
    this.tasksOn = new Int32Array(this.slotBase[hosts.count]!);
    this.placeOn = new Int32Array(count).fill(NONE);
  }

  /** Slot taken: returns its index on the host, the place in the list of tasks there. */
  take(task: number, host: number, cores: number): void {
    this.phase[task] = STARTED;
    this.hostOf[task] = host;
    this.cores[task] = cores;
    this.slotsFree[host]!--;
    const place = this.running[host]!++;
    this.placeOn[task] = place;
    this.tasksOn[this.slotBase[host]! + place] = task;
    this.coresGranted[host]! += cores;
    this.memoryUsed[host]! += this.problem.tasks.memoryBytes[task]!;
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
    this.slotsFree[host]!++;
    this.coresGranted[host]! -= this.cores[task]!;
    this.memoryUsed[host]! -= this.problem.tasks.memoryBytes[task]!;
  }

  /** The k-th task that holds a slot of the host, k < running[host]. */
  taskOn(host: number, k: number): number {
    return this.tasksOn[this.slotBase[host]! + k]!;
  }

  /** Estimated instants at which the host's slots are free, ascending; overdue builds count as ending now. */
  freeTimes(host: number, into: Float64Array): void {
    const running = this.running[host]!;
    for (let k = 0; k < into.length; k++) into[k] = k < running ? Math.max(this.now, this.due[this.taskOn(host, k)]!) : this.now;
    if (running > 1 || into.length > 1) into.sort();
  }
}
