// What ran where and when in the winner's run: a lane per slot, grouped by host, phases coloured, the critical path
// outlined and joined by a line. Bars wide enough carry the derivation's name. Positions are computed here, in lanes.
import type { CriticalStep } from "#metrics/result.js";
import { BUSY_PARTS } from "#metrics/result.js";
import { type ChartSpec, chart, round4 } from "./chart-spec.js";
import { duration } from "./duration.js";
import { count, plural } from "./figures.js";
import { type GanttBar, type GanttPart, ganttBars } from "./gantt-bars.js";
import { lanes } from "./lanes.js";
import { axisLabels, printable, shortened } from "./name-lines.js";
import { INK, type Look, PART_LOOKS } from "./palette.js";
import type { ReportInput, RunDetail } from "./report-input.js";
import { textWidth } from "./text-width.js";
import { timeUnit } from "./time-unit.js";

const ATTEMPTS_MAX = 3000;
/** Longer critical paths get thin lines. */
const STEPS_FEW = 150;
const NAME_SIZE = 8.5;
const NAME_LETTERS_MIN = 5;
const LOOKS: Readonly<Record<GanttPart, Look>> = { ...PART_LOOKS, several: { color: "#8fb7d3", label: "several short builds" } };
const ORDER: readonly GanttPart[] = [...BUSY_PARTS, "several"];

export function ganttChart({ detail }: ReportInput): ChartSpec | null {
  if (detail === null || detail.trace.rows === 0 || !(detail.trace.makespan > 0)) return null;
  const { trace, problem, critical } = detail;
  const { hosts, graph } = problem;
  const unit = timeUnit(detail.run.makespan);
  const scale = 1e6 * unit.seconds;

  // 1. Bars, few enough.
  const all = lanes(trace);
  const onPath = new Set(critical.map(({ row }) => row));
  const shownHosts = [...new Set(all.map(({ host }) => host))];
  const labels = axisLabels(
    shownHosts.map((h) => hosts.names[h]!),
    20,
    1,
  );
  const width = Math.round(800 - 24 - 24 - Math.max(...labels.flatMap((label) => label.split("\n")).map((line) => textWidth(line, 11))));
  const perPixel = trace.makespan / width;
  const drawn = ganttBars(all, onPath, ATTEMPTS_MAX, perPixel / 2);

  // 2. Lanes: as many per host as it has slots, or more if the trace says so; a gap between hosts.
  const slotsOf = shownHosts.map((h) => Math.max(hosts.maxJobs[h]!, ...all.filter((bar) => bar.host === h).map((bar) => bar.slot + 1)));
  const step = Math.max(3, Math.min(15, Math.floor(760 / sumOf(slotsOf))));
  const tops: number[] = [];
  let height = 0;
  for (const slots of slotsOf) {
    tops.push(height);
    height += slots * step + 8;
  }
  height -= 8;
  const top = (bar: { host: number; slot: number }): number => tops[shownHosts.indexOf(bar.host)]! + bar.slot * step;

  // 3. Data.
  const thick = step > 5 ? step - 2 : step - 0.5;
  const phases = drawn.bars.flatMap((bar) =>
    bar.phases.map(({ part, from, to }) => {
      const gap = to === bar.to && to - from > 3 * perPixel ? perPixel / 2 : 0;
      return { part: LOOKS[part].label, x: round4(from / scale), x2: round4((to - gap) / scale), y: top(bar), y2: top(bar) + thick };
    }),
  );
  const names =
    step < 10 ? [] : drawn.bars.flatMap((bar) => nameOn(bar, graph.names[trace.task[bar.row]!]!, perPixel, scale, top(bar) + thick / 2));
  const outlines = drawn.bars
    .filter((bar) => onPath.has(bar.row))
    .map((bar) => ({ x: round4(bar.from / scale), x2: round4(bar.to / scale), y: top(bar) - 0.5, y2: top(bar) + thick + 0.5 }));
  const barOf = new Map(all.map((bar) => [bar.row, bar]));
  const path = critical.flatMap((one, k) => joint(critical[k - 1], one, unit.seconds, (row) => middle(barOf.get(row), top, thick)));
  const stroke = critical.length > STEPS_FEW ? 0.6 : 1.3;
  const used = new Set(drawn.bars.flatMap((bar) => bar.phases.map(({ part }) => part)));
  const legend = ORDER.filter((part) => used.has(part)).map((part) => LOOKS[part]);

  // 4. The picture.
  const x = {
    field: "x",
    type: "quantitative",
    title: `time, ${unit.label}`,
    scale: { domain: [0, round4(trace.makespan / scale)], nice: false },
  };
  const box = {
    x,
    x2: { field: "x2" },
    y: { field: "y", type: "quantitative", scale: { domain: [0, height], reverse: true, nice: false }, axis: null },
    y2: { field: "y2" },
  };
  const color = {
    field: "part",
    type: "nominal",
    title: null,
    scale: { domain: legend.map(({ label }) => label), range: legend.map(({ color }) => color) },
    legend: { columns: 5 },
  };
  return chart(
    { title: message(detail), subtitle: howToRead(detail, drawn.merged, drawn.threshold) },
    {
      width,
      height,
      layer: [
        {
          data: { values: shownHosts.map((_, i) => ({ y: tops[i]!, y2: tops[i]! + slotsOf[i]! * step - (step - thick) })) },
          mark: { type: "rect", color: "#f2f2f2" },
          encoding: { y: box.y, y2: box.y2 },
        },
        { data: { values: phases }, mark: { type: "rect" }, encoding: { ...box, color } },
        {
          data: { values: names },
          mark: { type: "text", fontSize: NAME_SIZE, align: "left", baseline: "middle", dx: 3, color: "white" },
          encoding: { x, y: box.y, text: { field: "name" } },
        },
        { data: { values: path }, mark: { type: "rule", color: INK, strokeWidth: stroke }, encoding: box },
        { data: { values: outlines }, mark: { type: "rect", filled: false, stroke: INK, strokeWidth: stroke }, encoding: box },
        {
          data: { values: shownHosts.map((_, i) => ({ y: tops[i]! + (slotsOf[i]! * step) / 2, name: labels[i]! })) },
          mark: { type: "text", align: "right", baseline: "middle", lineBreak: "\n", fontSize: 11 },
          encoding: { x: { value: -8 }, y: box.y, text: { field: "name" } },
        },
      ],
    },
  );
}

