// What a report is made from: the comparison, and the winner's run in detail. Everything that a report prints or draws
// comes from here, so that a saved RUN renders to the same bytes again. Knows no files and no clock.
import type { Trace } from "#dispatch/trace.js";
import type { CompareResult, CriticalStep, RunResult } from "#metrics/result.js";
import type { Problem } from "#model/problem.js";
import type { Foretold } from "./foretold.js";

/** One run in full: of the winner, in the first world. */
export interface RunDetail {
  readonly run: RunResult;
  readonly problem: Problem;
  readonly trace: Trace;
  /** From 0 to the makespan, consecutive. */
  readonly critical: readonly CriticalStep[];
}

/** "What would help most": the same run on a fleet with one thing changed. */
export interface WhatIf {
  /** "one more kana", "riscv64-linux native on kana", "coordinator link 2.5 Gbit/s". */
  readonly label: string;
  /** Seconds. */
  readonly makespan: number;
  /** Own makespan ÷ the makespan without the change: below 1 helps. */
  readonly ratio: number;
}

/** How far simulated runs were from recorded ones, as `validate` found it. */
export interface ModelError {
  /** Mean of |simulated ÷ real − 1| of the makespan. */
  readonly makespan: number;
  /** Which recorded runs. */
  readonly source: string;
}

export interface ReportInput {
  readonly compare: CompareResult;
  /** Null: nothing was run in detail, and the sections that need it are left out. */
  readonly detail: RunDetail | null;
  /** In any order: the report sorts it. */
  readonly whatIf: readonly WhatIf[];
  /** Of a run that took place, what was said of it before; null: nothing took place. */
  readonly foretold: Foretold | null;
  /** Null: not validated, which the report says. */
  readonly modelError: ModelError | null;
}

/** A run on real hosts, alone: nobody wins, and nothing is left open by worlds. */
export function tookPlace({ foretold }: ReportInput): boolean {
  return foretold !== null;
}
