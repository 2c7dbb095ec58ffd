// The columns of summary.csv, which are also the metrics of --fail-if: name, unit and where the figure comes from. One
// table, so that a condition can name exactly what the file shows.
import type { Ranked } from "#metrics/result.js";

export type ColumnUnit = "seconds" | "bytes" | "number";

export interface SummaryColumn {
  readonly name: string;
  readonly unit: ColumnUnit;
  /** Null where the row has none: intervals of one world, ratios of the baseline to itself. */
  readonly value: (row: Ranked) => number | null;
}

export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  { name: "makespan.mean", unit: "seconds", value: (row) => row.makespan.mean },
  { name: "makespan.p5", unit: "seconds", value: (row) => row.makespan.p5 },
  { name: "makespan.p50", unit: "seconds", value: (row) => row.makespan.p50 },
  { name: "makespan.p95", unit: "seconds", value: (row) => row.makespan.p95 },
  { name: "makespan.min", unit: "seconds", value: (row) => row.makespan.min },
  { name: "makespan.max", unit: "seconds", value: (row) => row.makespan.max },
  { name: "makespan.low", unit: "seconds", value: (row) => row.interval?.low ?? null },
  { name: "makespan.high", unit: "seconds", value: (row) => row.interval?.high ?? null },
  { name: "ratio", unit: "number", value: (row) => row.ratio?.mean ?? null },
  { name: "ratio.low", unit: "number", value: (row) => row.ratio?.interval?.low ?? null },
  { name: "ratio.high", unit: "number", value: (row) => row.ratio?.interval?.high ?? null },
  { name: "inside_noise", unit: "number", value: (row) => (row.ratio === null ? null : Number(row.ratio.insideNoise)) },
  { name: "probability_best", unit: "number", value: (row) => row.probabilityBest },
  { name: "worlds_won", unit: "number", value: (row) => row.worldsWon },
  { name: "unbuilt", unit: "number", value: (row) => row.unbuilt },
  { name: "bound", unit: "seconds", value: (row) => row.ladder.bound },
  { name: "gap.order", unit: "seconds", value: (row) => row.ladder.order },
  { name: "gap.transfers", unit: "seconds", value: (row) => row.ladder.transfers },
  { name: "gap.estimates", unit: "seconds", value: (row) => row.ladder.estimates },
  { name: "gap.conduct", unit: "seconds", value: (row) => row.ladder.conduct },
  { name: "bound_ratio", unit: "number", value: (row) => row.boundRatio },
  { name: "utilization", unit: "number", value: (row) => row.utilization },
  { name: "bytes_moved", unit: "bytes", value: (row) => row.bytesMoved },
];

export const SUMMARY_NAMES: readonly string[] = SUMMARY_COLUMNS.map(({ name }) => name);
