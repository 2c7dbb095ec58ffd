// What a build of a recorded run is to calibration: whether it works, sleeps or is emulated, the core-seconds of its work, and the
// cores that it could use. Assumes: the graph's work is right and builds parallelise as it says.
import type { HostId, TaskId } from "#base/units.js";
import { rowSeconds } from "#model/demand.js";
import { aloneSeconds, busyCores } from "#model/problem.js";
import { isGuessed } from "#model/tasks.js";
import type { RecordedRun, Row } from "./recorded-run.js";

export type Kind = "works" | "sleeps" | "fetches" | "is measured" | "is emulated" | "is guessed";

export function kindOf({ problem }: RecordedRun, { task, host }: Row): Kind {
  const { tasks, demand, hosts } = problem;
  const wall = rowSeconds(demand, task as TaskId, host as HostId);
  if (wall === wall || tasks.seconds[task]! === tasks.seconds[task]!) return tasks.cpu[task] === 0 ? "sleeps" : "is measured";
  if (tasks.fetch[task] === 1) return "fetches";
  if (isGuessed(tasks.provenance[task]!)) return "is guessed";
  if (demand.slowdown[tasks.classOf[task]! * hosts.count + host] !== 1) return "is emulated";
  return tasks.work[task]! > 0 ? "works" : "sleeps";
}

const WHY: Readonly<Record<Exclude<Kind, "works">, string>> = {
  sleeps: "its builds sleep",
  fetches: "its builds fetch",
  "is measured": "the graph gives its builds measured seconds",
  "is emulated": "its builds are emulated, which slows them by a factor that no trace tells apart",
  "is guessed": "the work of its builds is a guess",
};

export function whyNot(kinds: ReadonlySet<Kind>, unseen = "no trace shows when its builds began and ended"): string {
  const all = [...kinds].filter((kind) => kind !== "works").map((kind) => WHY[kind]);
  if (kinds.has("works")) return unseen;
  return all.length === 0 ? "it built nothing" : all.join("; ");
}

/** Core-seconds that the build takes on cores of speed 1. */
export function workOf(run: RecordedRun, row: Row): number {
  const { problem } = run;
  const alone = aloneSeconds(problem, row.task as TaskId, row.host as HostId, grantOf(run, row)) * problem.hosts.speed[row.host]!;
  return alone * capOf(run, row);
}

export function capOf(run: RecordedRun, row: Row): number {
  return busyCores(run.problem, row.task as TaskId, row.host as HostId, grantOf(run, row));
}

/** Cores that the build may use; a log that knows none says 0. */
function grantOf({ problem }: RecordedRun, { cores, host }: Row): number {
  return cores > 0 ? cores : problem.hosts.coresPerBuild[host]!;
}
