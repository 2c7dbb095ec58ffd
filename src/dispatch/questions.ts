// The hook's life and memory: one process puts questions until one is accepted, then the next has to start. A machine that
// did not answer is asked no more by the hook process that found out, and by the next one like any other. So a dead machine
// costs its connect timeout once per accepted build. A client whose questions are all taken at once still puts them one by
// one: who is placed before it is asked for begins with its question.
// Rule: build-remote as read (`enabled`), measured on 2.8.0, 2.26.3 and 2.34.8.
import { COORDINATOR, type HostId, type Instant, micros, NONE, type TaskId } from "#base/units.js";
import type { Timing } from "./conduct.js";
import type { Ids } from "./span.js";
import { READY, type State } from "./state.js";
import type { Trace } from "./trace.js";

export class Questions {
  /** One question at a time. */
  readonly serial: boolean;
  private readonly silent: HostId[] = [];
  /** Row of the latest attempt of the task that asks, before this one. */
  private rowBefore = NONE;
  private asking = false;
  /** A hook waits for a question. */
  private hookReady: boolean;
  private hookStarting = false;
  /** Instant of each task's question; NaN = not ready yet. Null where asking takes no time. */
  private readonly putAt: Float64Array | null;
  private free: number;

  constructor(
    private readonly state: State,
    private readonly trace: Trace,
    private readonly timing: Timing,
  ) {
    this.serial = timing.ask === "serial";
    this.hookReady = !this.serial || timing.hookSeconds === 0;
    this.putAt = this.serial || timing.hookSeconds === 0 ? null : new Float64Array(state.problem.graph.count).fill(Number.NaN);
    this.free = micros(timing.beginSeconds);
  }

  /** These are ready: each is asked for once, when a hook has started after the one before it. */
  queue({ ids, length }: Ids, now: Instant): void {
    const { putAt } = this;
    if (putAt === null) return;
    for (let i = 0; i < length; i++) {
      const task = ids[i]!;
      if (!Number.isNaN(putAt[task])) continue;
      putAt[task] = Math.max(this.free, now);
      this.free = putAt[task]! + micros(this.timing.hookSeconds);
    }
  }

  /** Before that instant the client does not ask for it. */
  notBefore(task: TaskId): number {
    return this.putAt?.[task] ?? 0;
  }

  /** No question can be put before a hook has started. */
  get hookWanting(): boolean {
    return !this.hookReady;
  }

  startHook(): void {
    this.hookStarting = true;
  }

  /** A task is about to ask that host. True: nothing else can be asked meanwhile. */
  asks(task: TaskId, host: HostId): boolean {
    this.asking = host !== COORDINATOR;
    this.rowBefore = this.state.row[task]!;
    if (!this.serial || !this.asking) return false;
    if (this.timing.hookSeconds > 0) this.hookReady = false;
    return true;
  }

  /** The attempt never was: the task is as ready as it had been. Its slot has been freed. */
  unreachable(task: TaskId, host: HostId): void {
    const { state, trace } = this;
    const row = state.row[task]!;
    state.phase[task] = READY;
    state.since[task] = trace.ready[row]!;
    state.row[task] = this.rowBefore;
    state.hostOf[task] = NONE;
    trace.retract(row);
    state.setUp(host, false);
    this.silent.push(host);
    this.asking = false;
    this.hookReady = true;
  }

  /** The client is free again: if its ask was accepted, the hook is gone, and what it knew with it. */
  answered(): void {
    if (this.hookStarting) this.hookReady = true;
    this.hookStarting = false;
    if (!this.asking) return;
    this.asking = false;
    while (this.silent.length > 0) this.state.setUp(this.silent.pop()!, true);
  }
}
