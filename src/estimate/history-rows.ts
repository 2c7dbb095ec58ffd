// Past builds, as records tell them → rows of a history file. A graph says which package and system a derivation is; a
// fleet says which host a machine is, its cores, and whether it emulates; what neither says is assumed and counted.
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import type { NodeFile } from "#model/graph-file.js";
import type { PastBuild } from "#model/past-build.js";
import { OPEN } from "./history-append.js";
import { type HistoryRow, SECONDS_MAX } from "./history-file.js";
import { withoutVersion } from "./identity.js";
import { nodeFinder } from "./node-finder.js";
import { isFetch } from "./prior.js";

export interface Surroundings {
  readonly nodes: readonly NodeFile[];
  readonly fleet?: FleetFile;
  /** Name of a machine, as the record writes it. */
  readonly hostOf: (machine: string) => string;
  /** Of builds whose record and graph know none. */
  readonly system: string;
  readonly cores: number;
}

/** What of a row is no assumption. */
export interface Basis {
  /** A graph has the derivation: its package and system are known. */
  readonly package: boolean;
  /** The fleet's host: name, cores and emulation are known. */
  readonly host: HostFile | undefined;
}

export interface HistoryRows {
  readonly rows: readonly HistoryRow[];
  /** By row. */
  readonly bases: readonly Basis[];
  readonly notes: readonly string[];
}

export function rowsOf(past: readonly PastBuild[], around: Surroundings): HistoryRows {
  const nodeOf = nodeFinder(around.nodes);
  const hosts = new Map(
    around.fleet === undefined ? [] : [around.fleet.coordinator, ...around.fleet.builders].map((host) => [host.name, host]),
  );
  const rows: HistoryRow[] = [];
  const bases: Basis[] = [];
  const count = { fetch: 0, absurd: 0, system: 0, cores: 0 };
  const strangers = new Set<string>();
  for (const build of past) {
    const node = nodeOf(build);
    if (node !== undefined && isFetch(node)) {
      count.fetch++;
      continue;
    }
    if (!(build.seconds <= SECONDS_MAX)) {
      count.absurd++;
      continue;
    }
    const host = around.hostOf(build.machine);
    const known = hosts.get(host);
    const system = build.system ?? node?.system;
    if (system === undefined) count.system++;
    if (known === undefined) strangers.add(host);
    const granted = build.cores ?? known?.coresPerBuild ?? known?.cores;
    if (granted === undefined) count.cores++;
    rows.push(rowOf(build, node, { host, known, system: system ?? around.system, cores: granted ?? around.cores }));
    bases.push({ package: node !== undefined, host: known });
  }
  const notes = [
    ...(count.fetch > 0 ? [`${count.fetch} fetches are left out: their time is the network's`] : []),
    ...(count.absurd > 0 ? [`${count.absurd} builds are left out: they took over ${SECONDS_MAX} s, are their times in seconds?`] : []),
    ...(count.system > 0
      ? [`${count.system} builds are taken for ${around.system}: neither record nor graph says their system (--graph, --system)`]
      : []),
    ...(count.cores > 0
      ? [`${count.cores} builds are taken to have had ${around.cores} core${around.cores === 1 ? "" : "s"} (--fleet, --cores)`]
      : []),
    ...(strangers.size > 0
      ? [
          `no fleet tells whether ${[...strangers].slice(0, 5).join(", ")}${strangers.size > 5 ? ", …" : ""} emulated: taken as native (--fleet)`,
        ]
      : []),
  ];
  return { rows, bases, notes };
}

interface Place {
  readonly host: string;
  readonly known: HostFile | undefined;
  readonly system: string;
  readonly cores: number;
}

function rowOf(build: PastBuild, node: NodeFile | undefined, { host, known, system, cores }: Place): HistoryRow {
  const pname = node?.pname ?? withoutVersion(node?.name ?? build.name);
  const version = node?.version ?? (build.name.startsWith(`${pname}-`) ? build.name.slice(pname.length + 1) : undefined);
  const how = known?.systems[system];
  const emulated = typeof how === "object";
  return {
    pname,
    ...(version !== undefined && { version }),
    system,
    host,
    emulated,
    cores,
    seconds: Math.round(build.seconds * 1e6) / 1e6,
    // Under emulation nobody knows how many of the core-seconds were the emulator's.
    ...(build.coreSeconds !== undefined &&
      known?.speed !== undefined &&
      !emulated && { workCoreSeconds: Math.round(build.coreSeconds * known.speed * 1e6) / 1e6 }),
    at: Math.round(build.at * 1e6) / 1e6,
    provenance: build.provenance,
    ...(build.between !== undefined && { [OPEN]: build.between }),
  };
}
