// Predicted against actual, a point per real run: its time across, the predicted median up, a line over the predicted
// 5–95 %. On the diagonal the prediction was right; orange ended outside its interval.
import { accuracyOf, type Foretold, isInside } from "#metrics/accuracy.js";
import { CHART_ROOM, type ChartSpec, chart, round4 } from "./chart-spec.js";
import { percent, plural } from "./figures.js";
import { INK_SOFT } from "./palette.js";
import { timeUnit } from "./time-unit.js";

const SIZE = Math.min(460, CHART_ROOM);

export function ledgerChart(runs: readonly Foretold[]): ChartSpec {
  const longest = Math.max(...runs.flatMap(({ predicted, actual }) => [predicted.high, predicted.median, actual]));
  const unit = timeUnit(longest);
  const at = (seconds: number): number => round4(seconds / unit.seconds);
  const values = runs.map((one) => ({
    run: one.run,
    actual: at(one.actual),
    median: at(one.predicted.median),
    low: at(one.predicted.low),
    high: at(one.predicted.high),
    where: isInside(one) ? "inside 5–95 %" : "outside",
  }));
  const scale = { domain: [0, round4((longest * 1.05) / unit.seconds)], nice: false };
  const axis = (field: string, title: string) => ({ field, type: "quantitative", title: `${title}, ${unit.label}`, scale });
  const color = {
    field: "where",
    type: "nominal",
    title: null,
    scale: { domain: ["inside 5–95 %", "outside"], range: ["#0072b2", "#e69f00"] },
  };
  const { error, inside } = accuracyOf(runs);
  const heading = {
    title: `Predictions miss real runs by ${percent(error.p50)} (median of ${plural(runs.length, "run")}), by ${percent(error.worst)} at worst`,
    subtitle: `A point per run: actual time across, predicted median up; the line is the predicted 5–95 %. Dashed: where the prediction is right. ${inside} of ${plural(runs.length, "run")} ended inside 5–95 %.`,
  };
  return chart(heading, {
    width: SIZE,
    height: SIZE,
    data: { values },
    layer: [
      {
        data: { values: scale.domain.map((end) => ({ end })) },
        mark: { type: "line", strokeDash: [4, 3], color: INK_SOFT, strokeWidth: 1 },
        encoding: { x: { field: "end", type: "quantitative", scale }, y: { field: "end", type: "quantitative", scale } },
      },
      {
        mark: { type: "rule", strokeWidth: 1.5, opacity: 0.5 },
        encoding: { x: axis("actual", "actual"), y: axis("low", "predicted"), y2: { field: "high" }, color },
      },
      {
        mark: { type: "point", filled: true, size: 40, opacity: 0.85 },
        encoding: { x: axis("actual", "actual"), y: axis("median", "predicted"), color },
      },
    ],
  });
}
