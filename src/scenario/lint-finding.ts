// What one lint is given and what it says: the shapes and words that the lints of a fleet share.
import type { HostFile } from "#model/fleet-file.js";
import type { ProbedHost } from "#model/probed-host.js";

export interface LintFinding {
  /** An error makes builds fail or hang. */
  readonly severity: "error" | "warning";
  /** "" = the fleet as a whole. */
  readonly host: string;
  readonly what: string;
  readonly hint: string;
}

/** A host of the file and what was found out about it; null: it was not probed. */
export interface Pair {
  readonly host: HostFile;
  readonly probed: ProbedHost | null;
  readonly isCoordinator: boolean;
}

export type Lint = (pairs: readonly Pair[]) => readonly LintFinding[];

/** Of two figures for one thing, further apart than this factor. */
export const APART = 1.5;

export const warning = (host: string, what: string, hint: string): LintFinding => ({ severity: "warning", host, what, hint });

export const builders = (pairs: readonly Pair[]): readonly Pair[] => pairs.filter(({ isCoordinator }) => !isCoordinator);

export function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
