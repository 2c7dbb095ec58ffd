// The hook's memory: a machine that did not answer is asked no more by the hook process that found out, and by the next one
// like any other. So a dead machine costs its connect timeout once per accepted build.
// Rule: build-remote as read (`enabled`), measured on 2.8.0, 2.26.3 and 2.34.8.
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
import { READY, type State } from "./state.js";
import type { Trace } from "./trace.js";

export class Questions {
  private readonly silent: HostId[] = [];
  /** Row of the latest attempt of the task that asks, before this one. */
  private rowBefore = NONE;
  private asking = false;

  constructor(
    private readonly state: State,
    private readonly trace: Trace,
  ) {}

  /** A task is about to ask that host. */
  asks(task: TaskId, host: HostId): void {
    this.asking = host !== COORDINATOR;
    this.rowBefore = this.state.row[task]!;
  }

  /** The attempt never was: the task is as ready as it had been. Its slot has been freed. */
  unreachable(task: TaskId, host: HostId): void {
    const { state, trace } = this;
    const row = state.row[task]!;
    state.phase[task] = READY;
    state.since[task] = trace.ready[row]!;
    state.row[task] = this.rowBefore;
    state.hostOf[task] = NONE;
    trace.retract();
    state.setUp(host, false);
    this.silent.push(host);
    this.asking = false;
  }

  /** The client is free again: if its ask was accepted, the hook is gone, and what it knew with it. */
  answered(): void {
    if (!this.asking) return;
    this.asking = false;
    while (this.silent.length > 0) this.state.setUp(this.silent.pop()!, true);
  }
}
