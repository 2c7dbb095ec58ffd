// The sections of report.html in the order in which a reader asks: who wins and by how much, why, where, when, what waited,
// which derivations, what would help, and what all that rests on. Each is a function of the input and its charts; null
// leaves it out.
import { BUSY_PARTS, IDLE_CAUSES } from "#metrics/result.js";
import { partSeconds, slotSeconds } from "./chart-hosts.js";
import type { ChartName } from "./charts.js";
import { type DerivationCost, derivationCosts } from "./derivation-cost.js";
import { difference, duration } from "./duration.js";
import { bytes, count, percent, plural, ratio, spread } from "./figures.js";
import { breakable, figure, folded, plainRows, type TableColumn, table } from "./html-table.js";
import { type Html, html } from "./html-text.js";
import { LADDER_LOOKS, LADDER_PARTS, PART_LOOKS, PARTS } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { guessedSentence, ratioText, seedsText } from "./table.js";
import { winnerOf } from "./verdict.js";

export type ChartPictures = Readonly<Partial<Record<ChartName, string>>>;

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: (input: ReportInput, charts: ChartPictures) => Html | null;
}

export const SECTIONS: readonly Section[] = [
  { id: "winner", title: "Who wins, and by how much", body: winner },
  { id: "ladder", title: "From the lower bound to the real engine", body: ladder },
  { id: "hosts", title: "Where the time went, host by host", body: hosts },
  { id: "gantt", title: "What ran where and when", body: gantt },
  { id: "queue", title: "What waited", body: queue },
  { id: "derivations", title: "The longest and the costliest derivations", body: derivations },
  { id: "help", title: "What would help most", body: help },
  { id: "basis", title: "What this rests on", body: basis },
];

const LIST_MAX = 20;
const PATH_MAX = 300;

const name = (head: string): TableColumn => ({ head, kind: "name" });
const number = (head: string): TableColumn => ({ head, kind: "number" });
const text = (head: string): TableColumn => ({ head, kind: "text" });

