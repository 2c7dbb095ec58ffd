// Predicted against actual: a point per build and repetition, its real start and end across, the simulated median up, a
// thin line from 5 to 95 % of the worlds. On the diagonal the simulation was right. One panel per configuration.
import type { ValidateResult, Validation } from "#metrics/validation.js";
import { CHART_ROOM, type ChartSpec, chart, round4 } from "./chart-spec.js";
import { percent, plural } from "./figures.js";
import { axisLabels } from "./name-lines.js";
import { INK_SOFT } from "./palette.js";
import { timeUnit } from "./time-unit.js";

const COLUMNS_MAX = 3;
const SPACING = 22;
const AXIS = 48;

export function validateChart({ configurations, summary }: ValidateResult): ChartSpec {
  const longest = Math.max(...configurations.flatMap(({ simulated, runs }) => [simulated.p95, ...runs.map(({ makespan }) => makespan)]));
  const unit = timeUnit(longest);
  const columns = Math.min(COLUMNS_MAX, configurations.length);
  const size = Math.min(460, Math.floor((CHART_ROOM - AXIS - (columns - 1) * SPACING) / columns));
  const panels = axisLabels(
    configurations.map(({ name }) => name),
    Math.floor(size / 7),
    2,
  );
  const values = configurations.flatMap((one, i) => points(one, panels[i]!, unit.seconds));
  const domain = [0, round4(longest / unit.seconds)];
  const scale = { domain, nice: false };
  const x = (title: string | null) => ({ field: "real", type: "quantitative", title, scale });
  const y = (field: string) => ({ field, type: "quantitative", title: `simulated, ${unit.label}`, scale });
  const color = {
    field: "what",
    type: "nominal",
    title: null,
    scale: { domain: ["start", "end"], range: ["#0072b2", "#e69f00"] },
    legend: { symbolOpacity: 1 },
  };
  const layer = [
    {
      data: { values: [{ at: domain[0] }, { at: domain[1] }] },
      mark: { type: "line", strokeDash: [4, 3], color: INK_SOFT, strokeWidth: 1 },
      encoding: { x: { field: "at", type: "quantitative", scale }, y: { field: "at", type: "quantitative", scale } },
    },
    {
      mark: { type: "rule", strokeWidth: 1, opacity: 0.35, clip: true },
      encoding: { x: x(`real, ${unit.label}`), y: y("low"), y2: { field: "high" }, color },
    },
    {
      mark: { type: "point", filled: true, size: configurations.length === 1 ? 26 : 12, opacity: 0.75, clip: true },
      encoding: { x: x(`real, ${unit.label}`), y: y("simulated"), color },
    },
  ];
  const heading = {
    title: `The simulated makespan misses the real one by ${percent(summary.error.p50)} (median of ${plural(summary.runs, "run")}), by ${percent(summary.error.worst)} at worst`,
    subtitle: `A point per build and repetition: real time across, median of the worlds up. Thin line: 5–95 % of the worlds. Dashed: where the simulation is right. ${summary.inside} of ${plural(summary.runs, "run")} end inside the simulated 5–95 %.`,
  };
  const panel = { width: size, height: size, layer };
  return chart(heading, {
    data: { values },
    facet: { field: "panel", type: "nominal", sort: panels, title: null, header: { labelFontSize: 11, labelPadding: 4 } },
    columns,
    spacing: SPACING,
    spec: panel,
  });
}

function points({ builds }: Validation, panel: string, seconds: number): Record<string, string | number>[] {
  const at = (value: number): number => round4(value / seconds);
  return builds.flatMap(({ task, start, end, realStart, realEnd }) =>
    (
      [
        ["start", start, realStart],
        ["end", end, realEnd],
      ] as const
    ).flatMap(([what, simulated, real]) =>
      simulated === null
        ? []
        : real
            .filter((value) => value !== null)
            .map((value) => ({
              panel,
              task,
              what,
              real: at(value),
              simulated: at(simulated.p50),
              low: at(simulated.p5),
              high: at(simulated.p95),
            })),
    ),
  );
}
