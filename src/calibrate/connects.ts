// How long an ask takes until it is accepted: the connect to each host, how much it varies within a run and from run to
// run. ln(ask) = host + run + rest; host by medians over runs, run and rest by what is left.
// Assumes: all hosts feel the load of a run alike. Ignores: hosts that refuse or never answer, which open no row.
import { exponential, ln } from "#base/random.js";
import { quantile } from "#metrics/stats.js";
import { byRun, deviation, mean, middle, overRuns, type Sample, variation } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { chiSquare, Z } from "./quantiles.js";
import { isRemote, type RecordedRun, rowsOf, took } from "./recorded-run.js";

export interface Connects {
  /** Seconds by host name. */
  readonly hosts: ReadonlyMap<string, Estimate>;
  readonly connectCv: Estimate;
  readonly loadCv: Estimate;
  /** Seconds per accepted build where connections are kept. */
  readonly accept: Estimate;
}

const KEPT = "connections are kept: no build waits for one";
const UNSEEN = "no trace shows a build of it being asked for and accepted";
/** 90 % of a normal distribution lie within this many standard deviations. */
const RANGE_90 = 3.28971;
/** Relative standard error of a deviation taken from that range, times √n. */
const RANGE_ERROR = 0.884;
/** Fewer values have no range: their deviation is taken. */
const RANGE_LEAST = 20;

export function connects(runs: readonly RecordedRun[], hosts: readonly string[]): Connects {
  const each = runs.map((run) => run.conduct.timing.connect === "each");
  const asks = new Map(hosts.map((host): [string, Sample[]] => [host, []]));
  const kept: Sample[] = [];
  for (const [i, run] of runs.entries()) {
    for (const row of rowsOf(run)) {
      const value = took(row, "asked", "accepted") - (each[i] ? run.conduct.timing.acceptSeconds : 0);
      if (!isRemote(row) || !(value > 0)) continue;
      if (each[i]) asks.get(run.problem.hosts.names[row.host]!)!.push({ run: i, value });
      else kept.push({ run: i, value });
    }
  }
  const loadCv = runs[0]!.conduct.timing.loadCv;
  const why = each.some((one) => one) ? UNSEEN : KEPT;
  const found = new Map(hosts.map((host): [string, Estimate] => [host, overRuns(asks.get(host)!, why, loadCv)]));
  return {
    hosts: found,
    ...spreads(asks, found, why),
    accept: each.some((one) => one)
      ? unknown("every accepted build pays a connect as well: it is counted there")
      : overRuns(kept, "no trace shows a build being asked for and accepted", loadCv),
  };
}

/** What is left of ln(ask) after its host: by run its middle is the run's load, the rest varies within the run. */
function spreads(
  asks: ReadonlyMap<string, readonly Sample[]>,
  found: ReadonlyMap<string, Estimate>,
  why: string,
): Pick<Connects, "connectCv" | "loadCv"> {
  const left = [...asks].flatMap(([host, samples]) => {
    const own = found.get(host)!;
    return own.kind === "unknown" ? [] : samples.map(({ run, value }): Sample => ({ run, value: ln(value) - ln(own.value) }));
  });
  if (left.length === 0) return { connectCv: unknown(why), loadCv: unknown(why) };
  const groups = byRun(left);
  const loads = groups.map(middle);
  const rest = groups.flatMap((values, r) => (values.length < 2 ? [] : values.map((value) => value - loads[r]!)));
  return { connectCv: within(rest, groups.length), loadCv: between(loads, groups, rest) };
}

function within(rest: readonly number[], runs: number): Estimate {
  if (rest.length <= runs) return unknown("too few connects in a run to see them vary");
  const sigma = spread(rest) * Math.sqrt(rest.length / (rest.length - runs));
  const reach = exponential((Z * RANGE_ERROR) / Math.sqrt(rest.length));
  return {
    kind: "known",
    value: variation(sigma ** 2),
    interval: { low: variation((sigma / reach) ** 2), high: variation((sigma * reach) ** 2) },
    observations: rest.length,
    runs,
  };
}

/** The runs' own variation, less what their middles vary by because connects do. */
function between(loads: readonly number[], groups: readonly (readonly number[])[], rest: readonly number[]): Estimate {
  const runs = loads.length;
  if (runs < 2) return unknown("one run does not show how runs differ");
  const sigma = rest.length > 1 ? spread(rest) : 0;
  const noise = mean(groups.map(({ length }) => (1.2533 * sigma) ** 2 / length));
  const total = deviation(loads) ** 2;
  const { low, high } = chiSquare(runs - 1);
  const own = (variance: number): number => variation(Math.max(0, variance - noise));
  return {
    kind: "known",
    value: own(total),
    interval: { low: own((total * (runs - 1)) / high), high: own((total * (runs - 1)) / low) },
    observations: rest.length,
    runs,
  };
}

function spread(values: readonly number[]): number {
  if (values.length < RANGE_LEAST) return deviation(values);
  const ascending = values.toSorted((a, b) => a - b);
  return (quantile(ascending, 0.95) - quantile(ascending, 0.05)) / RANGE_90;
}
