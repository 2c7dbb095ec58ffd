// Orders of tasks, computed once from estimates: who goes first among the ready. Each is a column of keys, smaller
// first; ties go by name bytes, then key. Sources stand with each.
import type { HostId, TaskId } from "#base/units.js";
import { aloneSeconds, isAllowed, type Problem } from "#model/problem.js";
import type { Order } from "./queueing.js";

export const PRIORITIES = ["critical-path", "depth", "longest", "dependents", "name", "fifo"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Mean of the estimated seconds over the hosts that may build it: the usual rank on unequal processors. */
export function meanSeconds(problem: Problem): Float64Array {
  const { graph, hosts } = problem;
  const kinds = hostKinds(problem);
  const mean = new Float64Array(graph.count);
  for (let t = 0; t < graph.count; t++) {
    let sum = 0;
    let count = 0;
    for (const { first, like } of kinds) {
      if (!isAllowed(problem, t as TaskId, first)) continue;
      sum += like * aloneSeconds(problem, t as TaskId, first, hosts.coresPerBuild[first]!);
      count += like;
    }
    if (count > 0) mean[t] = sum / count;
  }
  return mean;
}

/** Hosts on which every build takes equally long, as their first and how many they are. */
function hostKinds({ hosts, demand }: Problem): { first: HostId; like: number }[] {
  const kinds = new Map<string, { first: HostId; like: number }>();
  for (let h = 0; h < hosts.count; h++) {
    if (hosts.maxJobs[h] === 0) continue;
    const parts: unknown[] = [hosts.cores[h], hosts.speed[h], hosts.coresPerBuild[h], hosts.memoryBytes[h], hosts.internet[h]];
    for (let c = 0; c < demand.classes; c++) parts.push(demand.slowdown[c * hosts.count + h], demand.denied[c * hosts.count + h]);
    if (demand.rows !== null) parts.push(h);
    const kind = kinds.get(parts.join());
    if (kind === undefined) kinds.set(parts.join(), { first: h as HostId, like: 1 });
    else kind.like++;
  }
  return [...kinds.values()];
}

/** Longest sum of `weight` from each task to an end, its own included; `between` is added per edge. Source: Hu 1961; Coffman 1976. */
export function upward(
  { graph }: Problem,
  weight: (task: number) => number,
  between: ((edge: number) => number) | null = null,
): Float64Array {
  const { count, pred, predStart } = graph;
  const rank = new Float64Array(count);
  for (let t = count - 1; t >= 0; t--) {
    const own = rank[t]! + weight(t);
    rank[t] = own;
    const end = predStart[t + 1]!;
    for (let e = predStart[t]!; e < end; e++) {
      const through = between === null ? own : own + between(e);
      if (through > rank[pred[e]!]!) rank[pred[e]!] = through;
    }
  }
  return rank;
}

const KEYS: Readonly<Record<Priority, (problem: Problem) => Float64Array>> = {
  /** Longest remaining chain of estimated seconds first. */
  "critical-path": (problem) => {
    const own = meanSeconds(problem);
    return negated(upward(problem, (t) => own[t]!));
  },
  /** Longest remaining chain of steps first, durations unknown: Hydra's WithCriticalPath. */
  depth: (problem) => negated(upward(problem, () => 1)),
  /** Longest estimated build first. Source: LPT, Graham 1969. */
  longest: (problem) => negated(meanSeconds(problem)),
  /** Most direct dependents first: Hydra's WithRdeps. */
  dependents: ({ graph }) => Float64Array.from({ length: graph.count }, (_, t) => graph.succStart[t]! - graph.succStart[t + 1]!),
  /** By name alone, as Nix within a wave. */
  name: ({ graph }) => new Float64Array(graph.count),
  /** First readied, first served. */
  fifo: ({ graph }) => new Float64Array(graph.count),
};

export function orderBy(problem: Problem, priority: Priority): Order {
  return { key: KEYS[priority](problem), tie: problem.graph.nameRank, stamped: priority === "fifo" };
}

/** In place: the column is the caller's own. */
function negated(column: Float64Array): Float64Array {
  for (let t = 0; t < column.length; t++) column[t] = -column[t]!;
  return column;
}
