// What waited for a machine over time: the mean number of derivations that were ready but had not been asked for, by
// system and required features, in equal bins. Fetches and builds alike. The largest classes by waiting time are shown,
// the rest is one series, "other"; a class that never waited is left out unless none did.
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { compareText } from "#base/order.js";
import { addInterval } from "./series-utilization.js";

export const OTHER = "other";

export interface QueueSeries {
  /** Largest first, ties by label; OTHER last. */
  readonly labels: readonly string[];
  /** By label, then bin: mean count. */
  readonly counts: readonly Float64Array[];
  readonly bins: number;
  /** Seconds. */
  readonly binSeconds: number;
}

export function queueSeries(trace: Trace, problem: Problem, bins: number, most: number): QueueSeries {
  const size = trace.makespan / bins;
  const classes = new Map<string, { label: string; counts: Float64Array; waited: number }>();
  if (size > 0) {
    for (let row = 0; row < trace.rows; row++) {
      const label = classLabel(problem, trace.task[row]!);
      let found = classes.get(label);
      if (found === undefined) {
        found = { label, counts: new Float64Array(bins), waited: 0 };
        classes.set(label, found);
      }
      const { counts } = found;
      const ready = trace.ready[row]!;
      const asked = trace.asked[row]!;
      if (!(asked > ready)) continue;
      addInterval(counts, 0, bins, size, ready, asked, 1);
      found.waited += asked - ready;
    }
  }
  const waited = [...classes.values()].filter((one) => one.waited > 0);
  const sorted = (waited.length > 0 ? waited : [...classes.values()]).sort((a, b) => b.waited - a.waited || compareText(a.label, b.label));
  const shown = sorted.length > most ? sorted.slice(0, most - 1) : sorted;
  const rest = sorted.slice(shown.length);
  const all =
    rest.length === 0
      ? shown
      : [
          ...shown,
          {
            label: OTHER,
            counts: sumOf(
              rest.map((one) => one.counts),
              bins,
            ),
          },
        ];
  return { labels: all.map((one) => one.label), counts: all.map((one) => one.counts), bins, binSeconds: size / 1e6 };
}

/** "riscv64-linux + big-parallel, kvm". */
export function classLabel(problem: Problem, task: number): string {
  const of = problem.tasks.classOf[task]!;
  const features = problem.demand.features[of]!;
  const system = problem.demand.systems[of]!;
  return features.length === 0 ? system : `${system} + ${features.join(", ")}`;
}

function sumOf(series: readonly Float64Array[], bins: number): Float64Array {
  const total = new Float64Array(bins);
  for (const counts of series) for (let bin = 0; bin < bins; bin++) total[bin]! += counts[bin]!;
  return total;
}
