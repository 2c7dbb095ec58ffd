// What each host did in a run, in seconds, and the mean of that over worlds. Parts are those of slot-time and core-time,
// whose sums are exact in µs. Hosts in the order of the fleet.
import { compareText } from "#base/order.js";
import { NONE } from "#base/units.js";
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { Attempts } from "./attempts.js";
import { coreTime } from "./core-time.js";
import { slotTime } from "./idle.js";
import { BUSY_PARTS, CORE_LOSSES, type HostUse, IDLE_CAUSES } from "./result.js";
import { heldSlots } from "./slots.js";

/** In `waitedFor`: no build, but a request that had not arrived. */
export const AWAITED_REQUEST = "(request)";
const AWAITED_MOST = 10;

type Awaited = HostUse["waitedFor"];

export function hostUses(trace: Trace, problem: Problem): HostUse[] {
  const { hosts } = problem;
  const attempts = new Attempts(trace, problem);
  const held = heldSlots(attempts);
  const slots = slotTime(attempts, held);
  const cores = coreTime(attempts, held);
  const sums = rowSums(trace, hosts.count);
  return hosts.names.map((host, h) => ({
    host,
    slots: hosts.maxJobs[h]!,
    cores: hosts.cores[h]!,
    builds: sums.builds[h]!,
    busy: record(BUSY_PARTS, slots.busy, h),
    idle: record(IDLE_CAUSES, slots.idle, h),
    waitedFor: awaited([...slots.waitedFor[h]!].map(([task, micros]) => [nameOf(problem, task), micros / 1e6])),
    coreSeconds: sums.coreSeconds[h]!,
    coreSecondsUnused: cores.lost.subarray(h * CORE_LOSSES.length, (h + 1) * CORE_LOSSES.length).reduce((a, b) => a + b, 0) / 1e6,
    coreLosses: record(CORE_LOSSES, cores.lost, h),
    bytesIn: sums.bytesIn[h]!,
    bytesOut: sums.bytesOut[h]!,
  }));
}

/** The mean of each figure over worlds; the same hosts in each, at least one world. */
export function meanUses(worlds: readonly (readonly HostUse[])[]): HostUse[] {
  const count = worlds.length;
  return worlds[0]!.map((first, h) => {
    const all = worlds.map((uses) => uses[h]!);
    const mean = (figure: (use: HostUse) => number): number => all.reduce((sum, use) => sum + figure(use), 0) / count;
    const means = <K extends string>(keys: readonly K[], of: (use: HostUse) => Readonly<Record<K, number>>): Record<K, number> =>
      Object.fromEntries(keys.map((key) => [key, mean((use) => of(use)[key])])) as Record<K, number>;
    return {
      host: first.host,
      slots: first.slots,
      cores: first.cores,
      builds: mean((use) => use.builds),
      busy: means(BUSY_PARTS, (use) => use.busy),
      idle: means(IDLE_CAUSES, (use) => use.idle),
      waitedFor: awaited(all.flatMap((use) => use.waitedFor.map(({ task, seconds }) => [task, seconds / count] as const))),
      coreSeconds: mean((use) => use.coreSeconds),
      coreSecondsUnused: mean((use) => use.coreSecondsUnused),
      coreLosses: means(CORE_LOSSES, (use) => use.coreLosses),
      bytesIn: mean((use) => use.bytesIn),
      bytesOut: mean((use) => use.bytesOut),
    };
  });
}

/** Sums by name; the longest, equal ones by name. */
function awaited(pairs: readonly (readonly [string, number])[]): Awaited {
  const sums = new Map<string, number>();
  for (const [task, seconds] of pairs) sums.set(task, (sums.get(task) ?? 0) + seconds);
  return [...sums]
    .map(([task, seconds]) => ({ task, seconds }))
    .sort((a, b) => b.seconds - a.seconds || compareText(a.task, b.task))
    .slice(0, AWAITED_MOST);
}

function rowSums(
  trace: Trace,
  hosts: number,
): { builds: Float64Array; coreSeconds: Float64Array; bytesIn: Float64Array; bytesOut: Float64Array } {
  const sums = {
    builds: new Float64Array(hosts),
    coreSeconds: new Float64Array(hosts),
    bytesIn: new Float64Array(hosts),
    bytesOut: new Float64Array(hosts),
  };
  for (let row = 0; row < trace.rows; row++) {
    const host = trace.host[row]!;
    sums.builds[host]!++;
    for (const column of ["coreSeconds", "bytesIn", "bytesOut"] as const) sums[column][host]! += known(trace[column][row]!);
  }
  return sums;
}

function known(value: number): number {
  return value === value ? value : 0;
}

function nameOf({ graph }: Problem, task: number): string {
  return task === NONE ? AWAITED_REQUEST : graph.names[task]!;
}

function record<K extends string>(keys: readonly K[], micros: Float64Array, host: number): Record<K, number> {
  return Object.fromEntries(keys.map((key, i) => [key, micros[host * keys.length + i]! / 1e6])) as Record<K, number>;
}
