// Rules apart from durations: a recorded run told again with its own durations must place its builds where they were, and take
// as long. What it misses the rules of the client have to answer for, or asks that came a hair before or after a slot was free.
import { type End, endOf, hostOf, type Observed } from "./observed.js";
import { medianOf } from "./validate-error.js";
import type { RulesFit } from "./validation.js";

/** `again`: by run, on its clock; null where it cannot be told again. Null where none can. `last`: how the end of a run is told. */
export function rulesFit(runs: readonly Observed[], again: readonly (Observed | null)[], last: End): RulesFit | null {
  const told = runs.flatMap((run, i) => (again[i] ? [{ run, again: again[i] }] : []));
  if (told.length === 0) return null;
  const builds = told.map(({ run, again }) => sameHosts(run, again));
  const errors = told.map(({ run, again }) => {
    const own = endOf(run, last);
    return own > 0 ? endOf(again, last) / own - 1 : 0;
  });
  return {
    builds: builds.reduce((sum, { all }) => sum + all, 0),
    same: builds.reduce((sum, { same }) => sum + same, 0),
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

function sameHosts(run: Observed, again: Observed): { readonly all: number; readonly same: number } {
  const built = [...run.rowOf.keys()].filter((task) => hostOf(run, task) >= 0);
  return { all: built.length, same: built.filter((task) => hostOf(run, task) === hostOf(again, task)).length };
}
