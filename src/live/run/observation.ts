// What happened, as values: the live world tells the dispatcher nothing but these, in order, and the journal keeps them.
// Told again, they lead to the same decisions. Rule: the observer of dispatch/executor.ts, and the stages of a trace.
import { unreachable } from "#base/assert.js";
import type { HostId, Instant, TaskId } from "#base/units.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import { CANCELLED, RUNNING, type Stage, type Trace } from "#dispatch/trace.js";

export type Event =
  /** The attempt under way reaches a stage; bytes that came in or went back with it. */
  | { readonly see: "stage"; readonly task: TaskId; readonly stage: Stage; readonly bytes: number }
  | { readonly see: "built" | "slotFreed" | "ended" | "retried" | "lost" | "unfed"; readonly task: TaskId }
  | { readonly see: "failed"; readonly task: TaskId; readonly cause: "build" | "host"; readonly why: string }
  | { readonly see: "refused"; readonly task: TaskId; readonly host: HostId; readonly why: string }
  | { readonly see: "hostLost" | "hostBack"; readonly host: HostId; readonly why: string }
  /** The host is not reached from another builder: what should come from there takes the way through the coordinator. */
  | { readonly see: "detour"; readonly host: HostId; readonly why: string }
  /** An output came to a host. */
  | { readonly see: "put"; readonly task: TaskId; readonly host: HostId }
  /** What was to be sent ahead to a host is there, or does not come. */
  | { readonly see: "staged"; readonly task: TaskId; readonly host: HostId; readonly isThere: boolean }
  | { readonly see: "arrived" | "woke" };

export type Observation = Event & { readonly at: Instant };

/** End of an interval that goes on. */
const OPEN = Number.POSITIVE_INFINITY;

export function tell(dispatcher: Dispatcher, seen: Observation): void {
  dispatcher.at(seen.at);
  switch (seen.see) {
    case "stage":
      return stage(dispatcher, seen.task, seen.stage, seen.bytes);
    case "built":
    case "slotFreed":
    case "ended":
    case "retried":
    case "lost":
    case "unfed":
      return dispatcher[seen.see](seen.task);
    case "failed":
      return dispatcher.failed(seen.task, seen.cause);
    case "refused":
      return dispatcher.refused(seen.task, seen.host);
    case "hostLost":
      dispatcher.trace.spans.push({ kind: "down", host: seen.host, task: -1, from: seen.at, to: OPEN });
      return dispatcher.hostLost(seen.host);
    case "hostBack":
      closeDown(dispatcher.trace, seen.host, seen.at);
      return dispatcher.hostBack(seen.host);
    case "detour":
      return;
    case "put":
      return dispatcher.presence?.put(seen.task, seen.host);
    case "staged":
      return dispatcher.staged(seen.task, seen.host, seen.isThere);
    case "arrived":
    case "woke":
      return dispatcher[seen.see]();
    default:
      return unreachable(seen);
  }
}

/** Closes what is open when a run is over: hosts that are out, attempts that nobody waits for. */
export function finish({ trace, state }: Dispatcher): void {
  for (let row = 0; row < trace.rows; row++) if (trace.outcome[row] === RUNNING) trace.outcome[row] = CANCELLED;
  for (let h = 0; h < state.up.length; h++) closeDown(trace, h, Math.max(state.now, trace.makespan));
}

function closeDown({ spans }: Trace, host: number, to: number): void {
  for (const [i, span] of spans.entries()) if (span.host === host && span.to === OPEN) spans[i] = { ...span, to };
}

function stage({ trace, state, presence }: Dispatcher, task: TaskId, name: Stage, bytes: number): void {
  const row = state.row[task]!;
  trace[name][row] = state.now;
  if (name === "uploaded") {
    trace.bytesIn[row] = bytes;
    presence?.putInputs(task, state.hostOf[task]!);
  }
  if (name === "returned") trace.bytesOut[row] = bytes;
}
