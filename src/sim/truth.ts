// What really happens against what a policy believes. Truth: each duration is drawn around its median with the spread of its
// source, by (seed, node key), each assumed slowdown and each calibrated figure by (seed, host), so all policies meet the same
// world. Belief: what the estimates say of that truth.
// Source of the spread: src/estimate/prior; of that of hosts: host-truth.ts.
import { drawFactor } from "#base/random.js";
import { hostsIn, placeOf } from "./host-truth.js";
import type { Problem } from "#model/problem.js";
import type { Tasks } from "#model/tasks.js";

export type Estimates =
  | { readonly kind: "default" | "exact" | "history" | "mean" | "blind" }
  | { readonly kind: "noisy"; readonly cv: number };

/** The problem with the durations of world `seed`. */
export function truthOf(base: Problem, seed: number): Problem {
  const { tasks, graph } = base;
  const emulated = withSlowdowns(
    base.hosts.uncertain === null ? base : { ...base, hosts: hostsIn(base.hosts, base.hosts.uncertain, seed) },
    seed,
  );
  if (!tasks.cv.some((cv) => cv > 0)) return emulated;
  return scaled(emulated, (t) => drawFactor(seed, "duration", graph.keys[t]!, tasks.cv[t]!));
}

/**
 * A slowdown that is not known for certain is drawn: once per host, or machine that hosts share, and system, so that a slow emulator is slow at
 * every kind of work, each with its own spread. It never makes anything faster than native.
 */
function withSlowdowns(base: Problem, seed: number): Problem {
  const { demand, hosts } = base;
  const { slowdownCv } = demand;
  if (slowdownCv === null) return base;
  const slowdown = demand.slowdown.map((median, cell) => {
    if (slowdownCv[cell] === 0) return median;
    const key = `${placeOf(hosts, cell % demand.hosts)} ${demand.systems[Math.floor(cell / demand.hosts)]!}`;
    return Math.max(1, median * drawFactor(seed, "slowdown", key, slowdownCv[cell]!));
  });
  return { ...base, demand: { ...demand, slowdown } };
}

/** The problem as a policy sees it. */
export function beliefOf(base: Problem, truth: Problem, estimates: Estimates, seed: number): Problem {
  switch (estimates.kind) {
    case "default":
    case "history":
      return base;
    case "exact":
      return truth;
    case "noisy":
      return scaled(unmeasured(truth, base), (t) => drawFactor(seed, "estimate", truth.graph.keys[t]!, estimates.cv));
    case "mean":
      return leveled(unmeasured(truth, base), (work) => work.reduce((sum, w) => sum + w, 0) / Math.max(1, work.length));
    case "blind":
      return leveled(unmeasured(truth, base), () => 1);
  }
}

/** These estimates are of durations: of a host's figure or a slowdown that was drawn nobody knows more than its median. */
function unmeasured(truth: Problem, base: Problem): Problem {
  const { hosts, demand } = base;
  if (hosts.uncertain === null && demand.slowdownCv === null) return truth;
  return { ...truth, hosts, demand: { ...truth.demand, slowdown: demand.slowdown } };
}

function scaled(problem: Problem, factorOf: (task: number) => number): Problem {
  const { tasks, demand } = problem;
  const factors = Float64Array.from({ length: problem.graph.count }, (_, t) => factorOf(t));
  const times = (column: Float64Array): Float64Array => column.map((value, t) => value * factors[t]!);
  const rows = demand.rows;
  const scaledRows =
    rows === null ? null : { ...rows, rowSeconds: rows.rowSeconds.map((value, r) => value * factors[taskOfRow(rows.rowStart, r)]!) };
  return {
    ...problem,
    tasks: { ...tasks, work: times(tasks.work), seconds: times(tasks.seconds) },
    demand: { ...demand, rows: scaledRows },
  };
}

function taskOfRow(rowStart: Int32Array, row: number): number {
  let low = 0;
  let high = rowStart.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rowStart[middle]! <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** Every build looks the same to the policy: one figure for all that are no fetches. */
function leveled(problem: Problem, figure: (known: number[]) => number): Problem {
  const { tasks, demand } = problem;
  const level = (column: Float64Array): Float64Array => {
    const known = [...column].filter((value, t) => value === value && tasks.fetch[t] === 0);
    const value = figure(known);
    return column.map((own, t) => (own === own && tasks.fetch[t] === 0 ? value : own));
  };
  const leveledTasks: Tasks = { ...tasks, work: level(tasks.work), seconds: level(tasks.seconds) };
  if (demand.rows === null) return { ...problem, tasks: leveledTasks };
  const mean = figure([...demand.rows.rowSeconds]);
  return {
    ...problem,
    tasks: leveledTasks,
    demand: { ...demand, rows: { ...demand.rows, rowSeconds: demand.rows.rowSeconds.map(() => mean) } },
  };
}
