// Ready tasks of one class in order of rank: a binary heap of (key, tie) in which a task is at most once. What is no
// longer ready is dropped when it comes to the top, so a policy need not be told. Used by every queueing policy.

export class ReadyQueue {
  private heap = new Int32Array(16);
  private count = 0;

  /** Smaller `key[t]` first, then smaller `tie[t]`; `queued` is shared by all queues of a policy. */
  constructor(
    private readonly key: Float64Array,
    private readonly tie: Int32Array,
    private readonly queued: Uint8Array,
  ) {}

  get size(): number {
    return this.count;
  }

  push(task: number): void {
    if (this.queued[task] === 1) return;
    this.queued[task] = 1;
    if (this.count === this.heap.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.heap);
      this.heap = grown;
    }
    const { heap, key, tie } = this;
    let at = this.count++;
    const own = key[task]!;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = heap[parent]!;
      const otherKey = key[other]!;
      if (otherKey < own || (otherKey === own && tie[other]! < tie[task]!)) break;
      heap[at] = other;
      at = parent;
    }
    heap[at] = task;
  }

  /** The first task, −1 when empty. */
  top(): number {
    return this.count === 0 ? -1 : this.heap[0]!;
  }

  pop(): number {
    const { heap, key, tie } = this;
    const first = heap[0]!;
    this.queued[first] = 0;
    const last = heap[--this.count]!;
    if (this.count === 0) return first;
    const own = key[last]!;
    const ownTie = tie[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      let other = heap[child]!;
      let otherKey = key[other]!;
      if (child + 1 < this.count) {
        const right = heap[child + 1]!;
        const rightKey = key[right]!;
        if (rightKey < otherKey || (rightKey === otherKey && tie[right]! < tie[other]!)) {
          child++;
          other = right;
          otherKey = rightKey;
        }
      }
      if (own < otherKey || (own === otherKey && ownTie < tie[other]!)) break;
      heap[at] = other;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
