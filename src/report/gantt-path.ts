// The critical path in a Gantt picture: which builds are outlined, and the lines that join them, lane to lane and along a
// lane where the path only waits. A very long path keeps its longest builds and loses its lines: they would hide the rest.
import type { CriticalStep } from "#metrics/result.js";

const OUTLINES_MAX = 1000;

export interface GanttPath {
  /** Rows of the builds to outline. */
  readonly rows: ReadonlySet<number>;
  /** False: only the longest builds are outlined, and nothing is joined. */
  readonly whole: boolean;
}

export function ganttPath(critical: readonly CriticalStep[]): GanttPath {
  const builds = critical.filter(({ phase }) => phase === "build");
  if (builds.length <= OUTLINES_MAX) return { rows: new Set(builds.map(({ row }) => row)), whole: true };
  const longest = [...builds].sort((a, b) => b.to - b.from - (a.to - a.from) || a.row - b.row).slice(0, OUTLINES_MAX);
  return { rows: new Set(longest.map(({ row }) => row)), whole: false };
}

/** Seconds across, pixels down. */
export interface Joint {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly y2: number;
}

/** `middle`: pixels of the lane of a row, NaN where it is not drawn. */
export function joints(critical: readonly CriticalStep[], middle: (row: number) => number): Joint[] {
  return critical.flatMap((step, k) => {
    const y2 = middle(step.row);
    const y = k === 0 ? y2 : middle(critical[k - 1]!.row);
    if (Number.isNaN(y) || Number.isNaN(y2)) return [];
    const across = y === y2 ? [] : [{ from: step.from, to: step.from, y, y2 }];
    const along = step.phase === "wait" ? [{ from: step.from, to: step.to, y: y2, y2 }] : [];
    return [...across, ...along];
  });
}
