// Machines and nix.conf settings → a fleet file. Nix knows neither cores nor speed nor which systems are emulated, so
// those are assumed, and each assumption is returned as a note. Lines that share their slots become one host. Knows
// no file syntax.
import { compareText } from "#base/order.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { systemsOf } from "./host-systems.js";
import { slotKey, withParams } from "./machine-uri.js";
import type { Machine } from "./machines.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";
import type { NixSettings } from "./nix-conf.js";

export interface FleetInput {
  readonly name: string;
  readonly machines: readonly Machine[];
  /** Of the coordinator; absent when no nix.conf was given. */
  readonly settings?: NixSettings;
  readonly version: NixVersion;
  /** The coordinator's system, where nix.conf does not say. */
  readonly system?: string;
}

export interface ImportedFleet {
  /** `x-import` keeps what the schema has no place for; readers ignore it. */
  readonly fleet: FleetFile & { readonly "x-import": { readonly notes: readonly string[]; readonly settings?: NixSettings } };
  readonly notes: readonly string[];
}

/** What nixpkgs' Nix detects on a usual Linux host; kvm only where /dev/kvm is usable. */
const FEATURES_DEFAULT = ["benchmark", "big-parallel", "kvm", "nixos-test"];
const CORES_ASSUMED = 8;
/** Slots and speedFactor may say anything ("as many as there are"); hardware may not. */
const CORES_MAX = 1024;
const SPEED_MAX = 1000;

export function fleetOf(input: FleetInput): ImportedFleet {
  const notes: string[] = [];
  const coordinator = coordinatorOf(input, notes);
  const own = Object.keys(coordinator.systems)[0]!;
  const groups = groupedBy(input.machines, (machine) => slotKey(machine.uri, input.version));
  const names = new Set([coordinator.name]);
  const builders = [...groups.values()].map((lines) => builderOf(lines, own, input.version, names, notes));
  if (builders.length > 0)
    notes.push(
      "assumed of every builder: as many cores as maxJobs, speed = speedFactor; edit cores and speed, or measure with drvfleet check",
    );
  noteSameHosts([...groups.values()], notes);
  const settings = input.settings === undefined ? {} : { settings: input.settings };
  return { fleet: { schema: "drvfleet.fleet/1", name: input.name, coordinator, builders, "x-import": { notes, ...settings } }, notes };
}

function coordinatorOf({ settings, system: asked, machines, version }: FleetInput, notes: string[]): HostFile {
  const system = settings?.system ?? asked ?? machines[0]?.systems?.[0] ?? "x86_64-linux";
  if (settings?.system === undefined && asked === undefined)
    notes.push(`assumed: the coordinator is ${system}; say otherwise with --system`);
  const { systems, emulated } = systemsOf([...new Set([system, ...(settings?.extraPlatforms ?? [])])]);
  if (emulated.length > 0)
    notes.push(`assumed: the coordinator emulates ${emulated.join(", ")} with qemu-user, as slowly as a host measured elsewhere`);
  const jobs = settings?.maxJobs ?? 1;
  const perBuild = settings?.cores ?? 0;
  const cores = Math.min(Math.max(CORES_ASSUMED, perBuild, jobs === "auto" ? 0 : jobs), CORES_MAX);
  notes.push(`assumed: the coordinator has ${cores} cores of speed 1`);
  if (settings === undefined) notes.push("no nix.conf given: the coordinator builds one job at a time, as Nix does by default");
  if (jobs === "auto") notes.push(`max-jobs = auto is taken as the assumed ${cores} cores`);
  if (settings?.systemFeatures === undefined)
    notes.push(`assumed: the coordinator's system-features are Nix's defaults with kvm: ${FEATURES_DEFAULT.join(", ")}`);
  if (settings?.buildersUseSubstitutes)
    notes.push("builders-use-substitutes is on: add `substituter` to the fleet for what builders fetch themselves");
  if (settings?.substitute && !atLeast(version, "2.30"))
    notes.push("substitute is on: before Nix 2.30 goals ask later for it, compare with the policy nix[version=…,substitute=true]");
  const features = [...new Set([...(settings?.systemFeatures ?? FEATURES_DEFAULT), ...(settings?.extraSystemFeatures ?? [])])].sort(
    compareText,
  );
  return {
    name: "coordinator",
    cores,
    speed: 1,
    maxJobs: jobs === "auto" ? cores : jobs,
    ...(perBuild > 0 && { coresPerBuild: perBuild }),
    systems,
    features,
  };
}

