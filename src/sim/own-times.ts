// How long each thing took in one recorded run: connects, starts of the hook and of builders, builds, ways back, notices. What the
// recording does not show is the median of what it shows, or what conduct and fleet say. Microseconds.
// Ignores: that it might have taken longer elsewhere, or at another time.
import { COORDINATOR, micros } from "#base/units.js";
import type { Timing } from "#dispatch/conduct.js";
import { BUILT, type Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";

/** What lies longer between an accept and the next question than a hook takes to start was something else. */
const HOOK_MAX = 600_000;
/** What is noticed within this time is noticed in one turn of the client's loop. */
const TURN = 5_000;

export interface OwnTimes {
  /** By client: the instant of its first question. */
  readonly firstAsk: Float64Array;
  /**
   * By task: its connect; from accepted until its inputs are there; from there to the start; the build; from its end until its slot is free; from
   * there until an idle client knows.
   */
  readonly connect: Float64Array;
  readonly upload: Float64Array;
  readonly start: Float64Array;
  readonly build: Float64Array;
  readonly back: Float64Array;
  readonly notice: Float64Array;
  /** By task: the start of the hook that puts the question after this one's, be it refused, or declined so that the build is a local one. */
  readonly hook: Float64Array;
}

/** Null where the recording cannot be told again: something failed, was tried twice or is missing, or nobody saw the asks. */
export function ownTimes(problem: Problem, timing: Timing, recorded: Trace): OwnTimes | null {
  const { count } = problem.graph;
  const { asked, accepted, started, built, host } = recorded;
  const rows = Array.from({ length: recorded.rows }, (_, row) => row).sort((a, b) => asked[a]! - asked[b]!);
  const isPlain = new Set(recorded.task.subarray(0, recorded.rows)).size === recorded.rows && recorded.rows === count;
  if (!isPlain || rows.some((row) => recorded.outcome[row] !== BUILT || Number.isNaN(accepted[row]! - asked[row]! + built[row]!)))
    return null;
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const times = { connect: column(), upload: column(), start: column(), build: column(), back: column(), hook: column() };
  for (const row of rows) {
    const task = recorded.task[row]!;
    if (host[row] !== COORDINATOR) times.connect[task] = accepted[row]! - asked[row]!;
    times.upload[task] = Number.isNaN(recorded.uploaded[row]!) ? 0 : recorded.uploaded[row]! - accepted[row]!;
    times.start[task] = started[row]! - accepted[row]! - times.upload[task]!;
    times.build[task] = built[row]! - started[row]!;
    times.back[task] = wayBack(problem, timing, recorded, row);
  }
  const rowOf = new Map(rows.map((row) => [recorded.task[row]!, row]));
  const clientOf = (row: number): number => Math.max(0, recorded.client[row]!);
  const postponed = recorded.spans.filter(({ kind }) => kind === "postponed").sort((a, b) => a.from - b.from);
  const waited = new Set(postponed.map(({ task }) => task));
  const clients = Math.max(1, recorded.clients.length);
  const firstAsk = new Float64Array(clients);
  const notice = noticesOf(
    recorded,
    times.back,
    Array.from(firstAsk, (_, client) => rows.filter((row) => clientOf(row) === client)),
    micros(timing.noticeSeconds),
  );
  for (let client = 0; client < clients; client++) {
    const put = rows.filter(
      (row) => clientOf(row) === client && (host[row] !== COORDINATOR || problem.tasks.preferLocal[recorded.task[row]!] === 0),
    );
    const own = put.filter((row) => host[row] !== COORDINATOR);
    const refused = postponed.filter(({ task }) => clientOf(rowOf.get(task)!) === client);
    firstAsk[client] = own.length > 0 ? asked[own[0]!]! : 0;
    for (const row of own) {
      const next = put[put.indexOf(row) + 1];
      const no = refused.find(({ from }) => from > accepted[row]!);
      const isNo = no !== undefined && (next === undefined || no.from < asked[next]!);
      // A tick lies between.
      if (!isNo && (next === undefined || (waited.has(recorded.task[next]!) && !waited.has(recorded.task[row]!)))) continue;
      const [at, of] = isNo ? [no.from, rowOf.get(no.task)!] : [asked[next!]!, next!];
      const hook = at - Math.max(accepted[row]!, knownReady(problem, recorded, rowOf, of, accepted[row]!));
      if (hook > 0 && hook < HOOK_MAX) times.hook[recorded.task[row]!] = hook;
    }
  }
  fill(times.connect, micros(timing.hookSeconds));
  fill(times.start, micros(timing.startSeconds));
  // Whose start nobody saw has what is left of its time.
  for (const row of rows) {
    const task = recorded.task[row]!;
    if (Number.isNaN(times.build[task]!))
      times.build[task] = Math.max(0, built[row]! - accepted[row]! - times.upload[task]! - times.start[task]!);
  }
  fill(times.hook, micros(timing.hookSeconds));
  return { firstAsk, notice, ...times };
}

/** `clients`: rows of each in the order of their asks. */
function noticesOf(recorded: Trace, back: Float64Array, clients: readonly (readonly number[])[], usual: number): Float64Array {
  const { asked, accepted, ready, built, noticed, host } = recorded;
  const seen = new Float64Array(back.length).fill(Number.NaN);
  const least = new Float64Array(back.length);
  for (const rows of clients) {
    const asks = rows.filter((row) => host[row] !== COORDINATOR);
    for (const row of rows) {
      const task = recorded.task[row]!;
      const freed = built[row]! + back[task]!;
      const isBlocked = asks.some((ask) => asked[ask]! < noticed[row]! && accepted[ask]! > freed);
      if (!isBlocked && noticed[row]! >= freed) seen[task] = noticed[row]! - freed;
      // Had it been there before, it would have been noticed with what led to the next question.
      const next = asks.find((ask) => asked[ask]! > freed);
      const passed = next === undefined ? freed : ready[next]!;
      if (passed > freed && passed < noticed[row]! - TURN) least[task] = passed - freed + 1;
    }
  }
  fill(seen, usual);
  return seen.map((own, task) => Math.max(own, least[task]!));
}

/** When the client could know that a build's inputs were there: what was back before the accept it learns with that. */
function knownReady({ graph }: Problem, recorded: Trace, rowOf: ReadonlyMap<number, number>, row: number, accepted: number): number {
  const { returned, noticed, task } = recorded;
  const of = task[row]!;
  const inputs = Array.from(graph.pred.subarray(graph.predStart[of]!, graph.predStart[of + 1]!), (input) => rowOf.get(input)!);
  const last = inputs.reduce((a, b) => (a >= 0 && noticed[a]! >= noticed[b]! ? a : b), -1);
  return last < 0 ? 0 : returned[last]! <= accepted ? Math.min(accepted, noticed[last]!) : seen(noticed[last]!);
}

/** A log tells of a return when the client reads of it: what was not seen otherwise took as long as the bytes do. */
function wayBack({ hosts, tasks }: Problem, { returnSeconds }: Timing, recorded: Trace, row: number): number {
  const seen = recorded.slotFreed[row]! - recorded.built[row]!;
  if (seen >= 0) return seen;
  const host = recorded.host[row]!;
  const bytes = host === COORDINATOR ? 0 : tasks.outputBytes[recorded.task[row]!]!;
  const usual = micros(returnSeconds + bytes / hosts.up[host]!);
  const told = recorded.returned[row]! - recorded.built[row]!;
  return told >= 0 ? Math.min(told, usual) : usual;
}

function seen(instant: number): number {
  return Number.isNaN(instant) ? 0 : instant;
}

function fill(column: Float64Array, otherwise: number): void {
  const known = column.filter((value) => !Number.isNaN(value)).sort();
  const usual = known.length > 0 ? known[known.length >> 1]! : otherwise;
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i]!)) column[i] = usual;
}
