// How much slower builds of a foreign system are under emulation than native ones: processor time for a unit of the graph's work against
// that of native builds in the same run, on the same host or, where hosts share a machine, on that. By system and kind of work.
// Assumes: the graph's work is right for both. Blind: builds that sleep, fetch or whose work is a guess.
import type { Workload } from "#model/graph-file.js";
import { emulatedKind } from "#model/model-file.js";
import { kindOf, workOf } from "./build-work.js";
import { middle, overRuns, type Sample } from "./cluster.js";
import type { Estimate } from "./estimate.js";
import { perWork, type Work } from "./own-start.js";
import { type RecordedRun, rowsByHost } from "./recorded-run.js";
import { isOnMachine } from "./shared-machine.js";
import { evenShares } from "./shares.js";

/** By name of a machine, or of a host that has one of its own, then by system and workload: `riscv64-linux compile`. */
export type Emulation = ReadonlyMap<string, ReadonlyMap<string, Estimate>>;

interface Reading extends Work {
  readonly place: string;
  /** System and workload; "" = native. */
  readonly what: string;
}

export function emulation(runs: readonly RecordedRun[]): Emulation {
  const readings = runs.flatMap((run, index) => readingsOf(run, index));
  const places = [...new Set(readings.flatMap(({ place, what }) => (what === "" ? [] : [place])))];
  return new Map(
    places.map((place) => {
      const here = readings.filter((one) => one.place === place);
      const kinds = [...new Set(here.map(({ what }) => what))].filter((what) => what !== "");
      const of = (kind: string): readonly Sample[] => perWork(here.filter(({ what }) => what === kind));
      const native = of("");
      return [place, new Map(kinds.map((what) => [what, slowdown(of(what), native)]))];
    }),
  );
}

/** What differs from run to run native builds show as well, so each build counts for itself. */
function slowdown(emulated: readonly Sample[], native: readonly Sample[]): Estimate {
  const samples = emulated.flatMap(({ run, value }) => {
    const own = native.flatMap((one) => (one.run === run ? [one.value] : []));
    return own.length > 0 ? [{ run, value: value / middle(own) }] : [];
  });
  const each = samples.map(({ value }, run) => ({ run, value }));
  const found = overRuns(each, "no run counts the processor time of native builds there as well", 0);
  return found.kind === "known" ? { ...found, runs: new Set(samples.map(({ run }) => run)).size } : found;
}

function readingsOf(run: RecordedRun, index: number): Reading[] {
  const { hosts, demand, tasks } = run.problem;
  return rowsByHost(run).flatMap((rows) => {
    const even = evenShares(run, rows);
    return rows.flatMap((row, i): Reading[] => {
      const kind = kindOf(run, row);
      if (!row.built || (kind !== "works" && kind !== "is emulated")) return [];
      const kindOfWork = tasks.classOf[row.task]!;
      const isShared = isOnMachine(run, row.host);
      const place = isShared ? hosts.machines!.names[hosts.machines!.on[row.host]!]! : hosts.names[row.host]!;
      const seconds = isShared || !(even[i]!.coreSeconds > 0) ? row.coreSeconds : even[i]!.coreSeconds;
      const slower = demand.slowdown[kindOfWork * hosts.count + row.host]!;
      const what = slower === 1 ? "" : emulatedKind(demand.systems[kindOfWork]!, demand.workloads[kindOfWork] as Workload);
      return seconds > 0 ? [{ run: index, place, what, work: workOf(run, row) / slower, seconds }] : [];
    });
  });
}
