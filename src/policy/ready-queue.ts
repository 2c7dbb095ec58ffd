// Ready tasks of one class in order of rank: a binary heap of (key, tie) in which a task is at most once. What is no
// longer ready is dropped when it comes to the top, so a policy need not be told. Used by every queueing policy.

export class ReadyQueue {
  private heap = new Int32Array(16);
  /** keys[i] is the key that heap[i] had when it was pushed. */
  private keys = new Float64Array(16);
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
    if (this.count === this.heap.length) this.grow();
    const { heap, keys, tie } = this;
    const own = this.key[task]!;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = keys[parent]!;
      if (other < own || (other === own && tie[heap[parent]!]! < tie[task]!)) break;
      heap[at] = heap[parent]!;
      keys[at] = other;
      at = parent;
    }
    heap[at] = task;
    keys[at] = own;
  }

  /** The first task, −1 when empty. */
  top(): number {
    return this.count === 0 ? -1 : this.heap[0]!;
  }

  pop(): number {
    const { heap, keys, tie } = this;
    const first = heap[0]!;
    this.queued[first] = 0;
    const count = --this.count;
    if (count === 0) return first;
    const last = heap[count]!;
    const own = keys[count]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      let other = keys[child]!;
      if (child + 1 < count) {
        const right = keys[child + 1]!;
        if (right < other || (right === other && tie[heap[child + 1]!]! < tie[heap[child]!]!)) {
          child++;
          other = right;
        }
      }
      if (own < other || (own === other && tie[last]! < tie[heap[child]!]!)) break;
      heap[at] = heap[child]!;
      keys[at] = other;
      at = child;
    }
    heap[at] = last;
    keys[at] = own;
    return first;
  }

  private grow(): void {
    const heap = new Int32Array(this.count * 2);
    const keys = new Float64Array(this.count * 2);
    heap.set(this.heap);
    keys.set(this.keys);
    this.heap = heap;
    this.keys = keys;
  }
}
