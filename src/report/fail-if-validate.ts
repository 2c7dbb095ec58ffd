// `validate --fail-if 'error.worst > 10 %'`: a figure of all configurations together, or of the held-out ones where there
// are any ("held_out.inside < 90 %").
import type { Result } from "#base/fault.js";
import type { ValidateResult, ValidationSummary } from "#metrics/validation.js";
import { duration } from "#base/duration.js";
import { type Condition, type ConditionColumn, holds, parseCondition } from "./fail-if-parse.js";
import { percent } from "./figures.js";

interface ValidateColumn extends ConditionColumn {
  /** Null where it cannot be told: it never crosses. */
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
  { name, unit, value: ({ summary }: ValidateResult) => value(summary) },
  { name: `held_out.${name}`, unit, value: ({ heldOut }: ValidateResult) => (heldOut === null ? null : value(heldOut)) },
]);

export function parseValidateIf(text: string): Result<ValidateIf> {
  return parseCondition(text, COLUMNS);
}

/** The sentence that says so, or null. */
export function crossedBy({ text, column, comparison, threshold }: ValidateIf, result: ValidateResult): string | null {
  const value = column.value(result);
  if (value === null || !holds(value, comparison, threshold)) return null;
  return `${text}: crossed, it is ${column.unit === "seconds" ? duration(value) : percent(value)}`;
}
