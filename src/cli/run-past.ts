// What an interrupted run did, told to whoever shows the one that goes on: observations with the host of their attempt, from
// the lines of its journal.
import type { HostId, TaskId } from "#base/units.js";
import type { Observation } from "#live/run/observation.js";
import type { JournalLine } from "#live/run/replay.js";
import type { Problem } from "#model/problem.js";
import type { Watcher } from "./run-lines.js";

export function tellPast(lines: readonly JournalLine[], { graph, hosts }: Problem, watcher: Watcher): void {
  const tasks = new Map(graph.keys.map((key, task) => [key, task as TaskId]));
  const ids = new Map(hosts.names.map((name, host) => [name, host as HostId]));
  const hostOf = new Map<TaskId, HostId>();
  for (const line of lines) {
    if (!("see" in line) && "start" in line) for (const [task, host] of line.start) hostOf.set(tasks.get(task)!, ids.get(host)!);
    if (!("see" in line)) continue;
    const task = tasks.get(line.task as string);
    const host = ids.get(line.host as string);
    const seen = { ...line, ...(task !== undefined && { task }), ...(host !== undefined && { host }) } as Observation;
    watcher.seen(seen, (task === undefined ? undefined : hostOf.get(task)) ?? -1);
  }
}
