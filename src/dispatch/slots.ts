// The slots of all hosts and what is granted in them: one table, however many clients take from it. Builders' slots are
// everybody's (Nix locks files in current-load for them); the coordinator's are each client's own (-j of each nix process),
// so it has a row per client. Knows tasks and hosts by their ids, no phases, no policy.
import { COORDINATOR } from "#base/units.js";
import type { Problem } from "#model/problem.js";

/** Told when the last free slot of a row is taken, or the first is free again. */
export interface SlotWatcher {
  filled(row: number): void;
  opened(row: number): void;
}

export class Slots {
  readonly rows: number;
  readonly slotsFree: Int32Array;
  readonly running: Int32Array;
  readonly coresGranted: Float64Array;
  /** Counted only where some host has a limit. */
  readonly memoryUsed: Float64Array;
  readonly watchers: SlotWatcher[] = [];
  private readonly limited: boolean;
  private readonly memoryBytes: Float64Array;
  /** Slots of all rows behind each other: those of r are [base[r] … base[r + 1]). */
  private readonly base: Int32Array;
  private readonly taskIn: Int32Array;
  private readonly coresIn: Float64Array;
  /** Instant at which it was taken, µs. */
  private readonly takenAt: Float64Array;
  /** Slots of a row in use: used[base[r] … + running[r]), and the place of each there. */
  private readonly used: Int32Array;
  private readonly usedPlace: Int32Array;
  /** Slots of a row that nobody holds: unused[base[r] … + slotsFree[r]), the next one last. */
  private readonly unused: Int32Array;

  constructor({ hosts, tasks }: Problem, clients: number) {
    const own = hosts.maxJobs[COORDINATOR]!;
    const maxJobs = Int32Array.from([...hosts.maxJobs, ...Array.from({ length: clients - 1 }, () => own)]);
    this.rows = maxJobs.length;
    this.slotsFree = maxJobs.slice();
    this.running = new Int32Array(this.rows);
    this.coresGranted = new Float64Array(this.rows);
    this.memoryUsed = new Float64Array(this.rows);
    this.limited = hosts.memoryBytes.some(Number.isFinite);
    this.memoryBytes = tasks.memoryBytes;
    this.base = new Int32Array(this.rows + 1);
    for (let r = 0; r < this.rows; r++) this.base[r + 1] = this.base[r]! + maxJobs[r]!;
    const slots = this.base[this.rows]!;
    this.taskIn = new Int32Array(slots);
    this.coresIn = new Float64Array(slots);
    this.takenAt = new Float64Array(slots);
    this.used = new Int32Array(slots);
    this.usedPlace = new Int32Array(slots);
    this.unused = new Int32Array(slots);
    for (let r = 0; r < this.rows; r++)
      for (let k = this.base[r]!; k < this.base[r + 1]!; k++) this.unused[k] = this.base[r]! + this.base[r + 1]! - 1 - k;
  }

  /** Returns the slot, by its number among all: nobody else's until it is freed. */
  take(row: number, task: number, cores: number, now: number): number {
    const base = this.base[row]!;
    const left = --this.slotsFree[row]!;
    if (left === 0) for (const watcher of this.watchers) watcher.filled(row);
    const slot = this.unused[base + left]!;
    const place = base + this.running[row]!++;
    this.taskIn[slot] = task;
    this.coresIn[slot] = cores;
    this.takenAt[slot] = now;
    this.used[place] = slot;
    this.usedPlace[slot] = place;
    this.coresGranted[row]! += cores;
    if (this.limited) this.memoryUsed[row]! += this.memoryBytes[task]!;
    return slot;
  }

  free(row: number, slot: number): void {
    const base = this.base[row]!;
    const place = this.usedPlace[slot]!;
    const last = this.used[base + --this.running[row]!]!;
    this.used[place] = last;
    this.usedPlace[last] = place;
    const before = this.slotsFree[row]!++;
    this.unused[base + before] = slot;
    if (before === 0) for (const watcher of this.watchers) watcher.opened(row);
    this.coresGranted[row]! -= this.coresIn[slot]!;
    if (this.limited) this.memoryUsed[row]! -= this.memoryBytes[this.taskIn[slot]!]!;
  }

  /** Its number among the slots of its row. */
  numberOf(row: number, slot: number): number {
    return slot - this.base[row]!;
  }

  /** The k-th slot of the row that somebody holds, k < running[row]. */
  held(row: number, k: number): number {
    return this.used[this.base[row]! + k]!;
  }

  holder(slot: number): number {
    return this.taskIn[slot]!;
  }

  heldSince(slot: number): number {
    return this.takenAt[slot]!;
  }
}
