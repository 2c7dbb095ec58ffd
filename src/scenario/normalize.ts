// A fleet file → hosts as columns with no optionals left, and who can build what. Every default that was used is told
// as an assumption; names that stand twice are found here. Knows no graph and no scenario.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { type Dimension, micros, quantity } from "#base/units.js";
import type { HostId, Instant } from "#base/units.js";
import { coreShare, type FleetFile, type HostFile, type Quantity, speedOf, type SystemFile } from "#model/fleet-file.js";
import { type Hosts, type Machines, type Outage, UNCERTAIN, type Uncertain } from "#model/hosts.js";
import type { Closure } from "#model/problem.js";
import type { FleetSource } from "./compiled.js";
import { FLEET_DEFAULTS } from "./fleet-default.js";

/** What a host can build; index = HostId. */
export interface Ability {
  readonly systems: Readonly<Record<string, SystemFile>>;
  /** Supported or mandatory, as in Nix. */
  readonly features: ReadonlySet<string>;
  /** A job must require all of these. */
  readonly mandatory: readonly string[];
  /** Coefficients of variation of slowdowns that a model gave, by system and workload. */
  readonly uncertain: Readonly<Record<string, number>>;
}

export interface NormalFleet {
  readonly name: string;
  readonly hosts: Hosts;
  readonly abilities: readonly Ability[];
  readonly route: "coordinator" | "direct";
  readonly closure: Closure;
  readonly substituter: { readonly bandwidth: number; readonly hits: number | readonly string[] } | null;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

export function normalizeFleet(source: FleetSource): Result<NormalFleet> {
  const { file } = source;
  const given = [file.coordinator, ...file.builders];
  const faults = [...namedTwice(given, source), ...nowhere(given, source), ...quotas(given, source)];
  if (faults.length > 0) return fail(...faults);
  const ledger = new Ledger();
  const closure = file.closure ?? FLEET_DEFAULTS.closure.value;
  return ok({
    name: source.name,
    hosts: { ...columns(file, given, ledger), machines: machinesOf(file, given), uncertain: uncertainOf(source, given) },
    abilities: given.map((host, h) => abilityOf(host, h, ledger, source.uncertain?.get(host.name) ?? {})),
    route: file.route ?? "coordinator",
    closure: closure as Closure,
    substituter:
      file.substituter === undefined ? null : { bandwidth: amountOf(file.substituter.bandwidth, "rate"), hits: file.substituter.hits },
    assumptions: [
      ...ledger.sentences(given.length),
      ...(file.closure === undefined ? [`${FLEET_DEFAULTS.closure.says} (${FLEET_DEFAULTS.closure.source})`] : []),
    ],
    warnings: sharedUris(given),
  });
}

/** Defaults that were used, by what they say, with the hosts they were used for. */
class Ledger {
  private readonly uses = new Map<string, string[]>();

  use<T>(host: string, preset: { readonly value: T; readonly says: string; readonly source: string }): T {
    const key = `${preset.says} (${preset.source})`;
    const hosts = this.uses.get(key);
    if (hosts === undefined) this.uses.set(key, [host]);
    else if (!hosts.includes(host)) hosts.push(host);
    return preset.value;
  }

