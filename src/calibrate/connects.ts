// How long an ask takes until it is accepted: the connect to each host, by medians over runs, less what the host's CPU does
// where that shows; what is left says how connects vary.
// Assumes: all hosts feel the load of a run alike. Ignores: hosts that refuse or never answer, which open no row.
import { ln } from "#base/random.js";
import { choreSpeed } from "#model/hosts.js";
import { askOf, isBesideOthers } from "./beside.js";
import { type Connect, connectCpu } from "./connect-cpu.js";
import { middle, overRuns, type Sample } from "./cluster.js";
import { type Estimate, unknown } from "./estimate.js";
import { type Load, loadOf } from "./load.js";
import { isRemote, type RecordedRun, type Row, rowsOf, took } from "./recorded-run.js";
import { clientStretch, isOnMachine, stretchOver, uncrowded } from "./shared-machine.js";

export interface Connects extends Load {
  /** Seconds by host name. */
  readonly hosts: ReadonlyMap<string, Estimate>;
  /** Core-seconds of one connect, by host name: the same for all. */
  readonly cpu: ReadonlyMap<string, Estimate>;
  /** Seconds per accepted build where connections are kept. */
  readonly accept: Estimate;
}

interface Ask extends Connect {
  /** Seconds. */
  readonly at: number;
}

/** An ask that took so many times the usual of its run met something else first: a host that did not answer. */
const OUTLYING = 4;

const KEPT = "connections are kept: no build waits for one";
const UNSEEN = "no trace shows a build of it being asked for and accepted";

/** `speeds`: of hosts, where traces show them; others have what their problems say. */
export function connects(runs: readonly RecordedRun[], hosts: readonly string[], speeds: ReadonlyMap<string, Estimate>): Connects {
  const quiet = uncrowded(runs);
  /** Beside builds that work, a connect takes what they leave it. */
  const calm = (own: readonly Ask[]): readonly Ask[] => {
    const left = own.filter(({ run }) => quiet.includes(runs[run]!));
    return left.length > 0 ? left : own;
  };
  const each = runs.map((run) => run.conduct.timing.connect === "each");
  const asks = new Map(hosts.map((host): [string, Ask[]] => [host, []]));
  const kept: Sample[] = [];
  for (const [i, run] of runs.entries()) {
    const rows = rowsOf(run);
    const speedOf = ({ host }: Row): number => {
      const found = speeds.get(run.problem.hosts.names[host]!);
      return found?.kind === "known" ? found.value : choreSpeed(run.problem.hosts, host);
    };
    /** The first ask to a host opens the connection that is kept. */
    const open = new Set<number>();
    for (const row of rows) {
      const value = took(row, "asked", "accepted") - (each[i] ? run.conduct.timing.acceptSeconds : 0);
      if (!isRemote(row) || !(value > 0)) continue;
      if (isBesideOthers(run, rows, askOf(row))) continue;
      const host = run.problem.hosts.names[row.host]!;
      if (each[i]) asks.get(host)!.push({ run: i, host, at: row.at("asked"), ...partsOf(run, rows, row, value, speedOf(row)) });
      else if (open.has(row.host)) kept.push({ run: i, value });
      open.add(row.host);
    }
  }
  for (const [host, own] of asks) asks.set(host, usualOnes(own));
  const loadCv = runs[0]!.conduct.timing.loadCv;
  const why = each.some((one) => one) ? UNSEEN : KEPT;
  const cpu = connectCpu([...asks.values()].flat());
  const onHost = ({ stretch }: Ask): number => (cpu.kind === "known" ? cpu.value * stretch : 0);
  const found = new Map(hosts.map((host): [string, Estimate] => [host, besides(calm(asks.get(host)!), cpu, why, loadCv)]));
  const rest = [...asks].flatMap(([host, own]) => {
    const usual = found.get(host)!;
    return usual.kind === "unknown" ? [] : own.map((ask) => ({ ...ask, value: ln(ask.value) - ln(usual.value + onHost(ask)) }));
  });
  return {
    hosts: found,
    cpu: new Map(hosts.map((host) => [host, cpu])),
    ...loadOf(
      rest.filter(({ run }) => quiet.includes(runs[run]!)),
      runs.map(({ name }) => name),
      runs[0]!.conduct.timing,
      why,
    ),
    accept: each.some((one) => one)
      ? unknown("every accepted build pays a connect as well: it is counted there")
      : overRuns(kept, "no trace shows a build being asked for and accepted", loadCv),
  };
}

/** Both parts of a connect for one second of the client's, which takes longer where it has a quota. A host with a CPU of its own is as busy as at the ask. */
function partsOf(run: RecordedRun, rows: readonly Row[], row: Row, seconds: number, speed: number): Pick<Connect, "value" | "stretch"> {
  const [from, to] = [row.at("asked"), row.at("accepted")];
  const client = clientStretch(run, rows, from, to);
  const until = isOnMachine(run, row.host) ? to : from;
  return { value: seconds / client, stretch: stretchOver(run, rows, row.host, from, until, speed) / client };
}

function usualOnes(asks: readonly Ask[]): Ask[] {
  return asks.filter(({ run, value }) => value <= OUTLYING * middle(asks.filter((other) => other.run === run).map((other) => other.value)));
}

/** A connect on the host when it is idle, less what its CPU does for it then; who does not know the one well knows the other no better. */
function besides(asks: readonly Ask[], cpu: Estimate, why: string, loadCv: number): Estimate {
  const work = cpu.kind === "known" ? cpu.value : 0;
  const idle = asks.reduce((least, { stretch }) => Math.min(least, stretch), Number.POSITIVE_INFINITY);
  const onIdle = asks.map(({ run, value, stretch }) => ({ run, value: value - work * (stretch - idle) })).filter(({ value }) => value > 0);
  const found = overRuns(onIdle, why, loadCv);
  if (cpu.kind === "unknown" || found.kind === "unknown") return found;
  const less = (seconds: number, core: number): number => Math.max(0, seconds - core * idle);
  const { low, high } = cpu.interval ?? { low: work, high: work };
  return {
    ...found,
    value: less(found.value, work),
    interval: found.interval && { low: less(found.interval.low, high), high: less(found.interval.high, low) },
  };
}
