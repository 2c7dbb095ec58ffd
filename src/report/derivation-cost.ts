// The longest and the costliest derivations of a run: wall seconds from asked to free again, and core-seconds of CPU, over
// all attempts. Where the trace has no CPU, nothing is costly. Ties end in name bytes, then key, as everywhere.
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { isGuessed, PROVENANCES } from "#model/tasks.js";
import { lanes, phasesOf } from "./lanes.js";
import { classLabel } from "./series-queue.js";

export interface DerivationCost {
  readonly name: string;
  /** System and features. */
  readonly kind: string;
  /** Host of its last attempt. */
  readonly host: string;
  readonly attempts: number;
  /** Slot-seconds over all attempts. */
  readonly held: number;
  /** Seconds in which builders ran. */
  readonly building: number;
  readonly coreSeconds: number;
  readonly bytesIn: number;
  readonly provenance: string;
  readonly guessed: boolean;
}

export interface CostLists {
  /** By `held`, longest first. */
  readonly longest: readonly DerivationCost[];
  /** By `coreSeconds`, most first. */
  readonly costliest: readonly DerivationCost[];
}

export function derivationCosts(trace: Trace, problem: Problem, most: number): CostLists {
  const { count } = problem.graph;
  const held = new Float64Array(count);
  const building = new Float64Array(count);
  const cpu = new Float64Array(count);
  const bytes = new Float64Array(count);
  const attempts = new Int32Array(count);
  const host = new Int32Array(count).fill(-1);
  for (const bar of lanes(trace, problem)) {
    const task = trace.task[bar.row]!;
    held[task]! += bar.to - bar.from;
    for (const phase of phasesOf(trace, bar)) if (phase.part === "building") building[task]! += phase.to - phase.from;
    cpu[task]! += known(trace.coreSeconds[bar.row]!);
    bytes[task]! += known(trace.bytesIn[bar.row]!);
    attempts[task]!++;
  }
  for (let row = 0; row < trace.rows; row++) host[trace.task[row]!] = trace.host[row]!;

  const costOf = (task: number): DerivationCost => ({
    name: problem.graph.names[task]!,
    kind: classLabel(problem, task),
    host: problem.hosts.names[host[task]!] ?? "",
    attempts: attempts[task]!,
    held: held[task]! / 1e6,
    building: building[task]! / 1e6,
    coreSeconds: cpu[task]!,
    bytesIn: bytes[task]!,
    provenance: PROVENANCES[problem.tasks.provenance[task]!]!,
    guessed: isGuessed(problem.tasks.provenance[task]!),
  });
  const top = (column: Float64Array): DerivationCost[] =>
    Array.from({ length: count }, (_, task) => task)
      .filter((task) => column[task]! > 0)
      .sort((a, b) => column[b]! - column[a]! || problem.graph.nameRank[a]! - problem.graph.nameRank[b]!)
      .slice(0, most)
      .map(costOf);
  return { longest: top(held), costliest: top(cpu) };
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
