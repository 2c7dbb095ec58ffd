// The least memory that a queued task of each class asks for, kept as tasks come and go: whether any of them would fit
// into what a host has left. Knows nothing of hosts.
import { IndexedHeap } from "#base/heap.js";
import type { Problem } from "#model/problem.js";

export class QueuedMemory {
  private readonly heaps: IndexedHeap[];
  /** Index of each task among those of its class. */
  private readonly place: Int32Array;

  constructor(private readonly problem: Problem) {
    const { tasks, demand } = problem;
    const sizes = new Int32Array(demand.classes);
    this.place = tasks.classOf.map((of) => sizes[of]!++);
    this.heaps = Array.from(sizes, (size) => new IndexedHeap(size));
  }

  add(of: number, task: number): void {
    this.heaps[of]!.set(this.place[task]!, this.problem.tasks.memoryBytes[task]!);
  }

  remove(of: number, task: number): void {
    this.heaps[of]!.delete(this.place[task]!);
  }

  least(of: number): number {
    return this.heaps[of]!.topKey();
  }
}
