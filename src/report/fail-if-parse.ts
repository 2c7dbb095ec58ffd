// Reads the condition of `--fail-if`: metric, policy in brackets, comparison, figure with its unit. Faults say at which
// character, and the nearest known name. Knows no results. Which metrics there are is a list of columns.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { quantity, unitsOf } from "#base/units.js";
import { type ColumnUnit, SUMMARY_COLUMNS, type SummaryColumn } from "./summary-columns.js";

export const COMPARISONS = ["<=", ">=", "<", ">"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a condition needs to know of a column: more than that is its owner's. */
export interface ConditionColumn {
  readonly name: string;
  readonly unit: ColumnUnit;
}

export type FailIf = Condition<SummaryColumn>;

export interface Condition<C extends ConditionColumn> {
  /** As written, for messages. */
  readonly text: string;
  readonly column: C;
  /** Null: the winner. */
  readonly policy: string | null;
  /** Null: every fleet on which the policy ran. */
  readonly fleet: string | null;
  readonly comparison: Comparison;
  /** In the unit of the column. */
  readonly threshold: number;
}

const SHAPE = /^(\s*)([A-Za-z_][\w.]*)(\s*\((.*)\))?(\s*)(<=|>=|<|>)(\s*)(.*?)\s*$/s;

/** Reads the condition; faults say at which character. */
export function parseFailIf(text: string): Result<FailIf> {
  return parseCondition(text, SUMMARY_COLUMNS);
}

/** The same with other columns. */
export function parseCondition<C extends ConditionColumn>(text: string, columns: readonly C[]): Result<Condition<C>> {
  const match = SHAPE.exec(text);
  if (match === null) return fail(misshapen(text));
  const [, lead, name, bracketed, inside, , comparison, , figure] = match as unknown as string[];
  const column = columns.find((one) => one.name === name);
  if (column === undefined) {
    const known = columns.map((one) => one.name);
    return fail(at(lead!.length, `no metric is called ${name}`, suggest(name!, known, known.length)));
  }
  const figureAt = text.trimEnd().length - figure!.length;
  const threshold = figureOf(figure!, column.unit);
  if (threshold === undefined) {
    return fail(
      at(figureAt, figure === "" ? `nothing to compare ${name} with` : `“${figure}” is no ${EXPECTED[column.unit]}`, HINTS[column.unit]),
    );
  }
  const who = bracketed === undefined ? null : inside!.trim();
  if (who === "") return fail(at(text.indexOf("("), "the brackets name no policy", `${name}(nix), or ${name} for the winner`));
  const [policy, fleet] = splitFleet(who);
  return ok({ text: text.trim(), column, policy, fleet, comparison: comparison as Comparison, threshold });
}

/** `nix[version=2.8]@small`: the last "@" outside brackets parts policy and fleet. */
function splitFleet(who: string | null): [string | null, string | null] {
  if (who === null) return [null, null];
  const at = who.lastIndexOf("@");
  if (at <= 0 || at < who.lastIndexOf("]")) return [who, null];
  return [who.slice(0, at).trim(), who.slice(at + 1).trim()];
}

function figureOf(text: string, unit: ColumnUnit): number | undefined {
  const negative = text.startsWith("-");
  const size = negative ? text.slice(1).trim() : text;
  const value = unit === "number" ? plain(size) : quantity(size, unit);
  return value === undefined || !negative ? value : -value;
}

function plain(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(text);
  if (match === null) return undefined;
  return match[2] === "%" ? Number(match[1]) / 100 : Number(match[1]);
}

const EXPECTED: Readonly<Record<ColumnUnit, string>> = { seconds: "time with a unit", bytes: "size with a unit", number: "number" };
const HINTS: Readonly<Record<ColumnUnit, string>> = {
  seconds: `for example 2 h or 90 min; units: ${unitsOf("seconds").join(", ")}`,
  bytes: `for example 4 GiB; units: ${unitsOf("bytes").join(", ")}`,
  number: "for example 1.0 or 95 %",
};

/** What is wrong with a text that is no comparison at all, as far left as it can be told. */
function misshapen(text: string): Fault {
  const example = "for example makespan.p95(nix) > 2 h";
  const name = /^\s*[A-Za-z_][\w.]*/.exec(text);
  if (name === null)
    return at(text.length - text.trimStart().length, text.trim() === "" ? "the condition is empty" : "a metric was expected", example);
  const rest = text.slice(name[0].length);
  if (/^\s*\(/.test(rest) && !rest.includes(")")) return at(text.length, "the bracket of the policy is never closed", example);
  const after = /^\s*(\(.*\))?\s*/s.exec(rest)!;
  return at(name[0].length + after[0].length, `one of ${COMPARISONS.join(" ")} was expected`, example);
}

function at(index: number, what: string, hint: string): Fault {
  return fault("usage", `--fail-if, character ${index + 1}`, what, hint);
}

/** Whether a figure crosses the condition. */
export function holds(value: number, comparison: Comparison, threshold: number): boolean {
  if (comparison === "<") return value < threshold;
  if (comparison === "<=") return value <= threshold;
  return comparison === ">" ? value > threshold : value >= threshold;
}
