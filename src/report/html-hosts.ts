// The section of the page that says where each host's time went: the winner beside the baseline, what idle slots waited for,
// use over time, and all parts as figures.
import { BUSY_PARTS, IDLE_CAUSES } from "#metrics/result.js";
import { partSeconds, slotSeconds } from "./chart-hosts.js";
import { duration } from "#base/duration.js";
import { bytes, count } from "./figures.js";
import type { ChartPictures } from "./html-sections.js";
import { figure, folded, name, number, plainRows, table, text } from "./html-table.js";
import { type Html, html } from "./html-text.js";
import { PART_LOOKS, PARTS } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { winnerOf } from "./verdict.js";

export function hostsSection({ compare }: ReportInput, charts: ChartPictures): Html | null {
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
