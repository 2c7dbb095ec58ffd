// `drvfleet import fleet`: machines files, `builders` text, nix.buildMachines JSON and nix.conf, together one fleet.
// A nix.conf alone also reads the machines that it names, as Nix would.
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { buildMachinesText } from "#ingest/build-machines.js";
import { fleetOf, type ImportedFleet } from "#ingest/fleet-of.js";
import { type FleetFormat, fleetFormat } from "#ingest/input-format.js";
import { parseJsonFile } from "#ingest/json-text.js";
import { type Machine, parseMachines } from "#ingest/machines.js";
import { type NixSettings, parseNixConf } from "#ingest/nix-conf.js";
import { NEWEST_NIX, type NixVersion } from "#model/nix-version.js";
import { decodeText } from "#ingest/source-text.js";
import { readFault } from "./input-stream.js";

export interface FleetImport {
  readonly inputs: readonly string[];
  readonly name?: string;
  readonly format?: FleetFormat;
  readonly nixVersion?: NixVersion;
  readonly system?: string;
}

interface Reading {
  readonly version: NixVersion;
  readonly machines: Machine[];
  readonly notes: string[];
  settings?: NixSettings;
  /** The nix.conf that `settings` are of. */
  conf?: string;
}

export function importFleet(asked: FleetImport): Result<ImportedFleet> {
  const reading: Reading = { version: asked.nixVersion ?? NEWEST_NIX, machines: [], notes: [] };
  for (const input of asked.inputs) {
    const faults = readable(input, () => readInput(input, asked.format, reading));
    if (faults.length > 0) return fail(...faults);
  }
  const faults = readable(reading.conf ?? "", () => readOwnBuilders(reading, asked.inputs.length > 1));
  if (faults.length > 0) return fail(...faults);
  const { settings, machines, version, notes } = reading;
  const imported = fleetOf({
    name: asked.name ?? "fleet",
    machines,
    version,
    ...(settings !== undefined && { settings }),
    ...(asked.system !== undefined && { system: asked.system }),
  });
  const all = [...notes, ...imported.notes];
  return ok({ fleet: { ...imported.fleet, "x-import": { ...imported.fleet["x-import"], notes: all } }, notes: all });
}

function readInput(input: string, asked: FleetFormat | undefined, reading: Reading): readonly Fault[] {
  const file = input === "-" ? "standard input" : input;
  const bytes = readFileSync(input === "-" ? 0 : input);
  const text = decodeText(bytes, file);
  if (!text.ok) return text.faults;
  const format = asked ?? fleetFormat(text.value, input);
  if (format === "machines") return addMachines(text.value, file, reading);
  if (format === "nix-conf") return addConf(text.value, input, reading);
  const value = parseJsonFile(bytes, file);
  const lines = value.ok ? buildMachinesText(value.value, file) : value;
  return lines.ok ? addMachines(lines.value, file, reading) : lines.faults;
}

function addMachines(text: string, file: string, reading: Reading): readonly Fault[] {
  const load = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  const parsed = parseMachines({ text, file, version: reading.version, load });
  if (!parsed.ok) return parsed.faults;
  reading.machines.push(...parsed.value.machines);
  reading.notes.push(...parsed.value.notes);
  return [];
}

function addConf(text: string, file: string, reading: Reading): readonly Fault[] {
  if (reading.settings !== undefined)
    return [fault("usage", file, "found a second nix.conf", "give one coordinator's nix.conf; it may include others")];
  const parsed = parseNixConf(text, file, (path, from) => {
    const target = isAbsolute(path) ? path : join(dirname(from), path);
    return existsSync(target) ? { file: target, text: readFileSync(target, "utf8") } : undefined;
  });
  if (!parsed.ok) return parsed.faults;
  reading.settings = parsed.value.settings;
  reading.conf = file;
  return [];
}

/** The setting `builders`, whose default is the file `machines` beside nix.conf. */
function readOwnBuilders(reading: Reading, othersGiven: boolean): readonly Fault[] {
  const { settings, conf } = reading;
  if (settings === undefined || conf === undefined || conf === "-") return [];
  if (othersGiven) {
    if (settings.builders !== undefined) reading.notes.push(`${conf}: its setting builders is passed over, because machines were given`);
    return [];
  }
  const beside = join(dirname(resolve(conf)), "machines");
  return addMachines(settings.builders ?? `@${beside}`, `${conf} builders`, reading);
}

/** Faults of the reading itself: a file that is missing, a directory, not ours to read. */
function readable(input: string, read: () => readonly Fault[]): readonly Fault[] {
  try {
    return read();
  } catch (error) {
    const broken = readFault(error, input);
    if (broken === undefined) throw error;
    return [broken];
  }
}
