// "What would help most": the winner again, in the first worlds, on fleets with one thing changed: one more host of each
// kind, a native system for an emulated one, faster links, one more slot each. Same worlds, so ratios are paired.
import { setImmediate } from "node:timers/promises";
import type { FleetFile, HostFile, LinkFile } from "#model/fleet-file.js";
import type { RunDetail, WhatIf } from "#report/report-input.js";
import type { FleetSource } from "#scenario/compiled.js";
import { runOne, worldOf } from "./cell.js";
import type { Experiment, Kit } from "./experiment.js";

/** Worlds per variant: the difference is paired, so few are enough for a direction. */
const WORLDS = 3;
/** Graphs above this are not run again and again. */
const TASKS_MAX = 20_000;

interface Variant {
  readonly label: string;
  readonly file: FleetFile;
}

export async function whatIfs(experiment: Experiment, kit: Kit, { run, problem }: RunDetail): Promise<WhatIf[]> {
  if (problem.graph.count > TASKS_MAX) return [];
  const source = kit.loaded.fleets.find(({ name }) => name === run.fleet)!;
  const variants = [{ label: "as it is", file: source.file }, ...variantsOf(source.file)];
  const compiled = kit.compile(variants.map(({ label, file }): FleetSource => ({ name: label, where: source.where, file })));
  if (!compiled.ok) return [];
  const contender = experiment.contenders.find(({ policy }) => policy === run.policy)!;
  const seeds = experiment.seeds.slice(0, WORLDS);
  const means: number[] = [];
  for (const fleet of compiled.value) {
    const times = seeds.map((seed) => runOne(fleet, contender, worldOf(fleet, seed)).trace.makespan / 1e6);
    means.push(times.reduce((sum, time) => sum + time, 0) / times.length);
    // Signals are heard between two steps only.
    await setImmediate();
  }
  return variants.slice(1).map(({ label }, i) => ({ label, makespan: means[i + 1]!, ratio: means[i + 1]! / means[0]! }));
}

function variantsOf(file: FleetFile): Variant[] {
  const { builders, coordinator } = file;
  const more = kindsOf(builders).map(
    (host): Variant => ({
      label: `one more ${host.name}`,
      file: {
        ...file,
        builders: [...builders, { ...host, name: `${host.name}-more`, ...(host.uri !== undefined && { uri: `${host.uri}-more` }) }],
      },
    }),
  );
  const native = emulatedSystems(file).map(
    (system): Variant => ({ label: `${system} native on all that emulate it`, file: everyHost(file, (host) => nativeOn(host, system)) }),
  );
  return [
    ...more,
    ...native,
    { label: "every link 10 Gbit/s", file: everyHost(file, (host) => ({ ...host, link: fast(host.link) })) },
    {
      label: "one more slot on every builder",
      file: { ...file, builders: builders.map((host) => ({ ...host, maxJobs: host.maxJobs + 1 })) },
    },
    ...(coordinator.maxJobs > 0
      ? [{ label: "a coordinator that builds nothing", file: { ...file, coordinator: { ...coordinator, maxJobs: 0 } } }]
      : []),
  ];
}

/** The first host of each kind: alike but for names. */
function kindsOf(hosts: readonly HostFile[]): HostFile[] {
  const kinds = new Map<string, HostFile>();
  for (const host of hosts) {
    const { name: _, uri: __, ...kind } = host;
    const key = JSON.stringify(kind);
    if (!kinds.has(key)) kinds.set(key, host);
  }
  return [...kinds.values()];
}

function emulatedSystems({ coordinator, builders }: FleetFile): string[] {
  const systems = [coordinator, ...builders].flatMap(({ systems }) =>
    Object.entries(systems).flatMap(([system, how]) => (how === "native" ? [] : [system])),
  );
  return [...new Set(systems)].sort();
}

function nativeOn(host: HostFile, system: string): HostFile {
  return system in host.systems ? { ...host, systems: { ...host.systems, [system]: "native" } } : host;
}

function fast(link: LinkFile | undefined): LinkFile {
  return { ...link, up: "10 Gbit/s", down: "10 Gbit/s" };
}

function everyHost(file: FleetFile, change: (host: HostFile) => HostFile): FleetFile {
  return { ...file, coordinator: change(file.coordinator), builders: file.builders.map(change) };
}
