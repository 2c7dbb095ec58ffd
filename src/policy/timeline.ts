// The planned time of one slot: busy intervals in order, and the first gap that fits. Insertion-based, as HEFT needs.

export class Timeline {
  private readonly starts: number[] = [];
  private readonly finishes: number[] = [];

  /** Earliest start ≥ `ready` at which `length` fits. */
  gap(ready: number, length: number): number {
    let at = ready;
    for (let i = this.firstEndingAfter(ready); i < this.starts.length; i++) {
      if (at + length <= this.starts[i]!) return at;
      at = Math.max(at, this.finishes[i]!);
    }
    return at;
  }

  /** How long the slot would idle before that start. */
  idleBefore(start: number): number {
    const before = this.firstEndingAfter(start) - 1;
    return start - (before < 0 ? 0 : this.finishes[before]!);
  }

  take(start: number, finish: number): void {
    let i = this.starts.length;
    // An interval of no length stands before one that starts with it: finishes stay ascending.
    while (i > 0 && (this.starts[i - 1]! > start || (this.starts[i - 1] === start && this.finishes[i - 1]! > finish))) i--;
    this.starts.splice(i, 0, start);
    this.finishes.splice(i, 0, finish);
  }

  private firstEndingAfter(at: number): number {
    let low = 0;
    let high = this.finishes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.finishes[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