/** Its name, if the longest phase of the bar is wide enough for a readable part of it. */
function nameOn(bar: GanttBar, name: string, perPixel: number, scale: number, y: number): { x: number; y: number; name: string }[] {
  if (bar.attempts > 1) return [];
  const phase = bar.phases.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  if (phase.part !== "building") return [];
  const room = (phase.to - phase.from) / perPixel - 6;
  const text = printable(name);
  const letters = [...text];
  let label = text;
  for (let kept = letters.length; textWidth(label, NAME_SIZE) > room; label = `${letters.slice(0, kept).join("")}…`) {
    if (--kept < NAME_LETTERS_MIN) return [];
  }
  return [{ x: round4(phase.from / scale), y, name: label }];
}

/** Down or up from the step before to the lane of this one, and along the lane where it only waits. */
function joint(before: CriticalStep | undefined, step: CriticalStep, unit: number, y: (row: number) => number) {
  const to = y(step.row);
  const from = before === undefined ? to : y(before.row);
  if (Number.isNaN(from) || Number.isNaN(to)) return [];
  const across = { x: round4(step.from / unit), x2: round4(step.from / unit), y: from, y2: to };
  const along = { x: round4(step.from / unit), x2: round4(step.to / unit), y: to, y2: to };
  return [...(from === to ? [] : [across]), ...(step.phase === "wait" ? [along] : [])];
}

function middle(
  bar: { host: number; slot: number } | undefined,
  top: (bar: { host: number; slot: number }) => number,
  thick: number,
): number {
  return bar === undefined ? Number.NaN : top(bar) + thick / 2;
}

function message({ critical, run }: RunDetail): string {
  const builds = critical.filter(({ phase }) => phase === "build");
  if (builds.length === 0) return `What ran where: ${duration(run.makespan)}`;
  const longest = builds.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  return `${plural(builds.length, "build")} in a row ${builds.length === 1 ? "decides" : "decide"} the ${duration(run.makespan)}; the longest is ${shortened(longest.task, 40)} (${duration(longest.to - longest.from)})`;
}

function howToRead({ run }: RunDetail, merged: number, threshold: number): string {
  const text = `${printable(run.policy)}, first world. A lane per slot. Outlined and joined by a line: the critical path. Phases under half a pixel are drawn with their neighbour.`;
  if (merged === 0) return text;
  return `${text} ${count(merged)} attempts shorter than ${duration(threshold / 1e6)}, and the gaps between them, are drawn merged.`;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
