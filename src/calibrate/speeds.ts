// Speed of the hosts' cores: work of a build over the core-seconds that it got: its even share of the host's, what a trace counts where
// no share can be told. Of hosts that share a machine it says that they do: machine-figures.ts.
// Blind: builds that sleep, fetch or are emulated.
import { overRuns, type Sample } from "./cluster.js";
import { type Kind, kindOf, whyNot, workOf } from "./build-work.js";
import { type Estimate, mapped, unknown } from "./estimate.js";
import { type RecordedRun, rowsByHost } from "./recorded-run.js";
import { isOnMachine } from "./shared-machine.js";
import { evenShares } from "./shares.js";

export function speeds(runs: readonly RecordedRun[], hosts: readonly string[]): ReadonlyMap<string, Estimate> {
  const found = new Map(hosts.map((host): [string, Sample[]] => [host, []]));
  const kinds = new Map(hosts.map((host): [string, Set<Kind>] => [host, new Set()]));
  /** A host whose CPU was limited differently from run to run is not one host. */
  const given = new Map(hosts.map((host): [string, Set<number>] => [host, new Set()]));
  for (const [index, run] of runs.entries()) {
    for (const rows of rowsByHost(run)) {
      const even = evenShares(run, rows);
      for (const [i, row] of rows.entries()) {
        const host = run.problem.hosts.names[row.host]!;
        const kind = kindOf(run, row);
        kinds.get(host)!.add(kind);
        if (kind !== "works" || !row.built) continue;
        given.get(host)!.add(run.problem.hosts.speed[row.host]!);
        const got = even[i]!.coreSeconds > 0 ? even[i]!.coreSeconds : row.coreSeconds;
        if (got > 0) found.get(host)!.push({ run: index, value: got / workOf(run, row) });
      }
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
