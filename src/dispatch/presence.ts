// Which output is on which host, as bitsets, and from that: which bytes a build still lacks there. The closure rule is
// the transport's; an output whose edge has bytes of its own travels once per edge instead. Knows no rates, no time.
import { COORDINATOR } from "#base/units.js";
import type { Problem } from "#model/problem.js";

/** Inputs that have to travel, in columns [0 … count) that the next question reuses. */
export class Lacking {
  count = 0;
  producer = new Int32Array(16);
  bytes = new Float64Array(16);

  push(producer: number, bytes: number): void {
    if (this.count === this.producer.length) {
      const producers = new Int32Array(this.count * 2);
      const sizes = new Float64Array(this.count * 2);
      producers.set(this.producer);
      sizes.set(this.bytes);
      this.producer = producers;
      this.bytes = sizes;
    }
    this.producer[this.count] = producer;
    this.bytes[this.count++] = bytes;
  }
}

export class Presence {
  /** Words per task: its hosts lie together, because who asks about one host soon asks about the next. */
  private readonly words: number;
  private readonly bits: Int32Array;
  private readonly seen: Int32Array | null;
  private readonly stack: number[] = [];
  private readonly lack = new Lacking();
  private visit = 0;

  /** `hostOf[t]` is the host that built t. */
  constructor(
    private readonly problem: Problem,
    private readonly hostOf: Int32Array,
  ) {
    this.words = (problem.hosts.count + 31) >>> 5;
    this.bits = new Int32Array(this.words * problem.graph.count);
    this.seen = problem.transport.closure === "transitive" ? new Int32Array(problem.graph.count) : null;
  }

  has(task: number, host: number): boolean {
    return (this.bits[task * this.words + (host >>> 5)]! & (1 << (host & 31))) !== 0;
  }

  put(task: number, host: number): void {
    this.bits[task * this.words + (host >>> 5)]! |= 1 << (host & 31);
  }

  /** The inputs of the task are on the host from now on. What an edge carries for itself serves nobody else. */
  putInputs(task: number, host: number): void {
    const { predStart, pred, predBytes } = this.problem.graph;
    const lacking = this.seen === null ? null : this.behind(task, host);
    const end = predStart[task + 1]!;
    for (let e = predStart[task]!; e < end; e++) {
      if (predBytes === null || Number.isNaN(predBytes[e]!)) this.put(pred[e]!, host);
    }
    if (lacking !== null) for (let k = 0; k < lacking.count; k++) this.put(lacking.producer[k]!, host);
  }

  /** The output is on the host, with all that it brings along. */
  putWhole(task: number, host: number): void {
    const whole = this.lackingWhole(task, host);
    for (let k = 0; k < whole.count; k++) this.put(whole.producer[k]!, host);
  }

  /** The output and, under the transitive rule, what lies behind it, as far as the host lacks it. Valid until the next question. */
  lackingWhole(task: number, host: number): Lacking {
    this.lack.count = 0;
    if (this.has(task, host)) return this.lack;
    this.lack.push(task, this.problem.tasks.outputBytes[task]!);
    if (this.seen === null) return this.lack;
    this.seen[task] = ++this.visit;
    this.stack.push(task);
    this.addReached(host);
    return this.lack;
  }

  /** Bytes of the task's inputs that are not on the host. */
  missing(task: number, host: number): number {
    const { graph, tasks } = this.problem;
    let bytes = this.ownSource(task, host);
    if (this.seen !== null || graph.predBytes !== null) {
      const lacking = this.lacking(task, host);
      for (let k = 0; k < lacking.count; k++) bytes += lacking.bytes[k]!;
      return bytes;
    }
    const end = graph.predStart[task + 1]!;
    for (let e = graph.predStart[task]!; e < end; e++) {
      const producer = graph.pred[e]!;
      if (!this.has(producer, host)) bytes += tasks.outputBytes[producer]!;
    }
    return bytes;
  }

  /** Sources of a build travel with it from the coordinator; a fetch gets its own from the internet. */
  ownSource(task: number, host: number): number {
    const { tasks } = this.problem;
    return host === COORDINATOR || tasks.fetch[task] === 1 ? 0 : tasks.sourceBytes[task]!;
  }

  /** Each input that has to travel to the host, and its bytes. Valid until the next question. */
  lacking(task: number, host: number): Lacking {
    const { lack } = this;
    const { graph, tasks } = this.problem;
    const { predStart, pred, predBytes } = graph;
    lack.count = 0;
    const end = predStart[task + 1]!;
    for (let e = predStart[task]!; e < end; e++) {
      const producer = pred[e]!;
      const own = predBytes === null ? Number.NaN : predBytes[e]!;
      if (own === own) {
        if (own > 0 && this.hostOf[producer] !== host) lack.push(producer, own);
      } else if (!this.has(producer, host)) {
        lack.push(producer, tasks.outputBytes[producer]!);
      }
    }
    if (this.seen !== null) this.addBehind(task, host);
    return lack;
  }

  /** What lies behind the direct inputs, alone. */
  private behind(task: number, host: number): Lacking {
    this.lack.count = 0;
    this.addBehind(task, host);
    return this.lack;
  }

  /** The transitive rule: what lies behind the direct inputs. A present output has its whole closure with it. */
  private addBehind(task: number, host: number): void {
    const { predStart, pred } = this.problem.graph;
    const mark = ++this.visit;
    for (let e = predStart[task]!; e < predStart[task + 1]!; e++) {
      this.seen![pred[e]!] = mark;
      this.stack.push(pred[e]!);
    }
    this.addReached(host);
  }

  /** What lies behind the outputs on the stack, which this visit has seen. */
  private addReached(host: number): void {
    const { graph, tasks } = this.problem;
    const { predStart, pred } = graph;
    const { stack, visit: mark } = this;
    const seen = this.seen!;
    while (stack.length > 0) {
      const behind = stack.pop()!;
      if (this.has(behind, host)) continue;
      for (let e = predStart[behind]!; e < predStart[behind + 1]!; e++) {
        const producer = pred[e]!;
        if (seen[producer] === mark) continue;
        seen[producer] = mark;
        if (this.has(producer, host) || tasks.fetch[producer] === 1) continue;
        this.lack.push(producer, tasks.outputBytes[producer]!);
        stack.push(producer);
      }
    }
  }
}
