// Rules apart from durations: a recorded run told again with its own durations must place its builds where they were, and take
// as long. What it misses the rules of the client have to answer for, or asks that came a hair before or after a slot was free.
import type { Trace } from "#dispatch/trace.js";
import { medianOf } from "./validate-error.js";
import type { RulesFit } from "./validation.js";

/** `retold`: by recording; null where it cannot be told again. Null where none can. */
export function rulesFit(recorded: readonly Trace[], retold: readonly (Trace | null)[]): RulesFit | null {
  const told = recorded.flatMap((real, i) => (retold[i] ? [{ real, again: retold[i] }] : []));
  if (told.length === 0) return null;
  const errors = told.map(({ real, again }) => (real.makespan > 0 ? again.makespan / real.makespan - 1 : 0));
  return {
    builds: told.reduce((sum, { real }) => sum + real.rows, 0),
    same: told.reduce((sum, { real, again }) => sum + sameHosts(real, again), 0),
    errors,
  };
}

export function rulesSum(fits: readonly (RulesFit | null)[]): RulesFit | null {
  const known = fits.filter((fit) => fit !== null);
  if (known.length === 0) return null;
  const sum = (value: (fit: RulesFit) => number): number => known.reduce((all, fit) => all + value(fit), 0);
  return { builds: sum(({ builds }) => builds), same: sum(({ same }) => same), errors: known.flatMap(({ errors }) => errors) };
}

/** Of |error|. */
export function rulesError({ errors }: RulesFit): { readonly p50: number; readonly worst: number } {
  const sizes = errors.map(Math.abs);
  return { p50: medianOf(sizes), worst: Math.max(...sizes) };
}

function sameHosts(real: Trace, again: Trace): number {
  const host = new Map(Array.from({ length: again.rows }, (_, row) => [again.task[row]!, again.host[row]!]));
  let same = 0;
  for (let row = 0; row < real.rows; row++) if (host.get(real.task[row]!) === real.host[row]) same++;
  return same;
}
