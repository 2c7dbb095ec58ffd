// How long an ask takes until it is accepted: the connect to each host, by medians over runs; what is left of it says how
// connects vary.
// Assumes: all hosts feel the load of a run alike. Ignores: hosts that refuse or never answer, which open no row.
import { ln } from "#base/random.js";
import { middle, overRuns, type Sample } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { type Load, loadOf } from "./load.js";
import { isRemote, type RecordedRun, rowsOf, took } from "./recorded-run.js";

export interface Connects extends Load {
  /** Seconds by host name. */
  readonly hosts: ReadonlyMap<string, Estimate>;
  /** Seconds per accepted build where connections are kept. */
  readonly accept: Estimate;
}

interface Ask extends Sample {
  /** Seconds. */
  readonly at: number;
}

/** An ask that took so many times the usual of its run met something else first: a host that did not answer. */
const OUTLYING = 4;

const KEPT = "connections are kept: no build waits for one";
const UNSEEN = "no trace shows a build of it being asked for and accepted";

export function connects(runs: readonly RecordedRun[], hosts: readonly string[]): Connects {
  const each = runs.map((run) => run.conduct.timing.connect === "each");
  const asks = new Map(hosts.map((host): [string, Ask[]] => [host, []]));
  const kept: Sample[] = [];
  for (const [i, run] of runs.entries()) {
    for (const row of rowsOf(run)) {
      const value = took(row, "asked", "accepted") - (each[i] ? run.conduct.timing.acceptSeconds : 0);
      if (!isRemote(row) || !(value > 0)) continue;
      if (each[i]) asks.get(run.problem.hosts.names[row.host]!)!.push({ run: i, value, at: row.at("asked") });
      else kept.push({ run: i, value });
    }
  }
  for (const [host, own] of asks) asks.set(host, usualOnes(own));
  const loadCv = runs[0]!.conduct.timing.loadCv;
  const why = each.some((one) => one) ? UNSEEN : KEPT;
  const found = new Map(hosts.map((host): [string, Estimate] => [host, overRuns(asks.get(host)!, why, loadCv)]));
  const rest = [...asks].flatMap(([host, own]) => {
    const usual = found.get(host)!;
    return usual.kind === "unknown" ? [] : own.map(({ value, ...ask }) => ({ ...ask, value: ln(value) - ln(usual.value) }));
  });
  return {
    hosts: found,
    ...loadOf(rest, runs[0]!.conduct.timing, why),
    accept: each.some((one) => one)
      ? unknown("every accepted build pays a connect as well: it is counted there")
      : overRuns(kept, "no trace shows a build being asked for and accepted", loadCv),
  };
}

function usualOnes(asks: readonly Ask[]): Ask[] {
  return asks.filter(({ run, value }) => value <= OUTLYING * middle(asks.filter((other) => other.run === run).map((other) => other.value)));
}
