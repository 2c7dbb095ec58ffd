// A fleet file with what was measured put in the place of what was written or assumed: cores, speed, memory, links, systems
// that really build, features that are accepted. What could not be measured stays. `x-check` beside each host names what is
// measured, so that figures keep their origin. Pure.
import type { FleetFile, HostFile, LinkFile, SystemFile } from "#model/fleet-file.js";
import { failedStep, isBusy, type ProbedHost, type ProbedSystem } from "#model/probed-host.js";

/** What a system costs where it is emulated and the file says nothing. */
export type EmulationOf = (system: string, loopSlowdown: number | null) => SystemFile;

export function measuredFleet(fleet: FleetFile, probed: readonly ProbedHost[], at: string, emulation: EmulationOf): FleetFile {
  const measured = (host: HostFile) => {
    const found = probed.find(({ name }) => name === host.name);
    return found === undefined ? host : measuredHost(host, found, at, emulation);
  };
  return { ...fleet, coordinator: measured(fleet.coordinator), builders: fleet.builders.map(measured) };
}

function measuredHost(host: HostFile, found: ProbedHost, at: string, emulation: EmulationOf): HostFile {
  const failed = failedStep(found);
  const { hardware, speed } = found;
  const link = linkOf(found);
  const figures: Partial<HostFile> = {
    ...(hardware !== null && { cores: coresOf(found) }),
    ...(speed !== null && { speed: round(speed.single, 3) }),
    ...(hardware !== null && hardware.memoryBytes !== null && { memory: `${Math.floor(hardware.memoryBytes / 2 ** 20)} MiB` }),
    ...(found.systems.some(({ builds }) => builds) && { systems: systemsOf(host, found.systems, emulation) }),
    ...(found.features !== null && { features: found.features }),
  };
  const provenance = {
    at,
    measured: [...Object.keys(figures), ...Object.keys(link).map((key) => `link.${key}`)],
    ...(failed !== undefined && { failed: `${failed.step}: ${failed.what}` }),
    ...(hardware !== null && { processors: hardware.processors }),
    ...(speed?.worth !== null && speed !== null && { worth: round(speed.worth, 3) }),
  };
  // What was measured is the whole of its speed.
  const { quota, ...kept } = host;
  return {
    ...(speed === null ? host : kept),
    ...figures,
    ...(Object.keys(link).length > 0 && { link: { ...host.link, ...link } }),
    ...{ "x-check": provenance },
  };
}

/** All processors together below this share of their number: threads of shared cores, a quota, or a neighbour. */
const WORTH_MIN = 0.8;

/** Cores as the model has them, each as fast as one alone: what the processors are worth together. */
export function coresOf({ hardware, speed }: ProbedHost): number {
  if (hardware === null) return 1;
  const { processors } = hardware;
  const worth = speed?.worth ?? processors;
  return isBusy(hardware) || worth >= WORTH_MIN * processors ? processors : Math.max(1, Math.round(worth));
}

function linkOf({ link }: ProbedHost): LinkFile {
  if (link === null) return {};
  return {
    ...(link.up !== null && { up: rate(link.up) }),
    ...(link.down !== null && { down: rate(link.down) }),
    // One way: half of there and back.
    ...(link.roundTrip !== null && { latency: `${round((link.roundTrip * 1000) / 2, 3)} ms` }),
    connect: `${round(link.connect, 3)} s`,
  };
}

/** What builds there, in the order of the file; figures of emulation that the file has are kept. */
function systemsOf(host: HostFile, systems: readonly ProbedSystem[], emulation: EmulationOf): Record<string, SystemFile> {
  const entries = systems
    .filter(({ builds }) => builds === true)
    .map(({ system, emulated, slowdown }): [string, SystemFile] => {
      const written = host.systems[system];
      if (!emulated) return [system, "native"];
      return [system, written === undefined || written === "native" ? emulation(system, slowdown) : written];
    });
  const order = Object.keys(host.systems);
  const place = (system: string) => (order.includes(system) ? order.indexOf(system) : order.length);
  return Object.fromEntries(entries.sort(([a], [b]) => place(a) - place(b)));
}

function rate(bytesPerSecond: number): string {
  return `${round((bytesPerSecond * 8) / 1e6, 3)} Mbit/s`;
}

/** To so many digits. */
function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
