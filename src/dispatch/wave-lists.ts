// Goals that are awake, by the wave in which they run: lists ahead, each run in the order of the .drv files' names, and used
// again when it is over.
import { Ids, inverse } from "./span.js";

export class WaveLists {
  /** ahead[k]: goals that run k + 1 waves from now. */
  private readonly ahead: Ids[] = [];
  /** Lists of waves that are over; the last of them may still be read. */
  private readonly spare: Ids[] = [];
  private readonly ofRank: Int32Array;

  /** `rank`: of a goal among all. */
  constructor(private readonly rank: Int32Array) {
    this.ofRank = inverse(rank);
  }

  /** `waves` from now, at least 1. */
  put(task: number, waves: number): void {
    while (this.ahead.length < waves) this.ahead.push(this.emptied());
    this.ahead[waves - 1]!.push(task);
  }

  /** The next wave that has goals, in their order, to be read before anything is put; null when nobody is awake. */
  next(): Ids | null {
    while (this.ahead.length > 0) {
      const wave = this.ahead.shift()!;
      this.spare.push(wave);
      if (wave.length === 0) continue;
      this.sort(wave);
      return wave;
    }
    return null;
  }

  sort(goals: Ids): void {
    goals.sortByRank(this.rank, this.ofRank);
  }

  private emptied(): Ids {
    const list = this.spare.pop() ?? new Ids();
    list.clear();
    return list;
  }
}
