// A growing list of ids that is reused: what a round tells a policy. No allocation once it has its size.
import type { Span } from "./policy.js";

export class Ids implements Span {
  ids: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.ids = new Int32Array(capacity);
  }

  push(id: number): void {
    if (this.length === this.ids.length) {
      const grown = new Int32Array(this.ids.length * 2);
      grown.set(this.ids);
      this.ids = grown;
    }
    this.ids[this.length++] = id;
  }

  clear(): void {
    this.length = 0;
  }

  /** Sorts by `rank[id]`, ascending; `ofRank` is its inverse. Ranks are unique. */
  sortByRank(rank: Int32Array, ofRank: Int32Array): void {
    const { ids, length } = this;
    if (length < 2) return;
    if (length <= 32) {
      for (let i = 1; i < length; i++) {
        const id = ids[i]!;
        const key = rank[id]!;
        let j = i - 1;
        while (j >= 0 && rank[ids[j]!]! > key) {
          ids[j + 1] = ids[j]!;
          j--;
        }
        ids[j + 1] = id;
      }
      return;
    }
    const slice = ids.subarray(0, length);
    for (let i = 0; i < length; i++) slice[i] = rank[slice[i]!]!;
    slice.sort();
    for (let i = 0; i < length; i++) slice[i] = ofRank[slice[i]!]!;
  }
}

/** Who has each rank. */
export function inverse(rank: Int32Array): Int32Array {
  const of = new Int32Array(rank.length);
  for (let t = 0; t < rank.length; t++) of[rank[t]!] = t;
  return of;
}
