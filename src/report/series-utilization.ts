// How busy each host was over time: mean slots held and mean cores used in equal bins from 0 to the makespan, integrated
// exactly. CPU that a build used is spread evenly over its building phase, because a trace knows only its sum.
import type { Trace } from "#dispatch/trace.js";
import { processorShare } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";
import { lanes } from "./lanes.js";

export interface UtilizationPoint {
  readonly host: number;
  /** Seconds: begin of the bin. */
  readonly at: number;
  /** Share of the slots that were held, 0…1. */
  readonly slots: number;
  /** Share of the cores that were used, 0…1. */
  readonly cores: number;
  /** It is the last bin, which ends at the makespan. */
  readonly last: boolean;
}

/** `bins` points per host that has slots, in the order of hosts, then time. */
export function utilizationSeries(trace: Trace, problem: Problem, bins: number): UtilizationPoint[] {
  const { hosts } = problem;
  const size = trace.makespan / bins;
  if (size <= 0) return [];
  const slots = new Float64Array(hosts.count * bins);
  const cores = new Float64Array(hosts.count * bins);
  for (const { row, host, from, to } of lanes(trace, problem)) {
    addInterval(slots, host * bins, bins, size, from, to, 1);
    const started = trace.started[row]!;
    const built = trace.built[row]!;
    const rate = (trace.coreSeconds[row]! * 1e6) / (built - started) / processorShare(hosts, host);
    if (Number.isFinite(rate)) addInterval(cores, host * bins, bins, size, started, built, rate);
  }
  const points: UtilizationPoint[] = [];
  for (let host = 0; host < hosts.count; host++) {
    if (hosts.maxJobs[host] === 0) continue;
    for (let bin = 0; bin < bins; bin++) {
      const cell = host * bins + bin;
      points.push({
        host,
        at: (bin * size) / 1e6,
        slots: slots[cell]! / hosts.maxJobs[host]!,
        cores: cores[cell]! / hosts.cores[host]!,
        last: bin === bins - 1,
      });
    }
  }
  return points;
}

/** Adds `height` × (share of each bin that lies in [from, to)) to `bins` cells from `offset`. Times in µs. */
export function addInterval(
  cells: Float64Array,
  offset: number,
  bins: number,
  size: number,
  from: number,
  to: number,
  height: number,
): void {
  const first = Math.max(0, Math.min(bins - 1, Math.floor(from / size)));
  const last = Math.max(0, Math.min(bins - 1, Math.floor(to / size)));
  for (let bin = first; bin <= last; bin++) {
    const begin = Math.max(from, bin * size);
    const end = Math.min(to, (bin + 1) * size);
    if (end > begin) cells[offset + bin]! += (height * (end - begin)) / size;
  }
}
