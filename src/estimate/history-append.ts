// What rows that are to be added to a history change in it. A build that it has is not written again, so one log may be imported twice; but
// what is known better of it now, because a graph or a fleet tells what was assumed before, replaces the assumption. A duration that
// its record leaves open between bounds is wanted only while nothing better is known of that package: it still beats any guess.
import type { HistoryRow } from "./history-file.js";
import type { Basis, HistoryRows } from "./history-rows.js";
import { sameBuilds } from "./same-build.js";

/** Key of a row whose seconds lie between these bounds. */
export const OPEN = "x-between";

export interface Addition {
  readonly fresh: readonly HistoryRow[];
  readonly known: number;
  /** By index in the history: the row as it is known now. */
  readonly better: ReadonlyMap<number, HistoryRow>;
  /** Rows left open that exact ones replace. */
  readonly outdone: number;
}

export function addition({ rows, bases }: Pick<HistoryRows, "rows" | "bases">, history: readonly HistoryRow[]): Addition {
  const exact = new Set([...history, ...rows].filter((row) => !(OPEN in row)).map(packageOf));
  const isWanted = (row: HistoryRow) => !(OPEN in row) || !exact.has(packageOf(row));
  const sameOf = sameBuilds(history);
  const seen = new Set<string>();
  const fresh: HistoryRow[] = [];
  const better = new Map<number, HistoryRow>();
  let [known, outdone] = [0, 0];
  for (const [i, row] of rows.entries()) {
    const same = sameOf(row);
    const key = keyOf(row);
    const isAgain = seen.has(key);
    seen.add(key);
    const merged = same === undefined ? undefined : knownBetter(history[same]!, row, bases[i]!);
    if (merged !== undefined) better.set(same!, merged);
    else if (!isWanted(row)) outdone++;
    else if (same !== undefined || isAgain) known++;
    else fresh.push(row);
  }
  return { fresh, known, better, outdone };
}

/** What the history says, with what the new row knows and does not assume; undefined where that is nothing new. */
function knownBetter(old: HistoryRow, row: HistoryRow, { package: isNamed, host }: Basis): HistoryRow | undefined {
  const { pname, version, system } = isNamed ? row : old;
  const emulated = host === undefined ? old.emulated : typeof host.systems[system] === "object";
  const { host: name, cores, workCoreSeconds } = host === undefined ? old : row;
  const merged = {
    ...old,
    pname,
    ...(version !== undefined && { version }),
    system,
    host: name,
    emulated,
    cores,
    ...(workCoreSeconds !== undefined && !emulated && { workCoreSeconds }),
  };
  return JSON.stringify(merged) === JSON.stringify(old) ? undefined : merged;
}

/** Records of some formats have whole seconds, or no instant at all: the duration tells builds of one instant apart. */
function keyOf({ pname, version, system, host, at, seconds }: HistoryRow): string {
  return JSON.stringify([pname, version ?? null, system, host, at, seconds]);
}

function packageOf({ pname, system }: HistoryRow): string {
  return JSON.stringify([pname, system]);
}
