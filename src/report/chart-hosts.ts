// Where the slots' time went: per host one bar of 100 % = slots × makespan, split into what held slots did and why free
// ones were idle. The parts are metrics' own partition, so they fill the bar exactly. The winner, and the baseline beside
// it, on the winner's fleet; means over worlds.
import type { HostUse, Ranked } from "#metrics/result.js";
import { CHART_ROOM, type ChartSpec, chart, NAME_AXIS, round4 } from "./chart-spec.js";
import { percent, plural } from "./figures.js";
import { axisLabels, printable, shortened } from "./name-lines.js";
import { PART_LOOKS, PARTS, type Part } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { textWidth } from "./text-width.js";
import { baselineBeside, winnerOf } from "./verdict.js";

export function hostsChart({ compare }: ReportInput): ChartSpec | null {
  const winner = winnerOf(compare);
  const baseline = baselineBeside(compare);
  const rows = [winner, baseline].filter((row) => row !== undefined);
  const hosts = winner?.hosts.filter(({ slots }) => slots > 0) ?? [];
  if (winner === undefined || hosts.length === 0) return null;
  const names = axisLabels(
    hosts.map(({ host }) => host),
    22,
    1,
  );
  const labelOf = new Map(hosts.map(({ host, slots }, i) => [host, `${names[i]} (${plural(slots, "slot")})`]));
  const panels = rows.map((row, i) =>
    i === 0 ? `${shortened(row.policy, 70)}, the winner` : `${shortened(row.policy, 70)}, the baseline`,
  );
  const values = rows.flatMap((row, i) =>
    row.hosts
      .filter(({ host }) => labelOf.has(host))
      .flatMap((use) => {
        const total = slotSeconds(use);
        return PARTS.map((part, order) => ({
          policy: panels[i]!,
          host: labelOf.get(use.host)!,
          part: PART_LOOKS[part].label,
          order,
          share: total === 0 ? 0 : round4((partSeconds(use, part) / total) * 100),
        }));
      })
      .filter(({ share }) => share > 0),
  );
  const used = new Set(values.map(({ part }) => part));
  const legend = PARTS.map((part) => PART_LOOKS[part]).filter(({ label }) => used.has(label));
  const labels = [...labelOf.values()];
  const labelWidth = Math.max(...labels.flatMap((label) => label.split("\n")).map((line) => textWidth(line, 11)));
  return chart(
    {
      title: message(winner),
      subtitle:
        "Share of slots × makespan by host, in the order of the legend: first what held slots did, then why free slots were idle. The parts fill each bar exactly.",
    },
    {
      data: { values },
      facet: { field: "policy", type: "nominal", sort: panels, title: null },
      columns: 1,
      spacing: 14,
      spec: {
        width: Math.round(CHART_ROOM - labelWidth - 30),
        height: { step: Math.max(16, Math.min(30, Math.floor(420 / labels.length))) },
        mark: { type: "bar", stroke: "white", strokeWidth: 0.5 },
        encoding: {
          x: {
            field: "share",
            type: "quantitative",
            stack: "zero",
            title: "share of slot time, %",
            scale: { domain: [0, 100], nice: false, clamp: true },
            axis: { tickCount: 10 },
          },
          y: { field: "host", type: "nominal", sort: labels, title: null, axis: NAME_AXIS },
          color: {
            field: "part",
            type: "nominal",
            title: null,
            scale: { domain: legend.map(({ label }) => label), range: legend.map(({ color }) => color) },
            legend: { columns: 4 },
          },
          order: { field: "order", type: "ordinal" },
        },
      },
    },
  );
}

/** Slot-seconds of one part. */
export function partSeconds(use: HostUse, part: Part): number {
  return part in use.busy ? use.busy[part as keyof HostUse["busy"]] : use.idle[part as keyof HostUse["idle"]];
}

/** All parts: slots × makespan. */
export function slotSeconds(use: HostUse): number {
  return PARTS.reduce((sum, part) => sum + partSeconds(use, part), 0);
}

function message(winner: Ranked): string {
  const total = winner.hosts.reduce((sum, use) => sum + slotSeconds(use), 0);
  const share = (part: Part): number => winner.hosts.reduce((sum, use) => sum + partSeconds(use, part), 0) / total;
  const idle = PARTS.filter((part) => PART_LOOKS[part].label.startsWith("idle"));
  const worst = idle.reduce((a, b) => (share(b) > share(a) ? b : a));
  const built = `Under ${printable(winner.policy)} slots build for ${percent(share("building"))} of their time`;
  return share(worst) === 0
    ? built
    : `${built}; the largest cause of idle slots is “${PART_LOOKS[worst].label.replace("idle: ", "")}” (${percent(share(worst))})`;
}
