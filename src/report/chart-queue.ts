// What waited for a machine over time in the winner's run: the number of ready derivations that no slot had taken, stacked
// by system and required features.
import { type ChartSpec, chart, round4 } from "./chart-spec.js";
import { count, percent } from "./figures.js";
import { printable, shortened } from "./name-lines.js";
import { SERIES_COLORS } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { type QueueSeries, queueSeries } from "./series-queue.js";
import { timeUnit } from "./time-unit.js";

const BINS = 160;

export function queueChart({ detail }: ReportInput): ChartSpec | null {
  if (detail === null) return null;
  const series = queueSeries(detail.trace, detail.problem, BINS, SERIES_COLORS.length);
  if (series.labels.length === 0) return null;
  const last = series.bins - 1;
  const unit = timeUnit(detail.run.makespan);
  const labels = series.labels.map((label) => shortened(label, 44));
  const values = series.counts.flatMap((counts, k) =>
    Array.from([...counts, counts[last]!], (mean, bin) => ({
      kind: labels[k]!,
      order: k,
      at: round4((bin * series.binSeconds) / unit.seconds),
      count: round4(mean),
    })),
  );
  const end = round4((series.bins * series.binSeconds) / unit.seconds);
  return chart(
    {
      title: message(series, unit.seconds, unit.label),
      subtitle: `${printable(detail.run.policy)}, first world. Derivations ready and not yet asked for, by system and required features; means over ${BINS} equal bins.`,
    },
    {
      data: { values },
      width: 700,
      height: 220,
      mark: { type: "area", interpolate: "step-after" },
      encoding: {
        x: { field: "at", type: "quantitative", title: `time, ${unit.label}`, scale: { domain: [0, end], nice: false } },
        y: { field: "count", type: "quantitative", stack: "zero", title: "ready derivations" },
        color: {
          field: "kind",
          type: "nominal",
          title: null,
          scale: { domain: labels, range: SERIES_COLORS.slice(0, labels.length) },
          legend: { columns: 2 },
        },
        order: { field: "order", type: "ordinal" },
      },
    },
  );
}

function message({ labels, counts, bins, binSeconds }: QueueSeries, unit: number, unitLabel: string): string {
  let worst = 0;
  let most = 0;
  for (let bin = 0; bin < bins; bin++) {
    const total = counts.reduce((sum, one) => sum + one[bin]!, 0);
    if (total > most) {
      most = total;
      worst = bin;
    }
  }
  if (most < 0.5) return "Hardly anything ever waited for a slot";
  const at = `${round1((worst * binSeconds) / unit)} ${unitLabel}`;
  const head = `The queue is longest at ${at}: ${count(most)} derivations wait for a slot`;
  if (labels.length === 1) return head;
  const largest = counts.reduce((a, b, k) => (b[worst]! > counts[a]![worst]! ? k : a), 0);
  const share = counts[largest]![worst]!;
  return `${head}, ${share > 0.99 * most ? "all" : `${percent(share / most)} of them`} ${shortened(labels[largest]!, 44)}`;
}

function round1(value: number): string {
  return (Math.round(value * 10) / 10).toFixed(value < 10 ? 1 : 0);
}
