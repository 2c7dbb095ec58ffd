// `validate --fail-if 'error.worst > 10 %'`: a figure of all configurations together, or of the held-out ones where there
// are any ("held_out.inside < 90 %").
import type { Result } from "#base/fault.js";
import type { ValidateResult, ValidationSummary } from "#metrics/validation.js";
import { duration } from "#base/duration.js";
import { type Condition, type ConditionColumn, holds, parseCondition } from "./fail-if-parse.js";
import { percent } from "./figures.js";

interface ValidateColumn extends ConditionColumn {
  readonly ofHeldOut: boolean;
  /** Null where it cannot be told. */
  readonly value: (result: ValidateResult) => number | null;
}

export type ValidateIf = Condition<ValidateColumn>;

type Figure = readonly [name: string, unit: "seconds" | "number", value: (summary: ValidationSummary) => number | null];

const FIGURES: readonly Figure[] = [
  ["error.p50", "number", ({ error }) => error.p50],
  ["error.worst", "number", ({ error }) => error.worst],
  ["missed", "number", ({ misses, configurations }) => misses.beyond / configurations],
  ["inside", "number", ({ inside, runs }) => inside / runs],
  ["width", "number", ({ width }) => width],
  ["score", "number", ({ score }) => score],
  ["same_host", "number", ({ placement }) => (placement.agreed === 0 ? null : placement.same / placement.agreed)],
  ["likely_host", "number", ({ placement }) => (placement.split === 0 ? null : placement.likely / placement.split)],
  ["start.p50", "seconds", ({ start }) => start?.p50 ?? null],
  ["start.p90", "seconds", ({ start }) => start?.p90 ?? null],
  ["same_order", "number", ({ order }) => (order.pairs === 0 ? null : order.same / order.pairs)],
  ["first_asks", "number", ({ firstWave }) => (firstWave === null ? null : firstWave.same / firstWave.runs)],
  ["noise.p50", "number", ({ noise }) => noise?.p50 ?? null],
];

const COLUMNS: readonly ValidateColumn[] = FIGURES.flatMap(([name, unit, value]) => [
  { name, unit, ofHeldOut: false, value: ({ summary }: ValidateResult) => value(summary) },
  { name: `held_out.${name}`, unit, ofHeldOut: true, value: ({ heldOut }: ValidateResult) => (heldOut === null ? null : value(heldOut)) },
]);

export function parseValidateIf(text: string): Result<ValidateIf> {
  return parseCondition(text, COLUMNS);
}

export interface Judged {
  readonly crossed: boolean;
  /** What is to be said of it; null: nothing. */
  readonly sentence: string | null;
}

export function judgedBy({ text, column, comparison, threshold }: ValidateIf, result: ValidateResult): Judged {
  const value = column.value(result);
  if (value === null) return { crossed: false, sentence: `${text}: not crossed, these runs do not tell it` };
  if (!holds(value, comparison, threshold)) return { crossed: false, sentence: null };
  return { crossed: true, sentence: `${text}: crossed, it is ${column.unit === "seconds" ? duration(value) : percent(value)}` };
}
