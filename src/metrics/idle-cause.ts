// Why a free slot of a host is idle right now: counts by class, kept up to date by the sweep in idle.ts. First match:
// down · client busy · allowed ready work {postponed, memory, policy} · ready work that is all denied · nothing ready.
import { type HostId, NONE, type TaskId } from "#base/units.js";
import type { TraceSpan } from "#dispatch/trace.js";
import { DENIALS, type Denial } from "#model/demand.js";
import { isAllowed } from "#model/problem.js";
import type { Attempts } from "./attempts.js";
import type { Listener } from "./idle-changes.js";
import { QueuedMemory } from "./queued-memory.js";
import { IDLE_CAUSES, type IdleCause } from "./result.js";

/** A user's --exclude denies like a pin elsewhere. A class denied for memory is one that fits nowhere there. */
const BY_DENIAL: Readonly<Record<Exclude<Denial, "ok">, IdleCause>> = {
  system: "system",
  feature: "feature",
  mandatory: "mandatory",
  pinned: "pinned",
  excluded: "pinned",
  memory: "memory",
};
const CAUSE_OF_DENIAL = DENIALS.map((denial) => (denial === "ok" ? NONE : IDLE_CAUSES.indexOf(BY_DENIAL[denial])));
const [DOWN, DISPATCH, POSTPONED, MEMORY, POLICY, WAITING, END] = (
  ["down", "dispatch", "postponed", "memory", "policy", "waiting", "end"] as const
).map((cause) => IDLE_CAUSES.indexOf(cause)) as [number, number, number, number, number, number, number];

export class IdleCauses implements Listener {
  readonly running: Int32Array;
  private readonly down: Int32Array;
  private readonly blocked: Int32Array;
  private clientBusy = 0;
  private readonly queuedOf: Int32Array;
  private readonly postponedOf: Int32Array;
  /** Classes with queued tasks. */
  private readonly active: number[] = [];
  private readonly memory: QueuedMemory | null;
  private readonly memoryFree: Float64Array;
  private readonly touched: Uint8Array;
  private allTouched = true;
  private readonly byReady: Uint32Array;
  /** By host: place in `byReady` of the next row that it may run. */
  private readonly next: Int32Array;

  constructor(private readonly attempts: Attempts) {
    const { problem, trace } = attempts;
    const { hosts, demand } = problem;
    this.running = new Int32Array(hosts.count);
    this.down = new Int32Array(hosts.count);
    this.blocked = new Int32Array(hosts.count);
    this.queuedOf = new Int32Array(demand.classes);
    this.postponedOf = new Int32Array(demand.classes);
    this.memoryFree = Float64Array.from(hosts.memoryBytes);
    const tight =
      hosts.memoryBytes.some((bytes) => bytes < Number.POSITIVE_INFINITY) && problem.tasks.memoryBytes.some((bytes) => bytes > 0);
    this.memory = tight ? new QueuedMemory(problem) : null;
    this.touched = new Uint8Array(hosts.count);
    this.byReady = Uint32Array.from({ length: trace.rows }, (_, row) => row).sort(
      (a, b) => attempts.readyAt(a) - attempts.readyAt(b) || a - b,
    );
    this.next = new Int32Array(hosts.count);
  }

  // ---- what changed

  held(host: number, task: number, change: 1 | -1): void {
    this.running[host]! += change;
    this.memoryFree[host]! -= change * this.attempts.problem.tasks.memoryBytes[task]!;
    this.touched[host] = 1;
  }

  readied(): void {
    this.allTouched = true;
  }

  queued(task: number, change: 1 | -1): void {
    const of = this.attempts.problem.tasks.classOf[task]!;
    if (change > 0) this.memory?.add(of, task);
    else this.memory?.remove(of, task);
    this.queuedOf[of]! += change;
    if (change > 0 && this.queuedOf[of] === 1) this.active.push(of);
    else if (this.queuedOf[of] === 0) this.active.splice(this.active.indexOf(of), 1);
    if (this.memory !== null || this.queuedOf[of]! <= 1) this.allTouched = true;
  }

  span({ kind, host, task }: TraceSpan, change: 1 | -1): void {
    if (kind === "postponed") this.postponedOf[this.attempts.problem.tasks.classOf[task]!]! += change;
    else if (kind === "down") this.down[host]! += change;
    else if (host === NONE) this.clientBusy += change;
    else this.blocked[host]! += change;
    this.allTouched = true;
  }

  /** Whether the host's cause may have changed since `settle`. */
  stirred(host: number): boolean {
    return this.touched[host] === 1 || (this.allTouched && this.running[host]! < this.attempts.problem.hosts.maxJobs[host]!);
  }

  settle(): void {
    this.touched.fill(0);
    this.allTouched = false;
  }

  // ---- why

  /** Index into IDLE_CAUSES. */
  of(host: number, now: number): number {
    if (this.down[host]! > 0) return DOWN;
    if (this.clientBusy > 0 || this.blocked[host]! > 0) return DISPATCH;
    const queued = this.queuedCause(host);
    if (queued !== NONE) return queued;
    return this.awaits(host, now) ? WAITING : END;
  }

  private queuedCause(host: number): number {
    const { demand, hosts } = this.attempts.problem;
    let allowed = false;
    let fits = false;
    let denial = END;
    for (const of of this.active) {
      const why = demand.denied[of * hosts.count + host]!;
      if (why > 0) {
        // A denial of what could otherwise run counts before "too large"; then in the order of the causes.
        if (CAUSE_OF_DENIAL[why]! !== MEMORY) denial = Math.min(denial, CAUSE_OF_DENIAL[why]!);
        continue;
      }
      if (this.postponedOf[of]! > 0) return POSTPONED;
      allowed = true;
      fits ||= this.memory === null || this.memory.least(of) <= this.memoryFree[host]!;
    }
    if (allowed) return fits ? POLICY : MEMORY;
    if (denial < END) return denial;
    return this.active.length > 0 ? MEMORY : NONE;
  }

  private awaits(host: number, now: number): boolean {
    const { attempts, byReady, next } = this;
    const { trace, problem } = attempts;
    let at = next[host]!;
    while (
      at < byReady.length &&
      (attempts.readyAt(byReady[at]!) <= now || !isAllowed(problem, trace.task[byReady[at]!]! as TaskId, host as HostId))
    )
      at++;
    next[host] = at;
    return at < byReady.length;
  }

  /**
   * Visits what a host that waits from `from` to `to` waited for, latest first: the build whose end readied its next
   * work, before that the build that this one waited for, and so on. NONE: a request that had not arrived.
   */
  eachAwaited(host: number, from: number, to: number, visit: (task: number, micros: number) => void): void {
    const { attempts } = this;
    let row = attempts.madeReadyBy(this.byReady[this.next[host]!]!);
    for (let end = to; end > from; ) {
      const begin = row === NONE ? from : Math.max(from, Math.min(end, attempts.readyAt(row)));
      if (end > begin) visit(row === NONE ? NONE : attempts.trace.task[row]!, end - begin);
      end = begin;
      if (row !== NONE) row = attempts.madeReadyBy(row);
    }
  }
}
