// Speed of the hosts' cores: work of a build over the core-seconds that it got. Where a trace does not count them, cores
// are shared as in the simulator: all builds of a host at an instant, nobody above what it can use (sim/water-fill). Hosts that
// share a machine get of its processors what the fleet says; how fast those are, counted processor time tells.
// Assumes: the graph's work is right and builds parallelise as it says. Blind: builds that sleep, fetch or are emulated.
import type { HostId, TaskId } from "#base/units.js";
import { rowSeconds } from "#model/demand.js";
import { aloneSeconds, busyCores } from "#model/problem.js";
import { isGuessed } from "#model/tasks.js";
import { betweenRuns, byRun, middle, overRuns, type Sample } from "./cluster.js";
import { type Estimate, mapped, unknown } from "./estimate.js";
import { type RecordedRun, type Row, rowsOf } from "./recorded-run.js";
import { isOnMachine } from "./shared-machine.js";

export function speeds(runs: readonly RecordedRun[], hosts: readonly string[]): ReadonlyMap<string, Estimate> {
  const found = new Map(hosts.map((host): [string, Sample[]] => [host, []]));
  const kinds = new Map(hosts.map((host): [string, Set<Kind>] => [host, new Set()]));
  /** A host whose CPU was limited differently from run to run is not one host. */
  const given = new Map(hosts.map((host): [string, Set<number>] => [host, new Set()]));
  for (const [index, run] of runs.entries()) {
    const rows = rowsOf(run);
    for (const row of rows) {
      const host = run.problem.hosts.names[row.host]!;
      const kind = kindOf(run, row);
      kinds.get(host)!.add(kind);
      if (kind !== "works" || !row.built) continue;
      given.get(host)!.add(run.problem.hosts.speed[row.host]!);
      const shared = sharedSeconds(run, row, rows);
      const got = shared > 0 ? shared : row.coreSeconds;
      if (got > 0) found.get(host)!.push({ run: index, value: got / workOf(run, row) });
    }
  }
  return new Map(
    hosts.map((host): [string, Estimate] => {
      const own = given.get(host)!;
      if (runs.some((run) => isOnMachine(run, run.problem.hosts.names.indexOf(host))))
        return [host, unknown("it shares a machine, whose speed it has: how much of it it gets the fleet says")];
      if (own.size > 1) return [host, unknown(`its configurations give it several: ${[...own].sort((a, b) => a - b).join(", ")}`)];
      return [host, mapped(overRuns(found.get(host)!, whyNot(kinds.get(host)!), 0), (seconds) => 1 / seconds)];
    }),
  );
}

export interface MachineSpeed {
  readonly speed: Estimate;
  /** From one run to the next. */
  readonly speedCv: Estimate;
}

/** By name of a machine that hosts share. */
export function machineSpeeds(runs: readonly RecordedRun[]): ReadonlyMap<string, MachineSpeed> {
  const found = new Map<string, Sample[]>();
  const kinds = new Map<string, Set<Kind>>();
  for (const [index, run] of runs.entries()) {
    const { machines } = run.problem.hosts;
    for (const name of machines?.names ?? []) {
      found.set(name, found.get(name) ?? []);
      kinds.set(name, kinds.get(name) ?? new Set());
    }
    for (const row of rowsOf(run)) {
      const name = machines?.names[machines.on[row.host]!];
      if (name === undefined) continue;
      const kind = kindOf(run, row);
      kinds.get(name)!.add(kind);
      if (kind === "works" && row.built && row.coreSeconds > 0)
        found.get(name)!.push({ run: index, value: row.coreSeconds / workOf(run, row) });
    }
  }
  const why = (name: string): string => whyNot(kinds.get(name)!, "no trace counts the processor time of its builds");
  return new Map(
    [...found].map(([name, samples]) => {
      const speed = mapped(overRuns(samples, why(name), 0), (seconds) => 1 / seconds);
      return [
        name,
        {
          speed,
          speedCv: speed.kind === "unknown" ? speed : betweenRuns(byRun(samples).map((values, run) => ({ run, value: middle(values) }))),
        },
      ];
    }),
  );
}

type Kind = "works" | "sleeps" | "fetches" | "is measured" | "is emulated" | "is guessed";

function kindOf({ problem }: RecordedRun, { task, host }: Row): Kind {
  const { tasks, demand, hosts } = problem;
  const wall = rowSeconds(demand, task as TaskId, host as HostId);
  if (wall === wall || tasks.seconds[task]! === tasks.seconds[task]!) return tasks.cpu[task] === 0 ? "sleeps" : "is measured";
  if (tasks.fetch[task] === 1) return "fetches";
  if (isGuessed(tasks.provenance[task]!)) return "is guessed";
  if (demand.slowdown[tasks.classOf[task]! * hosts.count + host] !== 1) return "is emulated";
  return tasks.work[task]! > 0 ? "works" : "sleeps";
}

const WHY: Readonly<Record<Exclude<Kind, "works">, string>> = {
  sleeps: "its builds sleep",
  fetches: "its builds fetch",
  "is measured": "the graph gives its builds measured seconds",
  "is emulated": "its builds are emulated, which slows them by a factor that no trace tells apart",
  "is guessed": "the work of its builds is a guess",
};

function whyNot(kinds: ReadonlySet<Kind>, unseen = "no trace shows when its builds began and ended"): string {
  const all = [...kinds].filter((kind) => kind !== "works").map((kind) => WHY[kind]);
  if (kinds.has("works")) return unseen;
  return all.length === 0 ? "it built nothing" : all.join("; ");
}

/** Core-seconds that the build takes on cores of speed 1. */
function workOf(run: RecordedRun, row: Row): number {
  const { problem } = run;
  const alone = aloneSeconds(problem, row.task as TaskId, row.host as HostId, grantOf(run, row)) * problem.hosts.speed[row.host]!;
  return alone * capOf(run, row);
}

function capOf(run: RecordedRun, row: Row): number {
  return busyCores(run.problem, row.task as TaskId, row.host as HostId, grantOf(run, row));
}

/** Cores that the build may use; a log that knows none says 0. */
function grantOf({ problem }: RecordedRun, { cores, host }: Row): number {
  return cores > 0 ? cores : problem.hosts.coresPerBuild[host]!;
}

/** Core-seconds between its start and its end, by the shares of all builds on its host; NaN where they are not seen. */
function sharedSeconds(run: RecordedRun, row: Row, rows: readonly Row[]): number {
  const from = row.at("started");
  const to = row.at("built");
  const beside = rows.filter((other) => other !== row && other.host === row.host && other.at("started") < to && other.at("built") > from);
  const cuts = [from, to, ...beside.flatMap((other) => [other.at("started"), other.at("built")])]
    .filter((at) => at >= from && at <= to)
    .sort((a, b) => a - b);
  const own = capOf(run, row);
  let got = to >= from ? 0 : Number.NaN;
  for (let i = 1; i < cuts.length; i++) {
    const middle = (cuts[i - 1]! + cuts[i]!) / 2;
    const caps = beside.filter((other) => other.at("started") <= middle && other.at("built") >= middle).map((other) => capOf(run, other));
    got += (cuts[i]! - cuts[i - 1]!) * shareOf(own, caps, run.problem.hosts.cores[row.host]!);
  }
  return got;
}

/** Of a capacity that is split evenly, nobody above his cap. */
function shareOf(own: number, others: readonly number[], capacity: number): number {
  let left = capacity;
  let open = others.length + 1;
  for (const cap of [...others, own].sort((a, b) => a - b)) {
    if (cap * open > left) return Math.min(own, left / open);
    left -= cap;
    open--;
  }
  return own;
}
