// Going on where others are: tasks that a client asks for one by one, and builds that run already when a dispatcher is made.
// For the live world alone, where a problem is made anew when something unknown is asked for. Offering `all` only: waves
// are Nix's own, and there Nix asks.
import { type HostId, type Instant, NONE, type TaskId } from "#base/units.js";
import type { Dispatcher } from "./dispatcher.js";
import { WAITING } from "./state.js";

/** A task of unknown arrival (Infinity) is asked for: all that it needs is there, built here or not. False: it was asked for before. */
export function requested(dispatcher: Dispatcher, task: TaskId): boolean {
  const { state } = dispatcher;
  if (state.phase[task] !== WAITING) return false;
  state.waitingFor[task] = 0;
  dispatcher.progress.ready(task, true);
  return true;
}

/** A task that was asked for runs on that host since that instant. */
export function resumed(dispatcher: Dispatcher, task: TaskId, host: HostId, cores: number, since: Instant): void {
  const { state, trace } = dispatcher;
  const { now } = state;
  state.now = since;
  const slot = state.take(task, host, cores);
  state.now = now;
  if (state.row[task] === NONE) state.row[task] = trace.open(task, 1, host, slot, cores, since, since);
}
