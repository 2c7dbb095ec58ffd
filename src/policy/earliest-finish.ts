// Earliest estimated finish, busy hosts included: a task would rather wait for a fast host than start at once on a slow
// one. A host whose cores its builds fill already is full, free slots or not, because another build would only slow the
// rest, those of higher rank first. Slots promised to tasks of higher rank in the same round count as taken.
// Source: MCT, Maheswaran et al. 1999, over slots and cores; the promise makes it the dynamic half of HEFT.
import type { HostId, TaskId } from "#base/units.js";
import type { Act, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import { NOBODY, type Placement } from "./queueing.js";

/** A host that lacks less than this share of its cores counts as full. */
const FULL = 0.98;

export function earliestFinish(problem: Problem): Placement {
  const { hosts, tasks } = problem;
  /** Instants (µs) at which a host can take another build, ascending, as promised in this round. */
  const free = Array.from({ length: hosts.count }, (_, h) => new Float64Array(hosts.maxJobs[h]!));
  const busy = new Float64Array(hosts.count);
  /** Round in which `free` and `busy` of a host were read last. */
  const readIn = new Float64Array(hosts.count).fill(-1);

  function read(host: HostId, view: View): void {
    view.freeTimes(host, free[host]!);
    busy[host] = view.coresBusy(host);
    readIn[host] = view.round;
    shutWhenFull(host, view.now);
  }

  /** Free slots of a host without free cores are none: only the slots that builds give back count. */
  function shutWhenFull(host: HostId, now: number): void {
    if (busy[host]! < hosts.cores[host]! * FULL) return;
    const slots = free[host]!;
    let k = 0;
    while (k < slots.length && slots[k]! <= now) k++;
    slots.copyWithin(0, k);
    slots.fill(Number.POSITIVE_INFINITY, slots.length - k);
  }

  /** Some host has a free slot and free cores. */
  function someoneCan(view: View): boolean {
    const { ids, length } = view.open;
    for (let i = 0; i < length; i++) {
      const host = ids[i]! as HostId;
      if (readIn[host] !== view.round) read(host, view);
      if (free[host]![0]! <= view.now) return true;
    }
    return false;
  }

  return (task: TaskId, view: View, act: Act): number => {
    if (tasks.fetch[task] === 0 && !someoneCan(view)) return NOBODY;
    const { noting } = act;
    let best = -1;
    let bestOpen = false;
    let bestStart = 0;
    let bestFinish = Number.POSITIVE_INFINITY;
    for (let h = 0; h < hosts.count; h++) {
      const host = h as HostId;
      if (hosts.maxJobs[h] === 0 || !view.up(host) || !view.may(task, host)) continue;
      if (readIn[h] !== view.round) read(host, view);
      const needs = view.busy(task, host);
      const start = needs === 0 ? idleSlot(host, view) : free[h]![0]!;
      const crowd = start > view.now ? 1 : Math.max(1, (busy[h]! + needs) / hosts.cores[h]!);
      const length = view.time(task, host) * crowd * 1e6;
      // Even with its inputs there it would end later: what is to carry need not be summed.
      if (start + length > bestFinish && !noting) continue;
      const finish = Math.max(start, view.now + view.carry(task, host) * 1e6) + length;
      act.note(task, host, (finish - view.now) / 1e6);
      // Of equal finishes one that can begin now, then the earlier host of the fleet.
      if (finish > bestFinish || (finish === bestFinish && (bestOpen || view.slotsFree(host) === 0))) continue;
      best = h;
      bestOpen = view.slotsFree(host) > 0;
      bestStart = start;
      bestFinish = finish;
    }
    if (best < 0) return -1;
    const host = best as HostId;
    const now = bestStart <= view.now && view.room(task, host);
    promise(free[best]!, bestFinish);
    if (!now) return -1;
    busy[best]! += view.busy(task, host);
    shutWhenFull(host, view.now);
    return best;
  };

  /** What uses no cores needs only a slot. */
  function idleSlot(host: HostId, view: View): number {
    return view.slotsFree(host) > 0 ? view.now : free[host]![0]!;
  }
}

/** The first slot is taken until `finish`. */
function promise(slots: Float64Array, finish: number): void {
  let k = 0;
  while (k + 1 < slots.length && slots[k + 1]! < finish) {
    slots[k] = slots[k + 1]!;
    k++;
  }
  slots[k] = finish;
}
