// How far a world reaches: at which instants somebody asks for something, and how many attempts can be under way at once.
import { COORDINATOR } from "#base/units.js";
import { canStage, type Conduct } from "#dispatch/conduct.js";
import { slotCount } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";

/** Instants after 0 at which somebody requests something, ascending. */
export function arrivalsOf({ arrival, clients }: Problem): readonly number[] {
  const instants = new Set(arrival);
  for (const client of clients) for (const at of client.arrival) instants.add(at);
  return [...instants].filter((at) => at > 0 && Number.isFinite(at)).sort((a, b) => a - b);
}

/** Attempts that can be under way at once, and outputs sent ahead, one a host: those in slots, or any number where one is retried, or its slot freed before the end. */
export function flightCapacity(problem: Problem, conduct: Conduct, clients: number, faulty: boolean): number {
  const { timing, reaction } = conduct;
  const ahead = canStage(conduct) ? problem.hosts.count : 0;
  const slots = ahead + slotCount(problem.hosts) + (clients - 1) * problem.hosts.maxJobs[COORDINATOR]!;
  const retries = faulty && (reaction.buildAttempts > 1 || reaction.hostAttempts > 1);
  const lingers =
    timing.slotUntil === "built" || timing.dependents === "built" || timing.noticeSeconds > 0 || conduct.offering.kind === "waves";
  return lingers || retries ? problem.graph.count + slots : slots;
}
