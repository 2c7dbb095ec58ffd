// Two sections of the page: who wins and by how much, and the gap ladder that says why. A picture first, the figures folded
// beneath it.
import { ONE_WORLD } from "#metrics/verdict.js";
import { difference, duration } from "#base/duration.js";
import { bytes, percent, ratio, spread } from "./figures.js";
import type { ChartPictures } from "./html-sections.js";
import { breakable, figure, folded, name, number, plainRows, table, text } from "./html-table.js";
import { type Html, html } from "./html-text.js";
import { LADDER_LOOKS, LADDER_PARTS } from "./palette.js";
import { type ReportInput, tookPlace } from "./report-input.js";
import { ratioText } from "./table-parts.js";

export function winnerSection(input: ReportInput, charts: ChartPictures): Html {
  const { compare, modelError } = input;
  if (tookPlace(input)) return tookSection(input);
  const many = compare.fleets.length > 1;
  const columns = [
    name("policy"),
    ...(many ? [text("fleet")] : []),
    ...["mean", "interval", `vs ${compare.baseline}`, "× bound", "best", "worlds won", "5 %", "median", "95 %", "busy", "moved"].map(
      number,
    ),
    text("engine"),
  ];
  const rows = compare.ranking.map((row) => ({
    best: row.policy === compare.verdict.winner && row.fleet === compare.verdict.fleet,
    cells: [
      html`<code>${breakable(row.policy)}</code>${row.unbuilt > 0 ? " (not everything built)" : ""}`,
      ...(many ? [row.fleet] : []),
      duration(row.makespan.mean),
      row.interval === null ? "–" : spread(row.interval, row.makespan.mean),
      ratioText(row),
      ratio(row.boundRatio),
      percent(row.probabilityBest),
      percent(row.worldsWon),
      duration(row.makespan.p5),
      duration(row.makespan.p50),
      duration(row.makespan.p95),
      percent(row.utilization),
      bytes(row.bytesMoved),
      `${row.conduct}${row.conductMeasured ? "" : " (assumed)"}`,
    ],
  }));
  const model =
    modelError === null
      ? html`<p class="soft">The model has not been validated against recorded runs of this fleet: its own error is not in the intervals.</p>`
      : html`<p class="soft">Model error, which the intervals do not contain: simulated makespans were ${percent(modelError.makespan)} off on average, over ${modelError.source}.</p>`;
  return html`<div class="verdict">${compare.verdict.sentences.map((sentence) => html`<p>${sentence}</p>\n`)}</div>
${figure(charts.ranking, "Ranking of the policies with intervals")}${model}
${folded("The ranking as a table", table("All policies, in the order of the ranking. ≈: inside the noise of the baseline. Best: probability of the best mean.", columns, rows))}`;
}

/** There is no other policy and no other world to draw beside it. */
function tookSection({ compare }: ReportInput): Html {
  const sentences = compare.verdict.sentences.filter((sentence) => sentence !== ONE_WORLD);
  return html`<div class="verdict">${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}</div>`;
}

export function ladderSection({ compare }: ReportInput, charts: ChartPictures): Html {
  const many = compare.fleets.length > 1;
  const columns = [
    name("policy"),
    ...(many ? [text("fleet")] : []),
    ...LADDER_PARTS.map((part) => number(LADDER_LOOKS[part].label)),
    number("makespan"),
  ];
  const rows = compare.ranking.map((row) => [
    html`<code>${breakable(row.policy)}</code>`,
    ...(many ? [row.fleet] : []),
    ...LADDER_PARTS.map((part) => (part === "bound" ? duration(row.ladder[part]) : difference(row.ladder[part]))),
    duration(row.makespan.mean),
  ]);
  return html`<p>Each policy is run again in easier worlds; what each step wins back is the cost of what was taken away. <b>Lower bound</b>: no schedule can be faster. <b>Order and placement</b>: what the policy's own choices lose (or how loose the bound is). <b>Transfers</b>: moving inputs and outputs. <b>Wrong estimates</b>: not knowing how long builds take. <b>Engine's conduct</b>: asking, holding slots and noticing ends as its scheduler does, instead of at once.</p>
${figure(charts.ladder, "Gap ladder of each policy")}${folded("The ladder as a table", table("The parts of a row add up to its makespan; a negative part made the run shorter.", columns, plainRows(rows)))}`;
}
