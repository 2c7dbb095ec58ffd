// What every policy owes under every conduct, checked on the trace alone, instant by instant. A new policy is covered by
// being registered. Capacity is recounted here from the rows; nothing of the dispatcher's own books is believed.
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
import { BUILT, STAGES } from "#dispatch/trace.js";
import { aloneSeconds, isAllowed, type Problem } from "#model/problem.js";
import type { Run } from "../run.js";
import type { Animal } from "./zoo.js";

/** What the circumstances allow. */
export interface Leave {
  /** Builds may be lost for good: their host goes down, and nobody tries again. */
  readonly losses: boolean;
  /** Memory is not modelled. */
  readonly memoryOff: boolean;
  /** Outputs go home beside what already uses them: no return is noted, and one may be lost after somebody has used it. */
  readonly early: boolean;
}

/** All that must hold of a run; throws what does not. */
export function holds({ problem }: Animal, done: Run, leave: Leave): void {
  owe(done.stalled === 0, `${done.stalled} builds that nobody finished`);
  everythingEnds(problem, done, leave.losses);
  stagesInOrder(done, leave.early);
  parentsFirst(problem, done, leave.early);
  onlyWhereAllowed(problem, done);
  slotsNeverExceeded(problem, done);
  if (!leave.memoryOff) memoryNeverExceeded(problem, done);
  const chain = longestChain(problem);
  owe(leave.losses || done.makespan >= chain - 1e-5, `${done.makespan} s is shorter than the longest chain of ${chain} s`);
}

function everythingEnds({ graph }: Problem, { rows }: Run, losses: boolean): void {
  for (let t = 0; t < graph.count; t++) {
    const own = rows.filter((row) => row.task === graph.names[t]);
    const built = own.filter((row) => row.outcome === BUILT);
    owe(built.length === 1 || (losses && built.length === 0), `${graph.names[t]} is built ${built.length} times`);
    owe(built.length === 0 || own.at(-1) === built[0], `${graph.names[t]} is tried again after it was built`);
    owe(
      own.every((row, i) => row.attempt === i + 1),
      `${graph.names[t]} miscounts its attempts`,
    );
  }
}

function stagesInOrder({ rows }: Run, early: boolean): void {
  for (const row of rows) {
    let last = 0;
    for (const stage of STAGES.filter((one) => one !== "slotFreed")) {
      const at = row[stage];
      if (Number.isNaN(at)) {
        owe(row.outcome !== BUILT || stage === "uploadFrom" || (early && stage === "returned"), `${row.task} lacks ${stage}`);
        continue;
      }
      owe(at >= last, `${row.task}: ${stage} at ${at}, after ${last}`);
      last = at;
    }
    owe(row.slotFreed >= (row.outcome === BUILT ? row.built : 0), `${row.task} gives its slot back at ${row.slotFreed}`);
    owe(row.outcome !== BUILT || row.slotFreed <= row.noticed, `${row.task} keeps its slot to ${row.slotFreed}`);
  }
}

function parentsFirst({ graph, arrival }: Problem, { rows }: Run, early: boolean): void {
  const ends = rows.filter((row) => row.outcome === BUILT || (early && !Number.isNaN(row.noticed)));
  // The first end is the last in the map.
  const noticed = new Map(ends.reverse().map((row) => [row.task, row.noticed]));
  for (const row of rows) {
    const t = graph.names.indexOf(row.task);
    owe(arrival === null || row.ready >= arrival[t]! / 1e6, `${row.task} is ready before it was requested`);
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
      const input = graph.names[graph.pred[e]!]!;
      owe(row.ready >= noticed.get(input)!, `${row.task} is ready at ${row.ready}, its input ${input} at ${noticed.get(input)}`);
    }
  }
}

function onlyWhereAllowed(problem: Problem, { trace }: Run): void {
  for (let r = 0; r < trace.rows; r++) {
    const host = trace.host[r]! as HostId;
    owe(isAllowed(problem, trace.task[r]! as TaskId, host) && problem.hosts.maxJobs[host]! > 0, `row ${r} is where it may not be`);
  }
}

/** Nobody else has the slot of an attempt between its ask and its release. */
function slotsNeverExceeded({ hosts }: Problem, { rows, trace }: Run): void {
  for (const [r, row] of rows.entries()) {
    const host = trace.host[r]!;
    owe(row.slot < hosts.maxJobs[host]!, `${row.task} has slot ${row.slot} of ${row.host}`);
    for (const [s, other] of rows.entries()) {
      if (s >= r || other.host !== row.host || other.slot !== row.slot) continue;
      const apart = other.slotFreed <= row.asked || row.slotFreed <= other.asked;
      owe(apart, `${row.task} and ${other.task} share slot ${row.slot} of ${row.host}`);
    }
  }
}

function memoryNeverExceeded({ graph, hosts, tasks }: Problem, { rows, trace }: Run): void {
  for (const [r, row] of rows.entries()) {
    const host = trace.host[r]!;
    if (Number.isNaN(row.started) || hosts.memoryBytes[host] === Number.POSITIVE_INFINITY) continue;
    let used = 0;
    for (const [s, other] of rows.entries()) {
      const until = Number.isNaN(other.built) ? other.slotFreed : other.built;
      if (trace.host[s] === host && other.started <= row.started && row.started < until) {
        used += tasks.memoryBytes[graph.names.indexOf(other.task)]!;
      }
    }
    owe(used <= hosts.memoryBytes[host]!, `${used} of ${hosts.memoryBytes[host]} bytes taken on ${row.host} at ${row.started}`);
  }
}

/** Seconds of the longest chain with every build alone on its best host, arrivals included. */
function longestChain(problem: Problem): number {
  const { graph, hosts, arrival } = problem;
  const end = new Float64Array(graph.count);
  for (let t = 0; t < graph.count; t++) {
    let best = Number.POSITIVE_INFINITY;
    for (let h: number = COORDINATOR; h < hosts.count; h++) {
      if (hosts.maxJobs[h] === 0 || !isAllowed(problem, t as TaskId, h as HostId)) continue;
      best = Math.min(best, aloneSeconds(problem, t as TaskId, h as HostId, hosts.coresPerBuild[h]!));
    }
    let from = arrival === null ? 0 : arrival[t]! / 1e6;
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) from = Math.max(from, end[graph.pred[e]!]!);
    end[t] = from + best;
  }
  return end.reduce((most, at) => Math.max(most, at), NONE);
}

function owe(fine: boolean, what: string): void {
  if (!fine) throw new Error(what);
}
