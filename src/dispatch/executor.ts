// The port between the core and a world. The dispatcher hands decisions over; the executor tells what came of them.
// The simulator moves virtual time, the live executor real hosts; neither knows the policy, the policy knows neither.
import type { HostId, Instant, TaskId } from "#base/units.js";

/** Decisions of one client's round in columns, [0 … count): reused, valid until the next round. */
export interface Decisions {
  /** Whose they are: which of the problem's clients. */
  readonly client: number;
  readonly count: number;
  /** Starts: the task, its host, its cap on cores. */
  readonly task: Int32Array;
  readonly host: Int32Array;
  readonly cores: Float64Array;
  /** Row of the trace into which the executor writes the stages of this attempt. */
  readonly row: Int32Array;
  /** Outputs to be sent ahead, and where to, [0 … stageCount). */
  readonly stageTask: Int32Array;
  readonly stageHost: Int32Array;
  readonly stageCount: number;
  /** Asks that nobody had room for, before and between the starts: they cost the client time. */
  readonly refused: number;
  /** The client has to start its hook before it can ask anything: `clientFree` is told once it has. */
  readonly hook: boolean;
  /** Instant at which another round is wanted; Infinity = none. */
  readonly wakeAt: number;
  /** Attempts to be cancelled, [0 … cancelCount). */
  readonly cancel: Int32Array;
  readonly cancelCount: number;
  /** Tasks to be tried again later: readied by `retried` at that instant. */
  readonly retry: Int32Array;
  readonly retryAt: Float64Array;
  readonly retryCount: number;
}

export type Failure = "build" | "host";

/** What an executor tells. Instants are the executor's clock at the call. */
export interface Observer {
  /** A new instant: told before anything that happens in it. */
  at(now: Instant): void;
  /** The client is free to ask again: its serial ask, or its refused asks, are over. */
  clientFree(): void;
  /** A child said something (a log line, a phase): wakes a client that polls. */
  childSpoke(): void;
  /** The builder finished with success: its output is on its host. */
  built(task: TaskId): void;
  /** The attempt holds its slot no longer. */
  slotFreed(task: TaskId): void;
  /** The output is where dependents need it, and the client could know. */
  ended(task: TaskId): void;
  failed(task: TaskId, why: Failure): void;
  /** Nobody answered the ask: the host is down. Told only to a client that learns so by asking, before `clientFree`. */
  unreachable(task: TaskId, host: HostId): void;
  /** A built output is nowhere any more: it has to be built again before anybody else can use it. */
  lost(task: TaskId): void;
  /** The attempt is over before it began, because outputs that it needs were lost: told after those. */
  unfed(task: TaskId): void;
  /** The host does not do what the fleet promises of it: nothing of the task's class is sent there any more. */
  refused(task: TaskId, host: HostId): void;
  retried(task: TaskId): void;
  /** What was to be sent ahead is there, or will not come. */
  staged(task: TaskId, host: HostId, isThere: boolean): void;
  hostLost(host: HostId): void;
  hostBack(host: HostId): void;
  /** Requests arrived up to this instant. */
  arrived(): void;
  /** The instant asked for by `wakeAt` is here. */
  woke(): void;
}

export interface Executor {
  readonly clock: { now(): Instant };
  perform(decisions: Decisions): void;
  /** Waits for the next instant at which something happens and tells whom it is about; "idle" when nothing ever will. */
  next(): "moved" | "idle";
}
