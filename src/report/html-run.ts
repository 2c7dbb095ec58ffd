// The sections of the page about the run in detail: what ran where with its critical path, what waited, and which derivations
// were long or costly. Without a detailed run they are left out.
import { type DerivationCost, derivationCosts } from "./derivation-cost.js";
import { duration } from "#base/duration.js";
import { bytes, count, plural } from "./figures.js";
import type { ChartPictures } from "./html-sections.js";
import { figure, folded, name, number, plainRows, table, text } from "./html-table.js";
import { type Html, html } from "./html-text.js";
import type { ReportInput } from "./report-input.js";

const LIST_MAX = 20;
const PATH_MAX = 300;

export function ganttSection({ detail }: ReportInput, charts: ChartPictures): Html | null {
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

export function queueSection({ detail }: ReportInput, charts: ChartPictures): Html | null {
  return detail === null || charts.queue === undefined
    ? null
    : html`${figure(charts.queue, "Ready derivations over time by system and features")}`;
}

export function derivationsSection({ detail }: ReportInput): Html | null {
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
