// The chain that the makespan hangs on, walked backwards from the attempt that ended last: what each build waited for
// last, and what that one waited for, down to instant 0. Steps are consecutive; a wait for the tick or a busy client is a
// step of its own. What was guessed of it is the part of its building whose duration is a prior or assumption.
import { NONE } from "#base/units.js";
import type { Trace, TraceSpan } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { isGuessed } from "#model/tasks.js";
import { Attempts } from "./attempts.js";
import { type HostClock, hostClocks, latestAtMost } from "./host-clock.js";
import type { CriticalStep, GuessShare } from "./result.js";

/** What an attempt was waiting for last, µs. `row` is the attempt that let it go, NONE at the start of the run. */
interface Release {
  readonly because: CriticalStep["because"];
  readonly at: number;
  readonly row: number;
}

/** From 0 to the makespan, in time order. Empty for an empty trace. */
export function criticalPath(trace: Trace, problem: Problem): CriticalStep[] {
  const attempts = new Attempts(trace, problem);
  const clocks = hostClocks(attempts);
  const holds = spansByTask(trace);
  const steps: CriticalStep[] = [];
  let row = lastRow(attempts);
  for (let to = trace.makespan; row !== NONE; ) {
    const origin = originOf(attempts, clocks, row);
    const hold = heldSince(trace, holds, row, origin.at);
    push(row, "build", hold?.because ?? origin.because, Math.min(to, hold?.at ?? origin.at), to);
    if (hold !== null) push(row, "wait", origin.because, origin.at, hold.at);
    to = Math.min(to, origin.at);
    // A request that arrived late, or a trace that does not tell: nothing before it was waited for.
    if (origin.row === NONE && to > 0) push(row, "wait", "start", 0, to);
    row = origin.row;
  }
  return steps.reverse();

  function push(of: number, phase: CriticalStep["phase"], because: CriticalStep["because"], from: number, to: number): void {
    const task = problem.graph.names[trace.task[of]!]!;
    steps.push({ task, row: of, host: problem.hosts.names[trace.host[of]!]!, because, phase, from: from / 1e6, to: to / 1e6 });
  }
}

/** The attempt that ended last; equal ends: the first of them. */
function lastRow(attempts: Attempts): number {
  let last = NONE;
  for (let row = 0; row < attempts.trace.rows; row++) if (last === NONE || attempts.endAt(row) > attempts.endAt(last)) last = row;
  return last;
}

/** Its slot, if the host was full until one was freed after the attempt was ready; else its last input. */
function originOf(attempts: Attempts, clocks: readonly HostClock[], row: number): Release {
  const ready = attempts.readyAt(row);
  const asked = attempts.trace.asked[row]!;
  const clock = clocks[attempts.trace.host[row]!]!;
  const freed = asked > ready ? clock.freedBefore(asked) : NONE;
  if (freed !== NONE && attempts.freedAt(freed) > ready && clock.fullBefore(attempts.freedAt(freed))) {
    return { because: "slot", at: attempts.freedAt(freed), row: freed };
  }
  const maker = attempts.madeReadyBy(row);
  return { because: maker === NONE ? "start" : "input", at: ready, row: maker };
}

interface Holds {
  /** Ends of the client's busy spans, ascending. */
  readonly dispatch: readonly TraceSpan[];
  readonly postponed: ReadonlyMap<number, readonly TraceSpan[]>;
}

function spansByTask(trace: Trace): Holds {
  const postponed = new Map<number, TraceSpan[]>();
  for (const span of trace.spans) {
    if (span.kind !== "postponed") continue;
    const known = postponed.get(span.task);
    if (known === undefined) postponed.set(span.task, [span]);
    else known.push(span);
  }
  return { dispatch: trace.spans.filter(({ kind }) => kind === "dispatch").sort((a, b) => a.to - b.to || a.from - b.from), postponed };
}

/** The poll tick or the busy client, if it let the attempt go later than slot and inputs did. The later counts. */
function heldSince(trace: Trace, holds: Holds, row: number, since: number): Pick<Release, "because" | "at"> | null {
  const asked = trace.asked[row]!;
  if (!(asked > since)) return null;
  const ticks = (holds.postponed.get(trace.task[row]!) ?? []).map(({ to }) => to).filter((to) => to <= asked);
  const tick = Math.max(Number.NEGATIVE_INFINITY, ...ticks);
  const place = latestAtMost(holds.dispatch.length, (i) => holds.dispatch[i]!.to, asked);
  const free = place < 0 ? Number.NEGATIVE_INFINITY : holds.dispatch[place]!.to;
  if (Math.max(tick, free) <= since) return null;
  return free > tick ? { because: "dispatch", at: free } : { because: "tick", at: tick };
}

/** How much of this run stands on guessed durations. `problem` with the provenance of what the run was estimated on. */
export function guessShare(steps: readonly CriticalStep[], trace: Trace, problem: Problem): GuessShare {
  const { tasks, graph } = problem;
  let path = 0;
  let pathGuessed = 0;
  for (const { row, phase, from, to } of steps) {
    if (phase !== "build") continue;
    path += to - from;
    if (isGuessed(tasks.provenance[trace.task[row]!]!)) pathGuessed += to - from;
  }
  let time = 0;
  let timeGuessed = 0;
  for (let row = 0; row < trace.rows; row++) {
    const building = trace.built[row]! - trace.started[row]!;
    if (!(building > 0)) continue;
    time += building;
    if (isGuessed(tasks.provenance[trace.task[row]!]!)) timeGuessed += building;
  }
  const guessed = tasks.provenance.reduce((sum, provenance) => sum + (isGuessed(provenance) ? 1 : 0), 0);
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  return { criticalPath: share(pathGuessed, path), work: share(timeGuessed, time), tasks: share(guessed, graph.count) };
}
