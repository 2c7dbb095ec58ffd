// The last sections of the page: what would help most, and what all of it rests on: warnings, guesses, assumptions, and the
// name of the run, by which anybody can repeat it.
import { compareText as byText } from "#base/order.js";
import { duration } from "#base/duration.js";
import { percent, plural } from "./figures.js";
import { name, number, plainRows, table } from "./html-table.js";
import { type Html, html } from "./html-text.js";
import type { ReportInput } from "./report-input.js";
import { guessedSentence, seedsText } from "./table-parts.js";

export function helpSection({ whatIf, compare }: ReportInput): Html | null {
  if (whatIf.length === 0) return null;
  const sorted = [...whatIf].sort((a, b) => a.ratio - b.ratio || byText(a.label, b.label));
  const most = Math.max(...sorted.map((one) => Math.max(0, 1 - one.ratio)));
  const rows = sorted.map((one) => [
    one.label,
    duration(one.makespan),
    one.ratio < 1 ? `${percent(1 - one.ratio)} sooner` : one.ratio > 1 ? `${percent(one.ratio - 1)} later` : "no change",
    one.ratio < 1 ? html`<span class="bar" style="width:${Math.round(((1 - one.ratio) / most) * 1000) / 10}%"></span>` : null,
  ]);
  return html`${table(`One change at a time, ${compare.verdict.winner}, same worlds.`, [name("change"), number("makespan"), number("effect"), name("")], plainRows(rows))}`;
}

export function basisSection({ compare, detail }: ReportInput): Html {
  const { scenario, guessed, assumptions, warnings } = compare;
  const facts: [string, string | Html][] = [
    ["scenario", scenario.name],
    ["scenario digest", html`<code>${scenario.digest}</code>`],
    [
      "graph",
      `${scenario.graph}: ${plural(scenario.tasks, "derivation")} (${plural(scenario.fetches, "fetch", "fetches")}), ${plural(scenario.edges, "edge")}, ${scenario.systems.join(", ")}`,
    ],
    ["fleets", compare.fleets.join(", ")],
    ["drvfleet", compare.version],
    ["worlds", seedsText(compare.seeds)],
    ["estimates", compare.estimates],
    ["baseline", compare.baseline],
    ...(detail === null
      ? []
      : [
          [
            "shown in detail",
            html`${detail.run.policy} on ${detail.run.fleet}, seed ${detail.run.seed}, trace <code>${detail.run.digest}</code>`,
          ] as [string, Html],
        ]),
  ];
  return html`${warnings.map((warning) => html`<p class="warn">${warning}</p>\n`)}<p>${guessedSentence(guessed)}</p>
${assumptions.length === 0 ? null : html`<h3>Assumptions</h3><ul>${assumptions.map((one) => html`<li>${one}</li>\n`)}</ul>`}
<h3>The run</h3><dl class="facts">${facts.map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>\n`)}</dl>`;
}
