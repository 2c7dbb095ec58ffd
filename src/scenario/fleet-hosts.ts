// Hosts of a fleet as columns with no optionals left: what the file says, else the default, which the ledger is told; machines that they
// share; and how far each figure may be off. Takes a fleet that has no faults.
import { type Dimension, quantity } from "#base/units.js";
import { coreShare, type FleetFile, type HostFile, type Quantity, speedOf } from "#model/fleet-file.js";
import { type Hosts, type Machines, UNCERTAIN, type Uncertain } from "#model/hosts.js";
import type { FleetSource } from "./compiled.js";
import { FLEET_DEFAULTS, type FleetDefault, type Ledger } from "./fleet-default.js";
import { mergedOutages, outageOf } from "./outages.js";

/** `given`: the coordinator, then the builders. */
export function hostsOf(source: FleetSource, given: readonly HostFile[], ledger: Ledger): Hosts {
  const { file } = source;
  return { ...columns(file, given, ledger), machines: machinesOf(file, given), uncertain: uncertainOf(source, given) };
}

/** Seconds of a connect that is refused. Measured: 0.02 to 0.1 s. */
const REFUSED = 0.05;

function columns(file: FleetFile, given: readonly HostFile[], ledger: Ledger): Omit<Hosts, "machines" | "uncertain"> {
  const column = (of: (host: HostFile, h: number) => number) => Float64Array.from(given, of);
  const use = (host: HostFile, value: Quantity | undefined, dimension: Dimension, preset: FleetDefault<number>) =>
    value === undefined ? ledger.use(host.name, preset) : amountOf(value, dimension);
  return {
    count: given.length,
    names: given.map((host) => host.name),
    uris: given.map((host, h) => host.uri ?? (h === 0 ? "" : `ssh://${host.name}`)),
    cores: column((host) => host.cores),
    speed: column((host) => {
      if (!isSpeedKnown(file, host)) ledger.use(host.name, FLEET_DEFAULTS.speed);
      return speedOf(file, host);
    }),
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

/** A quota says how much of a machine's processors, not how fast they are. */
function isSpeedKnown({ machines = {} }: FleetFile, { speed, on }: HostFile): boolean {
  return speed !== undefined || (on !== undefined && machines[on]?.speed !== undefined);
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
export function amountOf(value: Quantity, dimension: Dimension): number {
  return typeof value === "number" ? value : (quantity(value, dimension) ?? Number.NaN);
}
