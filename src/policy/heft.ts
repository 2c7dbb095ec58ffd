// HEFT: tasks by upward rank, each on the slot where it ends first, gaps included; a static plan that `follow` executes.
// Ranks use mean seconds and mean transfer over all pairs of different slots. Source: Topcuoglu, Hariri, Wu, TPDS 13(3), 2002.
// Its processors are slots; a slot's build is timed alone, so shared CPU makes the plan optimistic.
import * as z from "zod";
import { COORDINATOR, type HostId, type TaskId } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { PolicyKind } from "#dispatch/policy.js";
import { aloneSeconds, carrySeconds, isAllowed, type Problem } from "#model/problem.js";
import { follow, type Plan } from "./follow.js";
import { meanSeconds, upward } from "./rank.js";
import { Timeline } from "./timeline.js";

/** When an input goes to the planned host: once its consumer has a slot there, or as soon as it is built. */
const INPUTS = ["on-start", "ahead"] as const;

const params = z.strictObject({ inputs: z.enum(INPUTS).default("on-start") });

export const heft: PolicyKind<z.infer<typeof params>> = {
  about: "a plan made beforehand: by upward rank, each where it would end first, gaps used",
  source: "Topcuoglu, Hariri, Wu, IEEE TPDS 13(3), 2002",
  conduct: () => CONDUCTS.run,
  params,
  create: (problem, { inputs }) => follow(problem, heftPlan(problem), inputs === "ahead"),
};

/** Seconds of the transfer of one edge's bytes between two hosts. */
type Between = (edge: number, from: HostId, to: HostId) => number;

export function heftPlan(problem: Problem): Plan {
  const { graph, hosts } = problem;
  const between = transferOf(problem);
  const mean = meanSeconds(problem);
  const rank = upward(problem, (t) => mean[t]!, meanTransfer(problem, between));
  const order = Int32Array.from({ length: graph.count }, (_, t) => t).sort(
    (a, b) => rank[b]! - rank[a]! || graph.nameRank[a]! - graph.nameRank[b]!,
  );
  const slots = Array.from({ length: hosts.count }, (_, h) => Array.from({ length: hosts.maxJobs[h]! }, () => new Timeline()));
  const plan: Plan = {
    host: new Int32Array(graph.count).fill(-1),
    start: new Float64Array(graph.count),
    finish: new Float64Array(graph.count),
  };
  for (const t of order) placeOne(problem, t as TaskId, plan, slots, between);
  return plan;
}

function placeOne(problem: Problem, task: TaskId, plan: Plan, slots: readonly (readonly Timeline[])[], between: Between): void {
  const { hosts, graph, arrival } = problem;
  let best: Timeline | null = null;
  let bestHost = -1;
  let bestStart = 0;
  let bestFinish = Number.POSITIVE_INFINITY;
  let bestIdle = 0;
  for (let h = 0; h < hosts.count; h++) {
    const host = h as HostId;
    if (hosts.maxJobs[h] === 0 || !isAllowed(problem, task, host)) continue;
    let ready = Math.max(arrival === null ? 0 : arrival[task]! / 1e6, sourceSeconds(problem, task, host));
    for (let e = graph.predStart[task]!; e < graph.predStart[task + 1]!; e++) {
      const input = graph.pred[e]!;
      ready = Math.max(ready, plan.finish[input]! + between(e, plan.host[input]! as HostId, host));
    }
    const time = aloneSeconds(problem, task, host, hosts.coresPerBuild[h]!);
    for (const slot of slots[h]!) {
      const start = slot.gap(ready, time);
      const idle = slot.idleBefore(start);
      // Of the slots of one host that end it equally soon, the one that leaves the smallest gap: the others stay whole.
      if (start + time > bestFinish || (start + time === bestFinish && (h !== bestHost || idle >= bestIdle))) continue;
      best = slot;
      bestHost = h;
      bestStart = start;
      bestFinish = start + time;
      bestIdle = idle;
    }
  }
  plan.host[task] = bestHost;
  plan.start[task] = bestStart;
  plan.finish[task] = bestFinish;
  best?.take(bestStart, bestFinish);
}

/** Its own sources come from the coordinator. */
function sourceSeconds(problem: Problem, task: TaskId, host: HostId): number {
  const bytes = problem.tasks.fetch[task] === 1 ? 0 : problem.tasks.sourceBytes[task]!;
  return bytes === 0 ? 0 : carrySeconds(problem, COORDINATOR, host, bytes);
}

/** One hop where inputs go straight to their consumer, two through the coordinator. */
function transferOf(problem: Problem): Between {
  const { graph, tasks, transport } = problem;
  return (edge, from, to) => {
    if (from === to) return 0;
    const own = graph.predBytes === null ? Number.NaN : graph.predBytes[edge]!;
    const bytes = own === own ? own : tasks.outputBytes[graph.pred[edge]!]!;
    if (bytes === 0) return 0;
    if (transport.route === "direct") return carrySeconds(problem, from, to, bytes);
    return carrySeconds(problem, from, COORDINATOR, bytes) + carrySeconds(problem, COORDINATOR, to, bytes);
  };
}

/** Mean over pairs of different slots; slots of one host exchange for nothing, one-slot hosts are plain processors. */
function meanTransfer(problem: Problem, between: Between): (edge: number) => number {
  const { hosts } = problem;
  const used = Array.from({ length: hosts.count }, (_, h) => h as HostId).filter((h) => hosts.maxJobs[h]! > 0);
  return (edge) => {
    let sum = 0;
    let pairs = 0;
    for (const a of used) {
      for (const b of used) {
        const weight = hosts.maxJobs[a]! * (a === b ? hosts.maxJobs[b]! - 1 : hosts.maxJobs[b]!);
        pairs += weight;
        if (a !== b) sum += weight * between(edge, a, b);
      }
    }
    return pairs === 0 ? 0 : sum / pairs;
  };
}
