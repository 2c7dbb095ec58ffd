// What ran where and when in the winner's run: a lane per slot, grouped by host, phases coloured, the critical path
// outlined and joined by a line. Bars wide enough carry the derivation's name.
import { BUSY_PARTS } from "#metrics/result.js";
import { CHART_ROOM, type ChartSpec, chart, round4 } from "./chart-spec.js";
import { duration } from "#base/duration.js";
import { count, plural } from "./figures.js";
import { type GanttBar, type GanttBars, type GanttPart, ganttBars } from "./gantt-bars.js";
import { ganttLayout } from "./gantt-layout.js";
import { type GanttPath, ganttPath, joints } from "./gantt-path.js";
import { lanes } from "./lanes.js";
import { printable, shortened } from "./name-lines.js";
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
  if (detail === null || !(detail.trace.makespan > 0)) return null;
  const { trace, problem, critical } = detail;
  const held = lanes(trace, problem);
  if (held.length === 0) return null;

  // 1. Lanes, then bars, few enough.
  const layout = ganttLayout(problem.hosts, [...new Set(held.map(({ host }) => host))], CHART_ROOM - 24);
  const perPixel = trace.makespan / layout.width;
  const path = ganttPath(critical);
  const drawn = ganttBars(trace, held, path.rows, ATTEMPTS_MAX, perPixel / 2);

  // 2. Boxes and lines.
  const unit = timeUnit(trace.makespan / 1e6);
  const time = (at: number): number => round4(at / 1e6 / unit.seconds);
  const top = (bar: { host: number; slot: number }): number => layout.top(bar.host, bar.slot);
  const middle = new Map(critical.length === 0 ? [] : held.map((bar) => [bar.row, top(bar) + layout.thick / 2]));
  const phases = drawn.bars.flatMap((bar) =>
    bar.phases.map(({ part, from, to }) => {
      const gap = to === bar.to && to - from > 3 * perPixel ? perPixel / 2 : 0;
      return { part: LOOKS[part].label, x: time(from), x2: time(to - gap), y: top(bar), y2: top(bar) + layout.thick };
    }),
  );
  const outlines = drawn.bars
    .filter(({ row }) => path.rows.has(row))
    .map((bar) => ({ x: time(bar.from), x2: time(bar.to), y: top(bar) - 0.5, y2: top(bar) + layout.thick + 0.5 }));
  const lines = path.whole ? joints(critical, (row) => middle.get(row) ?? Number.NaN) : [];
  const names = layout.thick < 8 ? [] : drawn.bars.flatMap((bar) => nameOn(bar, problem.graph.names[trace.task[bar.row]!]!, perPixel));

  // 3. The picture.
  const x = { field: "x", type: "quantitative", title: `time, ${unit.label}`, scale: { domain: [0, time(trace.makespan)], nice: false } };
  const y = { field: "y", type: "quantitative", scale: { domain: [0, layout.height], reverse: true, nice: false }, axis: null };
  const box = { x, x2: { field: "x2" }, y, y2: { field: "y2" } };
  const stroke = critical.length > STEPS_FEW ? 0.6 : 1.3;
  const layer = [
    {
      data: { values: layout.hosts.map((host) => ({ y: host.top, y2: host.bottom })) },
      mark: { type: "rect", color: "#f2f2f2" },
      encoding: { y, y2: box.y2 },
    },
    { data: { values: phases }, mark: { type: "rect" }, encoding: { ...box, color: colorOf(drawn) } },
    {
      data: { values: names.map(({ at, bar, name }) => ({ x: time(at), y: top(bar) + layout.thick / 2, name })) },
      mark: { type: "text", fontSize: NAME_SIZE, align: "left", baseline: "middle", dx: 3, color: "white" },
      encoding: { x, y, text: { field: "name" } },
    },
    {
      data: { values: lines.map((line) => ({ x: time(line.from * 1e6), x2: time(line.to * 1e6), y: line.y, y2: line.y2 })) },
      mark: { type: "rule", color: INK, strokeWidth: stroke },
      encoding: box,
    },
    { data: { values: outlines }, mark: { type: "rect", filled: false, stroke: INK, strokeWidth: stroke }, encoding: box },
    {
      data: { values: layout.hosts.map((host) => ({ y: (host.top + host.bottom) / 2, name: host.label })) },
      mark: { type: "text", align: "right", baseline: "middle", fontSize: 11 },
      encoding: { x: { value: -8 }, y, text: { field: "name" } },
    },
  ];
  return chart({ title: message(detail), subtitle: howToRead(detail, path, drawn) }, { width: layout.width, height: layout.height, layer });
}

/** In the order of the phases; only what is drawn is in the legend. */
function colorOf({ bars }: GanttBars) {
  const used = new Set(bars.flatMap((bar) => bar.phases.map(({ part }) => part)));
  const looks = ORDER.filter((part) => used.has(part)).map((part) => LOOKS[part]);
  const scale = { domain: looks.map(({ label }) => label), range: looks.map(({ color }) => color) };
  return { field: "part", type: "nominal", title: null, scale, legend: { columns: 5 } };
}

/** Its name, if the building phase of the bar is wide enough for a readable part of it. */
function nameOn(bar: GanttBar, name: string, perPixel: number): { at: number; bar: GanttBar; name: string }[] {
  const phase = bar.phases.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a), { part: "several", from: 0, to: 0 });
  if (phase.part !== "building") return [];
  const room = (phase.to - phase.from) / perPixel - 6;
  const letters = [...printable(name)];
  let label = letters.join("");
  for (let kept = letters.length; textWidth(label, NAME_SIZE) > room; label = `${letters.slice(0, kept).join("")}…`) {
    if (--kept < NAME_LETTERS_MIN) return [];
  }
  return [{ at: phase.from, bar, name: label }];
}

function message({ critical, run }: RunDetail): string {
  const builds = critical.filter(({ phase }) => phase === "build");
  if (builds.length === 0) return `What ran where: ${duration(run.makespan)}`;
  const longest = builds.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
  const decide = `${plural(builds.length, "build")} in a row ${builds.length === 1 ? "decides" : "decide"}`;
  return `${decide} the ${duration(run.makespan)}; the longest is ${shortened(longest.task, 40)} (${duration(longest.to - longest.from)})`;
}

function howToRead({ run }: RunDetail, path: GanttPath, { merged, threshold }: GanttBars): string {
  const parts = [`${printable(run.policy)}, first world. A lane per slot.`];
  if (path.rows.size > 0) {
    parts.push(
      path.whole
        ? "Outlined and joined by a line: the critical path."
        : `Outlined: the ${count(path.rows.size)} longest builds of the critical path.`,
    );
  }
  parts.push("Phases under half a pixel are drawn with their neighbour.");
  if (merged > 0)
    parts.push(`${count(merged)} attempts shorter than ${duration(threshold / 1e6)}, and the gaps between them, are drawn merged.`);
  return parts.join(" ");
}
