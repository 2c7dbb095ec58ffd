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
  "earliest-start": () => byScore((task, host, view) => view.carry(task, host)),
  /** Where the fewest bytes are missing. */
  locality: () => byScore((task, host, view) => view.missing(task, host)),
  /** Where the build itself is shortest. */
  fastest: () => byScore((task, host, view) => view.time(task, host), "time"),
  /** The smallest share of slots taken. */
  "least-loaded": (problem) => byScore((_, host, view) => view.running(host) / problem.hosts.maxJobs[host]!),
};

type Score = (task: TaskId, host: HostId, view: View) => number;

/** The host with room whose score is smallest, a score of its own or the build's time; of equals the shorter build, then the earlier host of the fleet. */
export function byScore(score: Score, kind: "score" | "time" = "score"): Placement {
  return (task: TaskId, view: View, act: Act): number => {
    const { ids, length } = view.open;
    const { noting } = act;
    let best = -1;
    let bestScore = 0;
    let bestTime = Number.NaN;
    for (let i = 0; i < length; i++) {
      const host = ids[i]! as HostId;
      if (!view.room(task, host)) continue;
      if (length === 1 && !noting) return host;
      const own = score(task, host, view);
      if (noting) act.note(task, host, own);
      if (best < 0 || own < bestScore) bestTime = Number.NaN;
      else if (own === bestScore) {
        if (Number.isNaN(bestTime)) bestTime = kind === "time" ? own : view.time(task, best as HostId);
        const time = kind === "time" ? own : view.time(task, host);
        if (time > bestTime || (time === bestTime && host > best)) continue;
        bestTime = time;
      } else continue;
      best = host;
      bestScore = own;
    }
    return best;
  };
}
