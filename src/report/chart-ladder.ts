// The gap ladder: each policy's mean makespan as the sum of the proven bound and what order, transfers, estimates and the
// engine's conduct add. A part that helped is negative and stands left of zero, so that the parts on both sides still add
// up to the tick that marks the makespan.
import type { Ladder, Ranked } from "#metrics/result.js";
import { CHART_ROOM, type ChartSpec, chart, NAME_AXIS, round4 } from "./chart-spec.js";
import { duration } from "#base/duration.js";
import { percent, plural, ratio } from "./figures.js";
import { axisLabels, printable } from "./name-lines.js";
import { INK, LADDER_LOOKS, LADDER_PARTS } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { textWidth } from "./text-width.js";
import { timeUnit } from "./time-unit.js";
import { winnerOf } from "./verdict.js";

export function ladderChart({ compare }: ReportInput): ChartSpec | null {
  const { ranking, fleets, seeds } = compare;
  if (ranking.length === 0) return null;
  const unit = timeUnit(Math.max(...ranking.map((row) => row.makespan.mean)));
  const names = ranking.map((row) => (fleets.length > 1 ? `${row.policy} on ${row.fleet}` : row.policy));
  const labels = axisLabels(names, 28);
  const parts = ranking.flatMap((row, i) =>
    LADDER_PARTS.map((part, k) => ({
      policy: labels[i]!,
      part: LADDER_LOOKS[part].label,
      order: k,
      time: round4(row.ladder[part] / unit.seconds),
    })),
  );
  const sums = ranking.map((row, i) => ({
    policy: labels[i]!,
    sum: round4(row.makespan.mean / unit.seconds),
    end: round4(Math.max(row.makespan.mean, stacked(row.ladder, 1)) / unit.seconds),
    says: `${duration(row.makespan.mean)} · ×${ratio(row.boundRatio)}`,
  }));
  const y = {
    field: "policy",
    type: "nominal",
    sort: labels,
    title: null,
    axis: NAME_AXIS,
  };
  const sum = { field: "sum", type: "quantitative" };
  const labelWidth = Math.max(...labels.flatMap((label) => label.split("\n")).map((line) => textWidth(line, 11)));
  const saysWidth = Math.max(...sums.map(({ says }) => textWidth(says, 10.5)));
  const rowHeight = 8 + 13 * Math.max(...labels.map((label) => label.split("\n").length));
  return chart(
    { title: message(winnerOf(compare), seeds.length), subtitle: howToRead(ranking, seeds.length) },
    {
      width: Math.round(CHART_ROOM - labelWidth - saysWidth - 30),
      height: { step: Math.max(28, rowHeight) },
      layer: [
        {
          data: { values: parts },
          mark: { type: "bar", height: { band: 0.62 }, stroke: "white", strokeWidth: 0.5 },
          encoding: {
            x: {
              field: "time",
              type: "quantitative",
              stack: "zero",
              title: `time, ${unit.label}`,
              scale: { domain: reach(ranking, unit.seconds), nice: false },
            },
            y,
            color: {
              field: "part",
              type: "nominal",
              title: null,
              scale: {
                domain: LADDER_PARTS.map((part) => LADDER_LOOKS[part].label),
                range: LADDER_PARTS.map((part) => LADDER_LOOKS[part].color),
              },
            },
            order: { field: "order", type: "ordinal" },
          },
        },
        { mark: { type: "rule", color: INK }, encoding: { x: { datum: 0, type: "quantitative" } } },
        { data: { values: sums }, mark: { type: "tick", thickness: 2, color: INK, height: { band: 0.85 } }, encoding: { x: sum, y } },
        {
          data: { values: sums },
          mark: { type: "text", align: "left", dx: 6, fontSize: 10.5 },
          encoding: { x: { ...sum, field: "end" }, y, text: { field: "says" } },
        },
      ],
    },
  );
}

/** From the longest stack left of zero to the longest on its right. */
function reach(ranking: readonly Ranked[], unit: number): [number, number] {
  const longest = (sign: 1 | -1): number => Math.max(...ranking.map(({ ladder }) => stacked(ladder, sign))) / unit;
  return [round4(-longest(-1)), round4(longest(1))];
}

/** How far the parts of that sign reach from zero. */
function stacked(ladder: Ladder, sign: 1 | -1): number {
  return LADDER_PARTS.reduce((sum, part) => sum + Math.max(0, sign * ladder[part]), 0);
}

function message(winner: Ranked | undefined, worlds: number): string {
  if (winner === undefined) return "From the lower bound to the real engine";
  const gap = winner.makespan.mean - winner.ladder.bound;
  const largest = LADDER_PARTS.filter((part) => part !== "bound").reduce((a, b) => (winner.ladder[b] > winner.ladder[a] ? b : a));
  const name = printable(winner.policy);
  if (!(gap > 0)) return `${name} reaches the lower bound`;
  const mean = worlds > 1 ? " on average" : "";
  return `${name} is ${percent(gap / winner.ladder.bound)} above the lower bound${mean}, the largest part ${PHRASES[largest]}`;
}

const PHRASES: Readonly<Record<keyof Ladder, string>> = {
  bound: "",
  order: "from order and placement (or a loose bound)",
  transfers: "from transfers",
  estimates: "from wrong estimates",
  conduct: "from the engine's conduct",
};

function howToRead(ranking: readonly Ranked[], worlds: number): string {
  const negative = ranking.some((row) => LADDER_PARTS.some((part) => row.ladder[part] < 0));
  const of = worlds > 1 ? `, means over ${plural(worlds, "world")}` : "";
  const text = `The parts add up to the makespan (tick; with its multiple of the bound)${of}.`;
  return negative ? `${text} A part left of zero made the run shorter: the bars on its right exceed the tick by as much.` : text;
}
