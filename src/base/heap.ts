// An indexed binary min-heap of (key, id) on typed arrays: ids are small integers, each at most once, re-keyed in
// place, so there are no tombstones. Equal keys leave in order of id: whoever hands out ids decides that order.
import { assert } from "./assert.js";

export class IndexedHeap {
  /** By place: heap[0] is the first id, keys[0] its key. */
  private readonly keys: Float64Array;
  private readonly heap: Int32Array;
  /** Place of an id in `heap`, plus one; 0 = absent, so a fresh heap touches no memory. */
  private readonly place: Int32Array;
  private count = 0;

  constructor(readonly capacity: number) {
    this.keys = new Float64Array(capacity);
    this.heap = new Int32Array(capacity);
    this.place = new Int32Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  has(id: number): boolean {
    return this.place[id]! !== 0;
  }

  keyOf(id: number): number {
    return this.keys[this.place[id]! - 1]!;
  }

  /** The id with the smallest key, −1 when empty. */
  top(): number {
    return this.count === 0 ? -1 : this.heap[0]!;
  }

  topKey(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.keys[0]!;
  }

  /** Inserts the id, or moves it when it is there. */
  set(id: number, key: number): void {
    const at = this.place[id]! - 1;
    if (at < 0) {
      this.up(this.count++, id, key);
      return;
    }
    const before = this.keys[at]!;
    if (key < before) this.up(at, id, key);
    else if (key > before) this.down(at, id, key);
  }

  pop(): number {
    assert(this.count > 0, "pop from an empty heap");
    const id = this.heap[0]!;
    this.removeAt(0, id);
    return id;
  }

  delete(id: number): void {
    const at = this.place[id]! - 1;
    if (at >= 0) this.removeAt(at, id);
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.place[this.heap[i]!] = 0;
    this.count = 0;
  }

  private removeAt(at: number, id: number): void {
    this.place[id] = 0;
    const end = --this.count;
    if (at === end) return;
    const last = this.heap[end]!;
    const key = this.keys[end]!;
    if (at > 0 && this.before(key, last, (at - 1) >> 1)) this.up(at, last, key);
    else this.down(at, last, key);
  }

  private before(key: number, id: number, place: number): boolean {
    const other = this.keys[place]!;
    return key < other || (key === other && id < this.heap[place]!);
  }

  private up(start: number, id: number, key: number): void {
    const { heap, place, keys } = this;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const otherKey = keys[parent]!;
      const other = heap[parent]!;
      if (!(key < otherKey || (key === otherKey && id < other))) break;
      heap[at] = other;
      keys[at] = otherKey;
      place[other] = at + 1;
      at = parent;
    }
    heap[at] = id;
    keys[at] = key;
    place[id] = at + 1;
  }

  private down(start: number, id: number, key: number): void {
    const { heap, place, keys, count } = this;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      let otherKey = keys[child]!;
      if (child + 1 < count) {
        const rightKey = keys[child + 1]!;
        if (rightKey < otherKey || (rightKey === otherKey && heap[child + 1]! < heap[child]!)) {
          child++;
          otherKey = rightKey;
        }
      }
      const other = heap[child]!;
      if (key < otherKey || (key === otherKey && id < other)) break;
      heap[at] = other;
      keys[at] = otherKey;
      place[other] = at + 1;
      at = child;
    }
    heap[at] = id;
    keys[at] = key;
    place[id] = at + 1;
  }
}
