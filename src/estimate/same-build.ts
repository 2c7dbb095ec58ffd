// Which row of a history is the same build as another row. Records with exact instants tell by them: nobody else ended in that microsecond
// after as long, whatever host or system was assumed at the time. Records of whole seconds need the host too, and those without an
// instant everything. Each row of a history is one build, so it is found once.
import type { HistoryRow } from "./history-file.js";

/** Finds the index of the row of the same build that was not found before. */
export function sameBuilds(history: readonly HistoryRow[]): (row: HistoryRow) => number | undefined {
  const byTime = new Map<string, number[]>();
  for (const [i, row] of history.entries()) {
    const there = byTime.get(timeOf(row));
    if (there === undefined) byTime.set(timeOf(row), [i]);
    else there.push(i);
  }
  return (row) => {
    const there = byTime.get(timeOf(row)) ?? [];
    const equal = there.findIndex((i) => isEqual(history[i]!, row));
    const at = equal >= 0 ? equal : there.findIndex((i) => isSame(history[i]!, row));
    return at < 0 ? undefined : there.splice(at, 1)[0];
  };
}

function timeOf({ at, seconds }: HistoryRow): string {
  return `${at} ${seconds}`;
}

function isEqual(a: HistoryRow, b: HistoryRow): boolean {
  return a.pname === b.pname && a.version === b.version && a.system === b.system && a.host === b.host;
}

function isSame(a: HistoryRow, b: HistoryRow): boolean {
  if (!Number.isInteger(a.at)) return isEnding(a.pname, b.pname) || isEnding(b.pname, a.pname);
  return a.at !== 0 && a.host === b.host && a.pname === b.pname && a.version === b.version;
}

/** A graph may call `numpy` what a log can only call `python3.8-numpy`. */
function isEnding(short: string, long: string): boolean {
  return long === short || long.endsWith(`-${short}`);
}
