// Which output is on which host, as bitsets, and from that: which bytes a build still lacks there. The closure rule is
// the transport's; an output whose edge has bytes of its own travels once per edge instead. Knows no rates, no time.
import { COORDINATOR } from "#base/units.js";
import type { Problem } from "#model/problem.js";

type Visit = (producer: number, bytes: number, shared: boolean) => void;

export class Presence {
  private readonly words: number;
  private readonly bits: Uint32Array;
  private readonly seen: Int32Array | null;
  private readonly stack: number[] = [];
  private readonly arrived: number[] = [];
  private visit = 0;

  /** `hostOf[t]` is the host that built t. */
  constructor(
    private readonly problem: Problem,
    private readonly hostOf: Int32Array,
  ) {
    this.words = (problem.graph.count + 31) >>> 5;
    this.bits = new Uint32Array(this.words * problem.hosts.count);
    this.seen = problem.transport.closure === "transitive" ? new Int32Array(problem.graph.count) : null;
  }

  has(task: number, host: number): boolean {
    return (this.bits[host * this.words + (task >>> 5)]! & (1 << (task & 31))) !== 0;
  }

  put(task: number, host: number): void {
    this.bits[host * this.words + (task >>> 5)]! |= 1 << (task & 31);
  }

  /** The inputs of the task are on the host from now on. What an edge carries for itself serves nobody else. */
  putInputs(task: number, host: number): void {
    const { arrived } = this;
    arrived.length = 0;
    this.eachMissing(task, host, (producer, _, shared) => {
      if (shared) arrived.push(producer);
    });
    for (const producer of arrived) this.put(producer, host);
  }

  /** Forgets what a host had: it came back empty. */
  wipe(host: number): void {
    this.bits.fill(0, host * this.words, (host + 1) * this.words);
  }

  /** Bytes of the task's inputs that are not on the host. */
  missing(task: number, host: number): number {
    let bytes = this.ownSource(task, host);
    this.eachMissing(task, host, (_, size) => {
      bytes += size;
    });
    return bytes;
  }

  /** Sources of a build travel with it from the coordinator; a fetch gets its own from the internet. */
  ownSource(task: number, host: number): number {
    const { tasks } = this.problem;
    return host === COORDINATOR || tasks.fetch[task] === 1 ? 0 : tasks.sourceBytes[task]!;
  }

  /** Calls `visit(producer, bytes, shared)` for each input that has to travel to the host; shared: for whoever needs it there. */
  eachMissing(task: number, host: number, visit: Visit): void {
    const { graph, tasks } = this.problem;
    const { predStart, pred, predBytes } = graph;
    const end = predStart[task + 1]!;
    for (let e = predStart[task]!; e < end; e++) {
      const producer = pred[e]!;
      const own = predBytes === null ? Number.NaN : predBytes[e]!;
      if (own === own) {
        if (this.hostOf[producer] !== host && own > 0) visit(producer, own, false);
      } else if (!this.has(producer, host)) {
        visit(producer, tasks.outputBytes[producer]!, true);
      }
    }
    if (this.seen !== null) this.eachBehind(task, host, visit);
  }

  /** The transitive rule: what lies behind the direct inputs. A present output has its whole closure with it. */
  private eachBehind(task: number, host: number, visit: Visit): void {
    const { graph, tasks } = this.problem;
    const { predStart, pred } = graph;
    const seen = this.seen!;
    const mark = ++this.visit;
    const { stack } = this;
    for (let e = predStart[task]!; e < predStart[task + 1]!; e++) {
      seen[pred[e]!] = mark;
      stack.push(pred[e]!);
    }
    while (stack.length > 0) {
      const behind = stack.pop()!;
      if (this.has(behind, host)) continue;
      for (let e = predStart[behind]!; e < predStart[behind + 1]!; e++) {
        const producer = pred[e]!;
        if (seen[producer] === mark) continue;
        seen[producer] = mark;
        if (this.has(producer, host) || tasks.fetch[producer] === 1) continue;
        visit(producer, tasks.outputBytes[producer]!, true);
        stack.push(producer);
      }
    }
  }
}
