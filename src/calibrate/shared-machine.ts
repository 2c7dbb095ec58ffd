// Hosts that share a machine: overheads are work there, of the host's CPU or of the client's, and copies too. Which runs were
// crowded on it, and how long work of the host took there. Twins: sim/client-work.ts, sim/cpu.ts.
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
import { choreSpeed, isThrottled } from "#model/hosts.js";
import { busyCores, crowding } from "#model/problem.js";
import type { RecordedRun, Row } from "./recorded-run.js";

export function isOnMachine({ problem }: RecordedRun, host: number): boolean {
  const { machines } = problem.hosts;
  return machines !== null && machines.on[host]! >= 0;
}

/** Cores that the client can have. */
export function coresShared({ problem }: RecordedRun): number {
  const { machines } = problem.hosts;
  const on = machines === null ? NONE : machines.on[COORDINATOR]!;
  return Math.min(problem.hosts.cores[COORDINATOR]!, on === NONE ? Number.POSITIVE_INFINITY : machines!.cores[on]!);
}

/** Runs in which the processors of the hosts' machine had no builds to do; all, where there is none of them. */
export function uncrowded(runs: readonly RecordedRun[]): readonly RecordedRun[] {
  const quiet = runs.filter((run) => !worksOnMachine(run));
  return quiet.length > 0 ? quiet : runs;
}

/** Whether some build on a host of a machine keeps a core busy. */
function worksOnMachine(run: RecordedRun): boolean {
  const { problem, trace } = run;
  for (let row = 0; row < trace.rows; row++) {
    const host = trace.host[row]! as HostId;
    if (isOnMachine(run, host) && busyCores(problem, trace.task[row]! as TaskId, host, problem.hosts.coresPerBuild[host]!) > 0) return true;
  }
  return false;
}

/** Seconds that one core-second of overheads took on the host at that instant, by the builds that ran on it; `speed` at which its cores do them. */
export function stretchAt(run: RecordedRun, rows: readonly Row[], host: number, at: number, speed: number): number {
  const crowd = isOnMachine(run, host) ? crowdAt(run, rows, run.problem.hosts.machines!.on[host]!, at) : 0;
  return crowding(run.problem, host as HostId, busyAt(run, rows, host, at), crowd) / speed;
}

/** The same from one instant to another, or at one: the seconds over what they were worth. */
export function stretchOver(run: RecordedRun, rows: readonly Row[], host: number, from: number, to: number, speed: number): number {
  return 1 / mean(rows, from, to, (at) => 1 / stretchAt(run, rows, host, at, speed));
}

/** Seconds that what the client does itself took then, for one that it takes on processors of its own: more than 1 where it has a quota. */
export function clientStretch(run: RecordedRun, rows: readonly Row[], from: number, to: number): number {
  const { hosts } = run.problem;
  return isThrottled(hosts, COORDINATOR) ? stretchOver(run, rows, COORDINATOR, from, to, choreSpeed(hosts, COORDINATOR)) : 1;
}

/** Share of the machine's processors that builds wanted at that instant, at most all. Twin: `crowd` in sim/division.ts. */
export function crowdAt(run: RecordedRun, rows: readonly Row[], machine: number, at: number): number {
  const { count, cores, machines } = run.problem.hosts;
  let wanted = 0;
  for (let h = 0; h < count; h++)
    if (machines!.on[h] === machine) wanted += Math.min(cores[h]!, busyAt(run, rows, h, at)) * machines!.share[h]!;
  return Math.min(1, wanted / machines!.cores[machine]!);
}

/** Cores that builds would keep busy there, had they them all. */
function busyAt({ problem }: RecordedRun, rows: readonly Row[], host: number, at: number): number {
  return rows
    .filter((row) => row.host === host && row.at("started") <= at && row.at("built") > at)
    .reduce((sum, row) => sum + busyCores(problem, row.task as TaskId, host as HostId, problem.hosts.coresPerBuild[host]!), 0);
}

/** Over that time, of what changes only where a build of these begins or ends. */
function mean(rows: readonly Row[], from: number, to: number, valueAt: (at: number) => number): number {
  const changes = rows.flatMap((row) => [row.at("started"), row.at("built")]).filter((at) => at > from && at < to);
  const cuts = [from, ...changes.sort((a, b) => a - b), to];
  let sum = 0;
  for (let c = 1; c < cuts.length; c++) sum += (cuts[c]! - cuts[c - 1]!) * valueAt(cuts[c - 1]!);
  return to > from ? sum / (to - from) : valueAt(from);
}