/** Lines with one slot key: Nix lets them share slots, up to the largest maxJobs. */
function builderOf(lines: readonly Machine[], own: string, version: NixVersion, names: Set<string>, notes: string[]): HostFile {
  const first = lines[0]!;
  const name = uniqueName(first, names);
  const { systems, emulated } = systemsOf([...new Set(lines.flatMap((line) => line.systems ?? [own]))]);
  if (emulated.length > 0)
    notes.push(`assumed: ${name} emulates ${emulated.join(", ")} with qemu-user, as slowly as a host measured elsewhere`);
  if (first.uri.port !== undefined && !atLeast(version, "2.31"))
    notes.push(`${first.where}: Nix before 2.31 ignores the port of ${first.uri.text}; put it into ssh_config`);
  if (lines.length > 1) noteMerged(lines, name, notes);
  const all = (pick: (line: Machine) => readonly string[]) => [...new Set(lines.flatMap(pick))].sort(compareText);
  // A drv that needs no mandatory feature may use the line that has none.
  const mandatory = lines.some((line) => line.mandatoryFeatures.length === 0) ? [] : all((line) => line.mandatoryFeatures);
  const features = all((line) => [...line.features, ...line.mandatoryFeatures]);
  const maxJobs = Math.max(...lines.map((line) => line.maxJobs));
  return {
    name,
    uri: completeUri(first),
    cores: Math.min(Math.max(1, maxJobs), CORES_MAX),
    speed: Math.min(first.speedFactor, SPEED_MAX),
    maxJobs,
    speedFactor: first.speedFactor,
    systems,
    ...(features.length > 0 && { features }),
    ...(mandatory.length > 0 && { mandatoryFeatures: mandatory }),
  };
}

/** Key and host key as the URI parameters that Nix makes of them. */
function completeUri({ uri, sshKey, publicHostKey }: Machine): string {
  if (sshKey === undefined && publicHostKey === undefined) return uri.text;
  if (uri.scheme !== "ssh" && uri.scheme !== "ssh-ng") return uri.text;
  const query = uri.text.indexOf("?");
  return withParams(query < 0 ? uri.text : uri.text.slice(0, query), {
    ...uri.params,
    ...(sshKey !== undefined && { "ssh-key": sshKey }),
    ...(publicHostKey !== undefined && { "base64-ssh-public-host-key": publicHostKey }),
  });
}

function uniqueName({ uri }: Machine, names: Set<string>): string {
  // Blanks, commas and glob characters have a meaning where hosts are named.
  const plain = (text: string) => text.replace(/[\s,*?[\]=]/g, "-");
  const host = plain(uri.host);
  const candidates = [host, ...(uri.user === undefined ? [] : [plain(`${uri.user}@${uri.host}`)])];
  for (let k = 2; ; k++) {
    const name = candidates.find((candidate) => !names.has(candidate));
    if (name !== undefined) {
      names.add(name);
      return name;
    }
    candidates.push(`${host}-${k}`);
  }
}

function noteMerged(lines: readonly Machine[], name: string, notes: string[]): void {
  const factors = new Set(lines.map((line) => line.speedFactor));
  const mandatory = lines.some((line) => line.mandatoryFeatures.length > 0);
  const where = lines.map((line) => line.where).join(", ");
  const kept = factors.size > 1 ? `; speedFactor ${lines[0]!.speedFactor} of the first line is kept` : "";
  const loose =
    mandatory || lines.some((line) => line.maxJobs !== lines[0]!.maxJobs) ? "; features and slots are those of all lines together" : "";
  notes.push(`${where}: ${lines.length} lines share the slots of ${name} and become one host${kept}${loose}`);
}

/** One host under several URIs has slots of its own for each, but its cores only once. */
function noteSameHosts(groups: readonly (readonly Machine[])[], notes: string[]): void {
  const byHost = groupedBy(
    groups.map((lines) => lines[0]!).filter((line) => line.uri.scheme !== ""),
    (line) => line.uri.host,
  );
  for (const [host, lines] of byHost) {
    if (lines.length < 2) continue;
    const uris = lines.map((line) => line.uri.text).join(", ");
    notes.push(
      `${host} appears under ${lines.length} URIs (${uris}): Nix counts their slots apart, and so does the fleet, which counts its cores twice`,
    );
  }
}

/** In order of first appearance. */
function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
