// What is new among rows that are to be added to a history. A build that it has (same package, version, system, host,
// instant and duration) is not written again, so one log may be imported twice; a duration that its record leaves open between bounds
// is wanted only while nothing better is known of that package: it still beats any guess.
import type { HistoryRow } from "./history-file.js";

/** Key of a row whose seconds lie between these bounds. */
export const OPEN = "x-between";

export interface Addition {
  readonly fresh: readonly HistoryRow[];
  readonly known: number;
  /** Rows left open that exact ones replace. */
  readonly outdone: number;
}

export function addition(rows: readonly HistoryRow[], history: readonly HistoryRow[]): Addition {
  const exact = new Set([...history, ...rows].filter((row) => !(OPEN in row)).map(packageOf));
  const seen = new Set(history.map(keyOf));
  const wanted = rows.filter((row) => !(OPEN in row) || !exact.has(packageOf(row)));
  const fresh = wanted.filter((row) => seen.size !== seen.add(keyOf(row)).size);
  return { fresh, known: wanted.length - fresh.length, outdone: rows.length - wanted.length };
}

/** Records of some formats have whole seconds, or no instant at all: the duration tells builds of one instant apart. */
function keyOf({ pname, version, system, host, at, seconds }: HistoryRow): string {
  return JSON.stringify([pname, version ?? null, system, host, at, seconds]);
}

function packageOf({ pname, system }: HistoryRow): string {
  return JSON.stringify([pname, system]);
}
