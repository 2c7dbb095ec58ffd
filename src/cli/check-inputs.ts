// What `check` is to look at: a fleet file, what Nix users have (machines, nix.conf, nix.buildMachines), or names of hosts.
// Gives a fleet file.
import { existsSync, statSync } from "node:fs";
import { fail, type Fault, fault, ok, type Result, suggest } from "#base/fault.js";
import { parseMachineUri } from "#ingest/machine-uri.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { readDocument } from "#scenario/document.js";
import { fleetOf } from "#scenario/fleet-source.js";
import { load } from "./files.js";
import { importFleet } from "./import-fleet.js";

export interface CheckInput {
  readonly fleet: FleetFile;
  /** As the report calls it. */
  readonly name: string;
  /** A fleet file says everything; a machines file what builders promise; names nothing. */
  readonly kind: "fleet" | "machines" | "names";
}

export function checkInput(inputs: readonly string[]): Result<CheckInput> {
  const files = inputs.filter(isFile);
  if (files.length === 0) return ofNames(inputs);
  if (inputs.length > 1)
    return fail(
      fault(
        "usage",
        inputs[1]!,
        "found a second input beside a file, expected one file, or names of hosts",
        "--only picks hosts of a file",
      ),
    );
  const path = files[0]!;
  const file = load(path);
  if (!file.ok) return file;
  const document = readDocument(path, file.value.bytes);
  const isFleet = document.ok && /^drvfleet\.|^$/.test(String((document.value.value as { schema?: unknown } | null)?.schema ?? "none"));
  if (isFleet) {
    const fleet = fleetOf(document.value);
    return fleet.ok ? ok({ fleet: fleet.value.file, name: fleet.value.name, kind: "fleet" }) : fleet;
  }
  const imported = importFleet({ inputs: [path], name: path });
  if (!imported.ok) return imported;
  const { "x-import": _, ...fleet } = imported.value.fleet;
  return ok({ fleet, name: path, kind: "machines" });
}

/** A path that exists, or looks like one. */
function isFile(input: string): boolean {
  if (/^[A-Za-z][\w+.-]*:\/\//.test(input)) return false;
  return input.includes("/") || /\.(ya?ml|json|conf)(\.gz)?$/.test(input) || (existsSync(input) && statSync(input).isFile());
}

/** Hosts of which nothing is known but where they are; what they build is asked of them. */
function ofNames(names: readonly string[]): Result<CheckInput> {
  const hosts: HostFile[] = [];
  const faults: Fault[] = [];
  for (const text of names) {
    const uri = parseMachineUri(text);
    if (uri === undefined || uri.scheme === "" || !/^[^\s,*?[\]=]+$/.test(uri.host))
      faults.push(fault("usage", text, `found ${JSON.stringify(text)}, expected a host such as kana or ssh://root@kana`));
    else if (hosts.every(({ name }) => name !== uri.host))
      hosts.push({ name: uri.host, uri: uri.text, cores: 1, speed: 1, maxJobs: 1, systems: { "x86_64-linux": "native" } });
  }
  if (faults.length > 0) return fail(...faults);
  const coordinator: HostFile = { name: "coordinator", cores: 1, speed: 1, maxJobs: 0, systems: { "x86_64-linux": "native" } };
  return ok({
    fleet: { schema: "drvfleet.fleet/1", name: "checked", coordinator, builders: hosts },
    name: names.join(", "),
    kind: "names",
  });
}

/** The builders that flags leave; names that the fleet has not are faults. */
export function chosen(fleet: FleetFile, only: readonly string[], exclude: readonly string[]): Result<FleetFile> {
  const names = [fleet.coordinator, ...fleet.builders].map(({ name }) => name);
  const words = (flags: readonly string[]) => flags.flatMap((flag) => flag.split(",")).filter((word) => word !== "");
  const faults = [
    ...words(only).map((name) => ["--only", name] as const),
    ...words(exclude).map((name) => ["--exclude", name] as const),
  ].flatMap(([flag, name]) =>
    names.includes(name) ? [] : [fault("usage", flag, `found no host ${JSON.stringify(name)} in the fleet`, suggest(name, names))],
  );
  if (faults.length > 0) return fail(...faults);
  const kept = fleet.builders.filter(
    ({ name }) => (words(only).length === 0 || words(only).includes(name)) && !words(exclude).includes(name),
  );
  return ok({ ...fleet, builders: kept });
}
