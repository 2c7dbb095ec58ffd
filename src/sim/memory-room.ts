// Memory admission: a build that does not fit into its host's memory makes no progress until it does; thrashing costs at
// least that. One alone always fits. Assumes: a build needs its whole memory from start to end. Ignores: swap, caches.
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";

export class MemoryRoom {
  private readonly used: Float64Array;
  private readonly waiting: number[][];
  /** False where no host has a limit: then nothing need be counted. */
  private readonly limited: boolean;

  constructor(
    private readonly truth: Problem,
    models: Models,
  ) {
    const { hosts } = truth;
    this.limited = models.memory === "on" && hosts.memoryBytes.some(Number.isFinite);
    this.used = new Float64Array(hosts.count);
    this.waiting = this.limited ? Array.from({ length: hosts.count }, () => []) : [];
  }

  /** Takes the memory, or lets the flight wait until somebody leaves. */
  admits(flight: number, task: number, host: number): boolean {
    if (!this.limited) return true;
    const bytes = this.truth.tasks.memoryBytes[task]!;
    if (this.used[host]! > 0 && this.used[host]! + bytes > this.truth.hosts.memoryBytes[host]!) {
      this.waiting[host]!.push(flight);
      return false;
    }
    this.used[host]! += bytes;
    return true;
  }

  /** Gives the memory back; returns the flights that may try again, in the order of their coming, or null. */
  leaves(task: number, host: number): readonly number[] | null {
    if (!this.limited) return null;
    this.used[host]! -= this.truth.tasks.memoryBytes[task]!;
    const waiting = this.waiting[host]!;
    if (waiting.length === 0) return null;
    this.waiting[host] = [];
    return waiting;
  }

  /** The waiting flight is broken off. */
  forget(flight: number, host: number): void {
    const waiting = this.waiting[host]!;
    waiting.splice(waiting.indexOf(flight), 1);
  }
}
