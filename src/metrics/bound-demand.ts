// What each task takes from each host at the least, in seconds of three resources per kind of host: slots, CPU, internet
// access. Rule: architecture.md "Bounds"; a build alone is model/problem's aloneSeconds with every core granted.
// Ignores transfers, overheads, outages and queues: all of them only add.
import type { HostId, TaskId } from "#base/units.js";
import { DENIALS, rowSeconds } from "#model/demand.js";
import type { Models } from "#model/models.js";
import { aloneSeconds, isAllowed, type Problem } from "#model/problem.js";

export const SLOTS = 0;
export const CPU = 1;
export const INTERNET = 2;
export const RESOURCES = 3;

/** Hosts that no task can tell apart count as one, with their resources together. */
export interface Kinds {
  /** A host of each kind. */
  readonly hostOf: readonly HostId[];
  /** [kind × RESOURCES + resource]: seconds of it per second; 0 = it never limits. */
  readonly capacity: Float64Array;
}

/** The problem as the models in use see it: what is switched off is taken out of the columns. */
export function modelled(problem: Problem, models: Models): Problem {
  const { tasks, demand } = problem;
  const count = tasks.work.length;
  const unlessFetch = (column: Float64Array, value: number): Float64Array => column.map((x, t) => (tasks.fetch[t] === 1 ? value : x));
  return {
    ...problem,
    tasks: {
      ...tasks,
      ...(models.parallelism === "off" && {
        serial: new Float64Array(count),
        maxCores: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
      }),
      ...(models.memory === "off" && { memoryBytes: new Float64Array(count) }),
      ...(models.fetches === "free" && { sourceBytes: unlessFetch(tasks.sourceBytes, 0), seconds: unlessFetch(tasks.seconds, Number.NaN) }),
    },
    demand: {
      ...demand,
      ...(models.emulation === "off" && { slowdown: new Float64Array(demand.slowdown.length).fill(1) }),
      ...(models.memory === "off" && { denied: demand.denied.map((why) => (DENIALS[why] === "memory" ? 0 : why)) }),
    },
  };
}

/** Measured rows can tell any two hosts apart, so with rows each host is its own kind. A host without slots is none. */
export function kindsOf(problem: Problem, models: Models): Kinds {
  const { hosts } = problem;
  const hostOf: HostId[] = [];
  const capacity: number[] = [];
  const known = new Map<string, number>();
  const sharedAccess = models.fetches === "internet" && (models.network === "fair" || models.network === "maxmin");
  for (let h = 0; h < hosts.count; h++) {
    if (hosts.maxJobs[h] === 0) continue;
    const key = kindKey(problem, h);
    const kind = known.get(key) ?? hostOf.push(h as HostId) - 1;
    known.set(key, kind);
    const at = kind * RESOURCES;
    capacity[at + SLOTS] = (capacity[at + SLOTS] ?? 0) + hosts.maxJobs[h]!;
    capacity[at + CPU] = (capacity[at + CPU] ?? 0) + (models.cpu === "shared" ? hosts.cores[h]! : 0);
    capacity[at + INTERNET] = (capacity[at + INTERNET] ?? 0) + (sharedAccess ? 1 : 0);
  }
  return { hostOf, capacity: Float64Array.from(capacity) };

  function kindKey({ hosts, demand }: Problem, h: number): string {
    const parts = [hosts.cores[h], hosts.speed[h], hosts.maxJobs[h], hosts.memoryBytes[h], hosts.internet[h], demand.rows === null ? 0 : h];
    for (let c = 0; c < demand.classes; c++) parts.push(demand.denied[c * hosts.count + h], demand.slowdown[c * hosts.count + h]);
    return parts.join(" ");
  }
}

/** Writes the seconds of each resource that the task takes there; false where it may not run. */
export function take(problem: Problem, task: TaskId, host: HostId, into: Float64Array): boolean {
  if (!isAllowed(problem, task, host)) return false;
  const { tasks, demand, hosts } = problem;
  const row = rowSeconds(demand, task, host);
  const wall = row === row ? row : tasks.seconds[task]!;
  const measured = wall === wall;
  const alone = aloneSeconds(problem, task, host, hosts.cores[host]!);
  const fetch = !measured && tasks.fetch[task] === 1;
  into[SLOTS] = alone;
  into[INTERNET] = fetch ? alone : 0;
  if (measured) into[CPU] = wall * tasks.cpu[task]!;
  else into[CPU] = fetch ? 0 : (tasks.work[task]! * demand.slowdown[tasks.classOf[task]! * hosts.count + host]!) / hosts.speed[host]!;
  return true;
}
