// Rows of a trace as the story of its tasks: which attempt counts, when it became ready, and which other attempt made it
// so. Recorded traces lack stages; what is absent is taken from the next stage that is there. Instants in µs.
import { BUILT, STAGES, type Trace } from "#dispatch/trace.js";
import { NONE } from "#base/units.js";
import type { Problem } from "#model/problem.js";

/** Stages after `asked`, latest first: the end of an attempt is the first of them that is known. */
const BACKWARDS = STAGES.slice(2).reverse();

export class Attempts {
  /** By task: the row that built it, else its last, NONE without any. */
  readonly rowOf: Int32Array;
  /** By row: the attempt before it, NONE for the first. */
  readonly before: Int32Array;
  /** By row: which attempt made it ready; NONE = nobody, UNKNOWN = not looked up yet. */
  private readonly maker: Int32Array;

  constructor(
    readonly trace: Trace,
    readonly problem: Problem,
  ) {
    this.rowOf = new Int32Array(problem.graph.count).fill(NONE);
    this.before = new Int32Array(trace.rows).fill(NONE);
    this.maker = new Int32Array(trace.rows).fill(UNKNOWN);
    for (let row = 0; row < trace.rows; row++) {
      const task = trace.task[row]!;
      this.before[row] = this.rowOf[task]!;
      this.rowOf[task] = row;
    }
  }

  readyAt(row: number): number {
    const ready = this.trace.ready[row]!;
    return ready === ready ? ready : this.trace.asked[row]!;
  }

  /** When the client knew that it was over. */
  endAt(row: number): number {
    for (const stage of BACKWARDS) {
      const at = this.trace[stage][row]!;
      if (at === at) return at;
    }
    return this.trace.asked[row]!;
  }

  /** When its slot was free again: the makespan, if it never was. */
  freedAt(row: number): number {
    const { trace } = this;
    const freed = trace.slotFreed[row]!;
    if (freed === freed) return freed;
    if (trace.outcome[row] !== BUILT && trace.noticed[row] !== trace.noticed[row]) return trace.makespan;
    return this.endAt(row);
  }

  /**
   * The attempt whose end made this one ready: the one before it of the same task, else its input that ended last (equal
   * ends: the greater id). NONE where nothing did, or where the request arrived later than all of them ended.
   */
  madeReadyBy(row: number): number {
    if (this.maker[row] === UNKNOWN) this.maker[row] = this.findMaker(row);
    return this.maker[row]!;
  }

  private findMaker(row: number): number {
    if (this.before[row] !== NONE) return this.before[row]!;
    const { graph, arrival } = this.problem;
    const task = this.trace.task[row]!;
    let last = NONE;
    let lastEnd = Number.NEGATIVE_INFINITY;
    for (let e = graph.predStart[task]!; e < graph.predStart[task + 1]!; e++) {
      const input = this.rowOf[graph.pred[e]!]!;
      if (input === NONE || this.endAt(input) < lastEnd) continue;
      last = input;
      lastEnd = this.endAt(input);
    }
    return arrival !== null && arrival[task]! > lastEnd ? NONE : last;
  }
}

const UNKNOWN = -2;
