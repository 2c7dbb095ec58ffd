// What each host had to say when a task was placed, as the policy saw it at that instant: for `explain` and `--dry-run`.
import type { HostId, TaskId } from "#base/units.js";
import type { StateView } from "#dispatch/view.js";
import { DENIALS } from "#model/demand.js";
import type { Problem } from "#model/problem.js";
import type { HostVerdict } from "#report/explanation.js";

/** `score` of a host that the policy did not consider: null. */
export function hostVerdicts(
  { hosts, demand, tasks }: Problem,
  task: TaskId,
  chosen: number,
  view: StateView,
  score: (host: number) => number | null,
): readonly HostVerdict[] {
  return hosts.names.map((name, h): HostVerdict => {
    const host = h as HostId;
    const denied = DENIALS[demand.denied[tasks.classOf[task]! * hosts.count + h]!]!;
    return {
      host: name,
      chosen: h === chosen,
      denied: denied === "ok" ? null : denied,
      up: view.up(host),
      slotsFree: view.slotsFree(host),
      slots: hosts.maxJobs[h]!,
      memoryShort: tasks.memoryBytes[task]! > view.memoryFree(host),
      buildSeconds: view.time(task, host),
      carrySeconds: view.carry(task, host),
      score: score(h),
    };
  });
}
