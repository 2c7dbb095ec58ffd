// Earliest estimated finish, busy hosts included: a task would rather wait for a fast host than start at once on a slow
// one. Slots promised to tasks of higher rank in the same round count as taken. Source: MCT, Maheswaran et al. 1999,
// over slots; the promise makes it the dynamic half of HEFT (Topcuoglu 2002).
import type { HostId, TaskId } from "#base/units.js";
import type { Act, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import type { Placement } from "./queueing.js";

export function earliestFinish(problem: Problem): Placement {
  const { hosts } = problem;
  /** Instants (µs) at which the slots of a host are free, ascending, as promised in this round. */
  const free: Float64Array[] = Array.from({ length: hosts.count }, (_, h) => new Float64Array(hosts.maxJobs[h]!));
  /** Round in which the slots of a host were read last. */
  const readIn = new Float64Array(hosts.count).fill(-1);

  /** The slots of a host at the beginning of the round. */
  function read(host: HostId, view: View): void {
    view.freeTimes(host, free[host]!);
    readIn[host] = view.round;
  }

  return (task: TaskId, view: View, act: Act): number => {
    let best = -1;
    let bestFinish = 0;
    for (let h = 0; h < hosts.count; h++) {
      const host = h as HostId;
      if (hosts.maxJobs[h] === 0 || !view.up(host) || !view.may(task, host)) continue;
      if (readIn[h] !== view.round) read(host, view);
      const ready = view.now + view.carry(task, host) * 1e6;
      const finish = Math.max(free[h]![0]!, ready) + view.time(task, host) * 1e6;
      act.note(task, host, (finish - view.now) / 1e6);
      // Of equal finishes the one that can start now: a build of no length ends at once, but its slot is not free yet.
      const sooner = finish < bestFinish || (finish === bestFinish && view.slotsFree(best as HostId) === 0 && view.slotsFree(host) > 0);
      if (best >= 0 && !sooner) continue;
      best = h;
      bestFinish = finish;
    }
    if (best < 0) return -1;
    promise(free[best]!, bestFinish);
    return view.room(task, best as HostId) && view.slotsFree(best as HostId) > 0 ? best : -1;
  };
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
