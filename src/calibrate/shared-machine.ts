// Hosts that share a machine: overheads are work there, of the host's CPU or of the client's, and copies too. Which runs were
// crowded on it, and how long work of the host took there. Twins: sim/client-work.ts, sim/cpu.ts.
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
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
export function stretchAt({ problem }: RecordedRun, rows: readonly Row[], host: number, at: number, speed: number): number {
  const busy = rows
    .filter((row) => row.host === host && row.at("started") <= at && row.at("built") > at)
    .reduce((sum, row) => sum + busyCores(problem, row.task as TaskId, host as HostId, problem.hosts.coresPerBuild[host]!), 0);
  return crowding(problem, host as HostId, busy) / speed;
}