  sentences(hostCount: number): string[] {
    return [...this.uses].map(
      ([says, hosts]) => `${hosts.length === hostCount && hostCount > 1 ? "all hosts" : hosts.join(", ")}: ${says}`,
    );
  }
}

/** Seconds of a connect that is refused. Measured: 0.02 to 0.1 s. */
const REFUSED = 0.05;

function columns(file: FleetFile, given: readonly HostFile[], ledger: Ledger): Omit<Hosts, "machines" | "uncertain"> {
  const column = (of: (host: HostFile, h: number) => number) => Float64Array.from(given, of);
  const use = (
    host: HostFile,
    value: Quantity | undefined,
    dimension: Dimension,
    preset: { value: number; says: string; source: string },
  ) => (value === undefined ? ledger.use(host.name, preset) : amountOf(value, dimension));
  return {
    count: given.length,
    names: given.map((host) => host.name),
    uris: given.map((host, h) => host.uri ?? (h === 0 ? "" : `ssh://${host.name}`)),
    cores: column((host) => host.cores),
    speed: column((host) => (isSpeedKnown(file, host) ? speedOf(file, host) : ledger.use(host.name, FLEET_DEFAULTS.speed))),
    maxJobs: Int32Array.from(given, (host) => host.maxJobs),
    coresPerBuild: column((host) => (host.coresPerBuild === undefined || host.coresPerBuild === 0 ? host.cores : host.coresPerBuild)),
    speedFactor: column((host) => (host.speedFactor === undefined || host.speedFactor === 0 ? 1 : host.speedFactor)),
    memoryBytes: column((host) => use(host, host.memory, "bytes", FLEET_DEFAULTS.memory)),
    up: column((host) => use(host, host.link?.up, "rate", FLEET_DEFAULTS.rate)),
    down: column((host) => use(host, host.link?.down, "rate", FLEET_DEFAULTS.rate)),
    latency: column((host) => use(host, host.link?.latency, "seconds", FLEET_DEFAULTS.latency)),
    // Nobody connects to the coordinator, so nothing is assumed for it.
    connect: column((host, h) =>
      h === 0 && host.link?.connect === undefined ? 0 : use(host, host.link?.connect, "seconds", FLEET_DEFAULTS.connect),
    ),
    connectCpu: column((host) => (host.link?.connectCpu === undefined ? 0 : amountOf(host.link.connectCpu, "seconds"))),
    queueing: column((host) => host.link?.queueing ?? 0),
    connectTimeout: column((host) => (host.link?.connectTimeout === undefined ? REFUSED : amountOf(host.link.connectTimeout, "seconds"))),
    internet: column((host) => use(host, host.internet, "rate", FLEET_DEFAULTS.internet)),
    price: column((host) => host.price ?? 0),
    wattsIdle: column((host) => host.watts?.idle ?? 0),
    wattsBusy: column((host) => host.watts?.busy ?? 0),
    outages: mergedOutages(
      given.flatMap((host, h) =>
        (host.outages ?? []).map((outage) =>
          outageOf(
            h,
            amountOf(outage.at, "seconds"),
            outage.for === undefined ? Number.POSITIVE_INFINITY : amountOf(outage.for, "seconds"),
          ),
        ),
      ),
    ),
  };
}

function isSpeedKnown({ machines = {} }: FleetFile, { speed, quota, on }: HostFile): boolean {
  return speed !== undefined || quota !== undefined || (on !== undefined && machines[on]?.speed !== undefined);
}

/** Null where every host has a machine of its own. */
function machinesOf(file: FleetFile, given: readonly HostFile[]): Machines | null {
  if (given.every(({ on }) => on === undefined)) return null;
  const { machines = {} } = file;
  const names = Object.keys(machines);
  const rate = (value: Quantity | undefined): number => (value === undefined ? Number.POSITIVE_INFINITY : amountOf(value, "rate"));
  return {
    names,
    on: Int32Array.from(given, ({ on }) => (on === undefined ? -1 : names.indexOf(on))),
    cores: Float64Array.from(names, (name) => machines[name]!.cores),
    workCv: Float64Array.from(names, (name) => machines[name]!.workCv ?? 0),
    shareCv: Float64Array.from(names, (name) => machines[name]!.shareCv ?? 0),
    contention: Float64Array.from(names, (name) => machines[name]!.contention ?? 0),
    share: Float64Array.from(given, (host) => coreShare(file, host)),
    copyUp: Float64Array.from(given, ({ link }) => rate(link?.copyUp)),
    copyDown: Float64Array.from(given, ({ link }) => rate(link?.copyDown)),
  };
}

/** Null where all is given, and no model says how well it knows a figure. */
function uncertainOf({ uncertain = new Map() }: FleetSource, given: readonly HostFile[]): Uncertain | null {
  const isAssumed = ({ link }: HostFile, h: number): boolean => h > 0 && link?.connect === undefined;
  if (uncertain.size === 0 && !given.some(isAssumed)) return null;
  // That a model knows a connect from a few runs only is part of loadCv (calibrate/load.ts).
  const column = (field: string): Float64Array =>
    Float64Array.from(given, (host, h) =>
      field === "connect" ? (isAssumed(host, h) ? FLEET_DEFAULTS.connect.cv : 0) : (uncertain.get(host.name)?.[field] ?? 0),
    );
  return Object.fromEntries(UNCERTAIN.map((field) => [field, column(field)])) as Record<keyof Uncertain, Float64Array>;
}

/** Bare numbers come from importers, which write base units; files were checked to have units. */
function amountOf(value: Quantity, dimension: Dimension): number {
  return typeof value === "number" ? value : (quantity(value, dimension) ?? Number.NaN);
}

export function outageOf(host: number, at: number, duration: number): Outage {
  return { host: host as HostId, from: micros(at) as Instant, to: micros(at + duration) as Instant };
}

/** By host, then time; those that touch or overlap become one. */
export function mergedOutages(outages: readonly Outage[]): Outage[] {
  const merged: Outage[] = [];
  for (const outage of [...outages].sort((a, b) => a.host - b.host || a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last !== undefined && last.host === outage.host && outage.from <= last.to) {
      merged[merged.length - 1] = { ...last, to: Math.max(last.to, outage.to) as Instant };
    } else if (outage.to > outage.from) merged.push(outage);
  }
  return merged;
}

function abilityOf(host: HostFile, h: number, ledger: Ledger, uncertain: Ability["uncertain"]): Ability {
  const mandatory = host.mandatoryFeatures ?? [];
  const supported = host.features ?? (h === 0 ? ledger.use(host.name, FLEET_DEFAULTS.coordinatorFeatures) : []);
  return { systems: host.systems, features: new Set([...supported, ...mandatory]), mandatory, uncertain };
}

function namedTwice(given: readonly HostFile[], source: FleetSource): Fault[] {
  return given.flatMap((host, h) => {
    const first = given.findIndex((other) => other.name === host.name);
    if (first === h) return [];
    const found = `found the host name ${host.name} a second time (first: ${first === 0 ? "coordinator" : `builders[${first - 1}]`}), expected each once`;
    return [
      fault(
        "input",
        source.where(["builders", h - 1, "name"]),
        found,
        "two lines of a machines file for one host are one host with several systems here",
      ),
    ];
  });
}

function nowhere(given: readonly HostFile[], source: FleetSource): Fault[] {
  const names = Object.keys(source.file.machines ?? {});
  return given.flatMap(({ name, on }, h) => {
    if (on === undefined || names.includes(on)) return [];
    const known = names.length === 0 ? "machines: {NAME: {cores: 2}} beside builders" : `one of ${names.join(", ")}`;
    const place = h === 0 ? ["coordinator", "on"] : ["builders", h - 1, "on"];
    return [
      fault(
        "input",
        source.where(place),
        `found ${name} on the unknown machine ${JSON.stringify(on)}, expected ${known}`,
        suggest(on, names),
      ),
    ];
  });
}

function quotas(given: readonly HostFile[], source: FleetSource): Fault[] {
  return given.flatMap(({ name, on, speed, quota }, h) => {
    if (quota === undefined || (on !== undefined && speed === undefined)) return [];
    const [found, expected] =
      speed === undefined ? ["no machine that it is a part of", "on: MACHINE beside it"] : ["a speed besides", "one of the two"];
    return [
      fault(
        "input",
        source.where([...(h === 0 ? ["coordinator"] : ["builders", h - 1]), "quota"]),
        `found a quota for ${name} and ${found}, expected ${expected}`,
      ),
    ];
  });
}

function sharedUris(given: readonly HostFile[]): string[] {
  return given.flatMap((host, h) => {
    const first = given.findIndex((other) => other.uri !== undefined && other.uri === host.uri);
    if (first < 0 || first === h) return [];
    return [`${host.name} has the same URI as ${given[first]!.name} (${host.uri}): Nix would let them share slots, here each has its own`];
  });
}
