// Who wins and by how much: a dot per policy at its mean makespan, its interval as a thick bar, the worlds' 5–95 % range as
// a thin one, the baseline as a hollow dot, the proven lower bound as a dashed rule. One panel per fleet.
import type { Ranked } from "#metrics/result.js";
import { CHART_ROOM, type ChartSpec, chart, NAME_AXIS, round4 } from "./chart-spec.js";
import { plural } from "./figures.js";
import { duration } from "#base/duration.js";
import { axisLabels, printable } from "./name-lines.js";
import { INK, INK_SOFT } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { textWidth } from "./text-width.js";
import { timeUnit } from "./time-unit.js";
import { headline } from "./verdict.js";

export function rankingChart({ compare }: ReportInput): ChartSpec | null {
  const { ranking, fleets, baseline, seeds } = compare;
  if (ranking.length === 0) return null;
  const unit = timeUnit(Math.max(...ranking.map((row) => Math.max(row.makespan.mean, row.makespan.p95))));
  const names = [...new Set(ranking.map((row) => row.policy))];
  const labels = axisLabels(names, 28);
  const labelOf = new Map(names.map((name, i) => [name, labels[i]!]));
  const x = (field: string) => ({ field, type: "quantitative", title: `makespan, ${unit.label}`, scale: { zero: false, nice: true } });
  const y = {
    field: "policy",
    type: "nominal",
    sort: null,
    title: null,
    axis: { ...NAME_AXIS, grid: true },
  };
  const panels = axisLabels(fleets, 80, 1);
  const values = ranking.map((row) => ({
    fleet: panels[fleets.indexOf(row.fleet)]!,
    policy: labelOf.get(row.policy)!,
    role: row.policy === baseline ? "baseline" : "other",
    mean: round4(row.makespan.mean / unit.seconds),
    p5: round4(row.makespan.p5 / unit.seconds),
    p95: round4(row.makespan.p95 / unit.seconds),
    low: round4((row.interval?.low ?? row.makespan.mean) / unit.seconds),
    high: round4((row.interval?.high ?? row.makespan.mean) / unit.seconds),
    bound: round4(row.ladder.bound / unit.seconds),
    says: `${duration(row.makespan.mean)}${row.ratio === null ? "" : row.ratio.insideNoise ? " ≈" : ""}`,
  }));
  const labelWidth = Math.max(...labels.flatMap((label) => label.split("\n")).map((line) => textWidth(line, 11)));
  const layer = [
    { mark: { type: "rule", strokeDash: [4, 3], color: INK_SOFT, strokeWidth: 1.5 }, encoding: { x: { ...x("bound"), aggregate: "min" } } },
    { mark: { type: "bar", height: 7, color: "#8ecdf2" }, encoding: { x: x("low"), x2: { field: "high" }, y } },
    { mark: { type: "rule", color: "#0072b2", strokeWidth: 1.5 }, encoding: { x: x("p5"), x2: { field: "p95" }, y } },
    {
      mark: { type: "point", size: 75, filled: true, opacity: 1, stroke: INK, strokeWidth: 1.5 },
      encoding: {
        x: x("mean"),
        y,
        fill: { field: "role", type: "nominal", scale: { domain: ["other", "baseline"], range: ["#0072b2", "#ffffff"] }, legend: null },
      },
    },
    {
      mark: { type: "text", align: "left", baseline: "bottom", dy: -6, fontSize: 10.5 },
      encoding: { x: x("mean"), y, text: { field: "says" } },
    },
  ];
  const rowHeight = 16 + 13 * Math.max(...labels.map((label) => label.split("\n").length));
  const panel = { width: Math.round(CHART_ROOM - labelWidth - 60), height: { step: Math.max(34, rowHeight) }, layer };
  const heading = { title: headline(compare), subtitle: howToRead(ranking, seeds.length, baseline) };
  if (fleets.length === 1) return chart(heading, { data: { values }, ...panel });
  return chart(heading, {
    data: { values },
    facet: { field: "fleet", type: "nominal", sort: panels, title: null },
    columns: 1,
    spec: panel,
    resolve: { scale: { y: "independent" } },
  });
}

function howToRead(ranking: readonly Ranked[], worlds: number, baseline: string): string {
  const parts = [`Dot: mean makespan over ${plural(worlds, "world")}.`];
  if (worlds > 1) {
    if (ranking.some((row) => row.interval !== null)) parts.push("Thick bar: 95 % interval of the mean.");
    parts.push("Thin line: 5–95 % of the worlds.");
  } else parts.push("One world, no interval.");
  if (ranking.some((row) => row.policy === baseline)) parts.push(`Hollow: the baseline, ${printable(baseline)}.`);
  if (ranking.some((row) => row.ratio?.insideNoise === true)) parts.push("≈: not told apart from the baseline.");
  parts.push("Dashed: lower bound, which no schedule can beat.");
  return parts.join(" ");
}
