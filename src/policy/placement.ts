// Where a task goes: rules that pick one host for one task, composable with any order. Ties go to the shorter build,
// then to the earlier host of the fleet. A rule may also say "not now" (−1).
import type { HostId, TaskId } from "#base/units.js";
import type { Act, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import { earliestFinish } from "./earliest-finish.js";
import type { Placement } from "./queueing.js";

export const PLACEMENTS = ["earliest-finish", "earliest-start", "locality", "fastest", "least-loaded"] as const;
export type PlacementName = (typeof PLACEMENTS)[number];

export const PLACEMENT: Readonly<Record<PlacementName, (problem: Problem) => Placement>> = {
  "earliest-finish": earliestFinish,
  /** Where its inputs are there first. */
  "earliest-start": (problem) => byScore(problem, (task, host, view) => view.carry(task, host)),
  /** Where the fewest bytes are missing. */
  locality: (problem) => byScore(problem, (task, host, view) => view.missing(task, host)),
  /** Where the build itself is shortest. */
  fastest: (problem) => byScore(problem, (task, host, view) => view.time(task, host)),
  /** The smallest share of slots taken. */
  "least-loaded": (problem) => byScore(problem, (_, host, view) => view.running(host) / problem.hosts.maxJobs[host]!),
};

/** The host with room whose score is smallest. */
export function byScore(problem: Problem, score: (task: TaskId, host: HostId, view: View) => number): Placement {
  const { hosts } = problem;
  return (task: TaskId, view: View, act: Act): number => {
    let best = -1;
    let bestScore = 0;
    let bestTime = 0;
    for (let h = 0; h < hosts.count; h++) {
      const host = h as HostId;
      if (view.slotsFree(host) === 0 || !view.room(task, host)) continue;
      const own = score(task, host, view);
      act.note(task, host, own);
      if (best >= 0 && own > bestScore) continue;
      const time = view.time(task, host);
      if (best >= 0 && own === bestScore && time >= bestTime) continue;
      best = h;
      bestScore = own;
      bestTime = time;
    }
    return best;
  };
}
