// How busy each host was over time in the winner's run: a small panel per host, the share of its slots that were held as
// an area, the share of its cores that were used as a line. The gap between both is slots that held no CPU.
import type { Hosts } from "#model/hosts.js";
import { type ChartSpec, chart, round4 } from "./chart-spec.js";
import { percent, plural } from "./figures.js";
import { axisLabels, printable, shortened } from "./name-lines.js";
import { INK_SOFT } from "./palette.js";
import type { ReportInput } from "./report-input.js";
import { type UtilizationPoint, utilizationSeries } from "./series-utilization.js";
import { timeUnit } from "./time-unit.js";

const BINS = 160;
const SLOTS = "slots held";
const CORES = "cores used";

export function utilizationChart({ detail }: ReportInput): ChartSpec | null {
  if (detail === null) return null;
  const { hosts } = detail.problem;
  const all = utilizationSeries(detail.trace, detail.problem, BINS);
  const busy = new Set(all.filter(({ slots }) => slots > 0).map(({ host }) => host));
  const points = all.filter(({ host }) => busy.has(host));
  if (points.length === 0) return null;
  const unused = [...new Set(all.map(({ host }) => host))].filter((host) => !busy.has(host));
  const unit = timeUnit(detail.run.makespan);
  const shown = [...new Set(points.map(({ host }) => host))];
  const panels = hostLabels(shown, hosts.names, hosts.maxJobs, hosts.cores);
  const end = detail.trace.makespan / 1e6 / unit.seconds;
  const values = changes(points).flatMap((point) => {
    const at = { host: panels[shown.indexOf(point.host)]!, at: round4(point.at / unit.seconds) };
    const use = { slots: round4(point.slots * 100), cores: round4(point.cores * 100) };
    return point.last
      ? [
          { ...at, ...use },
          { ...at, at: round4(end), ...use },
        ]
      : [{ ...at, ...use }];
  });
  const x = { field: "at", type: "quantitative", title: `time, ${unit.label}`, scale: { domain: [0, round4(end)], nice: false } };
  const height = Math.max(20, Math.min(64, Math.floor(640 / shown.length)));
  const y = (field: string) => ({
    field,
    type: "quantitative",
    title: null,
    scale: { domain: [0, 100], clamp: true },
    axis: { values: height < 40 ? [0, 100] : [0, 50, 100], labelExpr: "datum.value + ' %'", labelFontSize: 9.5, labelOverlap: false },
  });
  const named = (name: string) => ({
    datum: name,
    type: "nominal",
    title: null,
    scale: { domain: [SLOTS, CORES], range: ["#9ecae8", "#d55e00"] },
  });
  return chart(message(detail.run.policy, points, shown, unused, hosts), {
    data: { values },
    facet: { field: "host", type: "nominal", sort: panels, title: null, header: { labelFontSize: 11, labelPadding: 3 } },
    columns: 1,
    spacing: 10,
    spec: {
      width: 725,
      height,
      layer: [
        { mark: { type: "area", interpolate: "step-after" }, encoding: { x, y: y("slots"), color: named(SLOTS) } },
        { mark: { type: "line", interpolate: "step-after", strokeWidth: 1.2 }, encoding: { x, y: y("cores"), color: named(CORES) } },
        { mark: { type: "rule", color: INK_SOFT, strokeWidth: 0.5 }, encoding: { y: { datum: 0, type: "quantitative" } } },
      ],
    },
  });
}

/** Without the bins that show what the one before them shows: steps need only changes, and the end. */
function changes(points: readonly UtilizationPoint[]): UtilizationPoint[] {
  return points.filter((point, i) => {
    const before = points[i - 1];
    return point.last || before === undefined || before.host !== point.host || before.slots !== point.slots || before.cores !== point.cores;
  });
}

/** "ai: 20 slots, 14 cores", all different. */
function hostLabels(shown: readonly number[], names: readonly string[], slots: Int32Array, cores: Float64Array): string[] {
  const labels = axisLabels(
    shown.map((h) => names[h]!),
    40,
    1,
  );
  return shown.map((h, i) => `${labels[i]}: ${plural(slots[h]!, "slot")}, ${plural(cores[h]!, "core")}`);
}

function message(policy: string, points: readonly UtilizationPoint[], shown: readonly number[], unused: readonly number[], hosts: Hosts) {
  const use = shown.map((host) => meanOf(points.filter((point) => point.host === host).map(({ slots }) => slots)));
  const slots = [...shown, ...unused].map((host) => hosts.maxJobs[host]!);
  const held = use.reduce((sum, share, i) => sum + share * slots[i]!, 0) / slots.reduce((sum, one) => sum + one, 0);
  const least = use.indexOf(Math.min(...use));
  const all = `Slots are held ${percent(held)} of the time`;
  const name = (host: number): string => shortened(hosts.names[host]!, 40);
  const idle = unused.length === 1 ? `${name(unused[0]!)} is never used` : `${plural(unused.length, "host")} are never used`;
  const tail = unused.length > 0 ? `; ${idle}` : shown.length > 1 ? `; ${name(shown[least]!)} is busy least (${percent(use[least]!)})` : "";
  const left =
    unused.length > 1
      ? ` Never used: ${unused.slice(0, 12).map(name).join(", ")}${unused.length > 12 ? ` and ${unused.length - 12} more` : ""}.`
      : "";
  return {
    title: `${all}${tail}`,
    subtitle: `${printable(policy)}, first world. Means over ${BINS} equal bins; cores as if each build used its CPU evenly.${left}`,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
