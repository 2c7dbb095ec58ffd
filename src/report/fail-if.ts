// `--fail-if 'makespan.p95(nix) > 2 h'` held against a result: one column of summary.csv compared with a figure. Without a
// policy it speaks of the winner; `policy@fleet` names one fleet, else any fleet that crosses counts. The command line owns
// the exit code (3 when crossed).
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { CompareResult, Ranked } from "#metrics/result.js";
import { duration } from "#base/duration.js";
import type { Comparison, FailIf } from "./fail-if-parse.js";
import { bytes } from "./figures.js";
import type { ColumnUnit } from "./summary-columns.js";
import { winnerOf } from "./verdict.js";

/** One door for both halves of the flag. */
export { type FailIf, parseFailIf } from "./fail-if-parse.js";

export interface FailIfOutcome {
  readonly crossed: boolean;
  /** "makespan.p95(nix) > 2 h: crossed, nix on book has 2 h 12 min". */
  readonly sentence: string;
}

/** Compares; a policy, fleet or figure that the result does not have is a fault. */
export function evaluateFailIf(condition: FailIf, compare: CompareResult): Result<FailIfOutcome> {
  const found = rowsOf(condition, compare);
  if (!found.ok) return found;
  const valued = found.value.map((row) => ({ row, value: condition.column.value(row) }));
  const missing = valued.find(({ value }) => value === null);
  if (missing !== undefined) return fail(noValue(condition, missing.row, compare));
  const crossed = valued.filter(({ value }) => holds(value!, condition.comparison, condition.threshold));
  const shown = (crossed[0] ?? valued[0])!;
  const name = compare.fleets.length > 1 ? `${shown.row.policy} on ${shown.row.fleet}` : shown.row.policy;
  const says = crossed.length > 0 ? "crossed" : "not crossed";
  return ok({
    crossed: crossed.length > 0,
    sentence: `${condition.text}: ${says}, ${name} has ${figureText(shown.value!, condition.column.unit)}`,
  });
}

function rowsOf({ policy, fleet }: FailIf, compare: CompareResult): Result<readonly Ranked[]> {
  if (policy === null) {
    const winner = winnerOf(compare);
    return winner === undefined ? fail(fault("usage", "--fail-if", "nothing was compared")) : ok([winner]);
  }
  const unknown = unknownName({ policy, fleet }, [...new Set(compare.ranking.map((row) => row.policy))], compare.fleets);
  if (unknown !== null) return fail(unknown);
  return ok(compare.ranking.filter((row) => row.policy === policy && (fleet === null || row.fleet === fleet)));
}

/** A policy or fleet that is not among those compared: known before anything is run. */
export function unknownName(
  { policy, fleet }: Pick<FailIf, "policy" | "fleet">,
  policies: readonly string[],
  fleets: readonly string[],
): Fault | null {
  if (policy !== null && !policies.includes(policy))
    return fault("usage", "--fail-if", `no policy ${policy} is compared`, suggest(policy, policies));
  if (fleet !== null && !fleets.includes(fleet))
    return fault("usage", "--fail-if", `no fleet ${fleet} is compared`, suggest(fleet, fleets));
  return null;
}

function noValue({ column }: FailIf, row: Ranked, compare: CompareResult): Fault {
  const why =
    column.name.startsWith("ratio") || column.name === "inside_noise"
      ? row.policy === compare.baseline
        ? `${row.policy} is the baseline, it has no ${column.name} to itself`
        : `${column.name} of ${row.policy} needs more than one world`
      : `${column.name} of ${row.policy} needs more than one world`;
  return fault(
    "usage",
    "--fail-if",
    why,
    row.policy === compare.baseline ? "name another policy, or another --baseline" : "give --seeds 2 or more",
  );
}

function holds(value: number, comparison: Comparison, threshold: number): boolean {
  if (comparison === "<") return value < threshold;
  if (comparison === "<=") return value <= threshold;
  return comparison === ">" ? value > threshold : value >= threshold;
}

function figureText(value: number, unit: ColumnUnit): string {
  if (unit === "seconds") return duration(value);
  return unit === "bytes" ? bytes(value) : String(Math.round(value * 1e4) / 1e4);
}
