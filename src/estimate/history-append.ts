// What is new among rows that are to be added to a history: a build that the history has (same package, version,
// system, host and instant) is not written again, so that one log may be imported twice.
import type { HistoryRow } from "./history-file.js";

export interface Addition {
  readonly fresh: readonly HistoryRow[];
  readonly known: number;
}

export function addition(rows: readonly HistoryRow[], history: readonly HistoryRow[]): Addition {
  const seen = new Set(history.map(keyOf));
  const fresh = rows.filter((row) => seen.size !== seen.add(keyOf(row)).size);
  return { fresh, known: rows.length - fresh.length };
}

function keyOf({ pname, version, system, host, at }: HistoryRow): string {
  return JSON.stringify([pname, version ?? null, system, host, at]);
}