function winner({ compare, modelError }: ReportInput, charts: ChartPictures): Html {
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
      html`<code>${breakable(row.policy)}</code>`,
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

function ladder({ compare }: ReportInput, charts: ChartPictures): Html {
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

function hosts({ compare }: ReportInput, charts: ChartPictures): Html | null {
  const row = winnerOf(compare);
  if (row === undefined || row.hosts.length === 0) return null;
  const shown = PARTS.filter((part) => row.hosts.some((use) => partSeconds(use, part) > 0));
  const swatch = (color: string): Html => html`<span class="swatch" style="background:${color}"></span>`;
  const rows = shown.map((part) => [
    html`${swatch(PART_LOOKS[part].color)}${PART_LOOKS[part].label}`,
    ...row.hosts.map((use) => duration(partSeconds(use, part))),
    duration(row.hosts.reduce((sum, use) => sum + partSeconds(use, part), 0)),
  ]);
  const sum = [
    "slots × makespan",
    ...row.hosts.map((use) => duration(slotSeconds(use))),
    duration(row.hosts.reduce((all, use) => all + slotSeconds(use), 0)),
  ];
  const parts = table(
    "Slot time by host. The parts add up to slots × makespan exactly (to the microsecond in hosts.csv).",
    [text("part"), ...row.hosts.map((use) => number(use.host)), number("all")],
    [...plainRows(rows), { cells: sum, best: true }],
  );
  const use = table(
    "Builds, CPU and bytes by host.",
    [name("host"), ...["slots", "cores", "builds", "CPU used", "CPU unused in held slots", "bytes in", "bytes out"].map(number)],
    plainRows(
      row.hosts.map((one) => [
        one.host,
        one.slots,
        one.cores,
        count(one.builds),
        duration(one.coreSeconds),
        duration(one.coreSecondsUnused),
        bytes(one.bytesIn),
        bytes(one.bytesOut),
      ]),
    ),
  );
  const waited = row.hosts.filter(({ waitedFor }) => waitedFor.length > 0);
  const waiting = waited.map(
    (one) =>
      html`<li><b>${one.host}</b> waited for ${one.waitedFor.slice(0, 3).map(({ task, seconds }, i) => html`${i === 0 ? "" : ", "}<code>${task}</code> (${duration(seconds)})`)}</li>\n`,
  );
  return html`${figure(charts.hosts, "Slot time by host and cause")}${waiting.length === 0 ? null : html`<p>The builds that idle slots waited for most, in slot time:</p><ul>${waiting}</ul>\n`}${figure(charts.utilization, "Slots and cores over time by host")}${folded(`All ${BUSY_PARTS.length + IDLE_CAUSES.length} parts, and CPU and bytes`, [parts, use])}`;
}

function gantt({ detail }: ReportInput, charts: ChartPictures): Html | null {
  if (detail === null) return null;
  const { critical } = detail;
  const rows = critical
    .slice(0, PATH_MAX)
    .map((step) => [
      step.task,
      step.host,
      step.phase === "wait" ? "waits" : "builds",
      BECAUSE[step.because],
      duration(step.from),
      duration(step.to),
      duration(step.to - step.from),
    ]);
  const more = critical.length > PATH_MAX ? html`<p class="soft">The first ${PATH_MAX} of ${count(critical.length)} steps.</p>` : null;
  const path = table(
    "The chain of builds that decides the makespan: to finish sooner, one of these has to end sooner.",
    [name("derivation"), name("host"), text("what"), text("from when"), number("from"), number("to"), number("takes")],
    plainRows(rows),
  );
  return html`${figure(charts.gantt, "Gantt chart by host and slot, critical path marked")}${critical.length === 0 ? null : folded(`The critical path: ${plural(critical.length, "step")}`, [path, more])}
<p class="soft">The same run can be opened in <a href="https://ui.perfetto.dev">Perfetto</a>: <code>trace.json.gz</code> beside this page.</p>`;
}

const BECAUSE = {
  input: "its last input was there",
  slot: "a slot became free",
  tick: "the poll tick came",
  start: "the run began",
  dispatch: "the dispatcher got to it",
} as const;

function queue({ detail }: ReportInput, charts: ChartPictures): Html | null {
  return detail === null || charts.queue === undefined
    ? null
    : html`${figure(charts.queue, "Ready derivations over time by system and features")}`;
}

function derivations({ detail }: ReportInput): Html | null {
  if (detail === null) return null;
  const { longest, costliest } = derivationCosts(detail.trace, detail.problem, LIST_MAX);
  const columns = [
    name("derivation"),
    name("system and features"),
    text("host"),
    ...["slot held", "building", "CPU", "bytes in", "attempts"].map(number),
    text("duration is"),
  ];
  const rows = (list: readonly DerivationCost[]) =>
    plainRows(
      list.map((one) => [
        one.name,
        one.kind,
        one.host,
        duration(one.held),
        duration(one.building),
        duration(one.coreSeconds),
        bytes(one.bytesIn),
        one.attempts,
        one.guessed ? html`<b>guessed</b> (${one.provenance})` : one.provenance,
      ]),
    );
  return html`${table("Longest: by the time they held a slot.", columns, rows(longest))}${costliest.length === 0 ? null : folded("Costliest: by CPU time", table("Costliest: by core-seconds.", columns, rows(costliest)))}`;
}

function help({ whatIf, compare }: ReportInput): Html | null {
  if (whatIf.length === 0) return null;
  const sorted = [...whatIf].sort((a, b) => a.ratio - b.ratio || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  const most = Math.max(...sorted.map((one) => Math.max(0, 1 - one.ratio)));
  const rows = sorted.map((one) => [
    one.label,
    duration(one.makespan),
    one.ratio < 1 ? `${percent(1 - one.ratio)} sooner` : one.ratio > 1 ? `${percent(one.ratio - 1)} later` : "no change",
    one.ratio < 1 ? html`<span class="bar" style="width:${Math.round(((1 - one.ratio) / most) * 1000) / 10}%"></span>` : null,
  ]);
  return html`${table(`One change at a time, ${compare.verdict.winner}, same worlds.`, [name("change"), number("makespan"), number("effect"), name("")], plainRows(rows))}`;
}

function basis({ compare, detail }: ReportInput): Html {
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
