// What the user or the world got wrong, as a value. Texts live beside the check that makes them; the command line
// prints them and picks the exit code from `code`. Nothing here throws: a fault is returned.

/** Decides the exit code: usage and input are 2, unbuildable is 4, host is 5. */
export type FaultCode = "usage" | "input" | "unbuildable" | "host";

export interface Fault {
  readonly code: FaultCode;
  /** File with line and column, JSON path, or the name of the flag: `fleet.yaml:12:7 builders[1].cores`. */
  readonly where: string;
  /** What was found and what was expected, in one sentence. */
  readonly what: string;
  /** What to do about it: the nearest known name, an example. Empty when there is nothing to add. */
  readonly hint: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail<T>(...faults: Fault[]): Result<T> {
  return { ok: false, faults };
}

export function fault(code: FaultCode, where: string, what: string, hint = ""): Fault {
  return { code, where, what, hint };
}

/** The known name nearest to `name` (edit distance at most a third of its length), or "" when none is near. */
export function nearest(name: string, known: Iterable<string>): string {
  let best = "";
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** "did you mean X?" or "known: a, b, c" (at most `most` of them), for hints. */
export function suggest(name: string, known: readonly string[], most = 12): string {
  const near = nearest(name, known);
  if (near !== "") return `did you mean ${near}?`;
  if (known.length === 0) return "";
  const shown = known.slice(0, most).join(", ");
  return `known: ${shown}${known.length > most ? `, and ${known.length - most} more` : ""}`;
}

/** Levenshtein distance, given up (returns `limit`) once it cannot be below `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    if (Math.min(...next) >= limit) return limit;
    row = next;
  }
  return row[b.length]!;
}
