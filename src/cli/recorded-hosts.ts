// What a machine of a record is called: the fleet's name for that address, else its host name; "" is the machine that
// kept the record. Two stores on one host (`remote-store=…`) stay apart by their whole address.
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { type MachineUri, parseMachineUri } from "#ingest/machine-uri.js";

export interface RecordedHosts {
  /** The coordinator first, then the fleet's builders in their order, then strangers as they came up. */
  readonly names: readonly string[];
  of(machine: string): string;
  /** Hosts of the record that the fleet lacks, and builders of the fleet that the record lacks; none where no fleet tells. */
  readonly strangers: readonly string[];
  readonly unseen: readonly string[];
  /** Cores that a build is granted there, where the fleet tells. */
  cores(host: string): number | undefined;
}

/** `machines`: every machine of the record, in order of appearance. `own`: the keeper's name where no fleet tells. */
export function recordedHosts(machines: Iterable<string>, fleet: FleetFile | undefined, own: string): RecordedHosts {
  const coordinator = fleet?.coordinator.name ?? own;
  const builders = fleet?.builders ?? [];
  const nameOf = new Map<string, string>([["", coordinator]]);
  const texts = [...new Set(machines)].filter((machine) => machine !== "");
  const uris = new Map(texts.map((text) => [text, parseMachineUri(text)]));
  for (const [text, uri] of uris) {
    const known = builders.find((host) => isMachine(host, text, uri));
    const isAlone = [...uris].filter(([other, its]) => its?.host === uri?.host && bare(other) !== bare(text)).length === 0;
    nameOf.set(text, known?.name ?? (uri === undefined ? text : isAlone ? uri.host : bare(text)));
  }
  const called = new Set(nameOf.values());
  const names = [...new Set([coordinator, ...builders.map((host) => host.name), ...called])];
  const granted = new Map(
    (fleet === undefined ? [] : [fleet.coordinator, ...builders]).map((host) => [host.name, host.coresPerBuild ?? host.cores]),
  );
  const strangers = fleet === undefined ? [] : [...called].filter((name) => !granted.has(name));
  const unseen = builders.map((host) => host.name).filter((name) => !called.has(name));
  return { names, strangers, unseen, of: (machine) => nameOf.get(machine) ?? machine, cores: (host) => granted.get(host) };
}

/** What a person should know of a fleet that is not quite the record's. */
export function fleetNotes({ strangers, unseen }: RecordedHosts, file: string | undefined): readonly string[] {
  return [
    ...(strangers.length > 0 ? [`${file}: no host of this fleet is ${strangers.join(", ")}: cores there are written as 0`] : []),
    ...(unseen.length > 0 ? [`${file}: nothing was built on ${unseen.join(", ")} of this fleet`] : []),
  ];
}

/** The same address, or the same host where the fleet's builder names no address. */
function isMachine(host: HostFile, text: string, uri: MachineUri | undefined): boolean {
  if (host.uri === undefined) return host.name === text || host.name === uri?.host;
  if (bare(host.uri) === bare(text)) return true;
  const own = parseMachineUri(host.uri);
  const isPlain = own !== undefined && Object.keys(own.params).length === 0;
  return (
    isPlain && uri !== undefined && own.host === uri.host && (own.port === undefined || uri.port === undefined || own.port === uri.port)
  );
}

/** The address without scheme and user: nix-output-monitor keeps no more. */
function bare(text: string): string {
  return text.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "").replace(/^[^@/?]*@/, "");
}
