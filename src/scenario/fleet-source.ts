// The `fleet` of a scenario, or the files of --fleet → fleets with a name each: a path, an inline fleet, a list of
// them, or a table by name. Reads through the loader it is given.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import type { FleetFile } from "#model/fleet-file.js";
import { check } from "./check.js";
import type { FleetSource, Load } from "./compiled.js";
import { readDocument } from "./document.js";
import type { Path, SourceDocument } from "./place.js";
import { besides, stem } from "./file-path.js";
import { fleetSpec } from "./fleet-spec.js";

type FleetPart = string | FleetFile;
export type FleetParts = FleetPart | readonly FleetPart[] | Readonly<Record<string, FleetPart>>;

export function fleetSources(parts: FleetParts, document: SourceDocument, load: Load): Result<readonly FleetSource[]> {
  const results = placed(parts).map(({ part, path, name }) => onePart(part, path, name, document, load));
  return together(results);
}

/** --fleet A --fleet B: paths as the user typed them. */
export function fleetsOfFlags(paths: readonly string[], load: Load): Result<readonly FleetSource[]> {
  return together(paths.map((path) => fromFile(path, undefined, "--fleet", load)));
}

function placed(parts: FleetParts): { part: FleetPart; path: Path; name?: string }[] {
  if (typeof parts === "string") return [{ part: parts, path: ["fleet"] }];
  if (Array.isArray(parts)) return parts.map((part: FleetPart, i) => ({ part, path: ["fleet", i] }));
  if (isFleet(parts)) return [{ part: parts, path: ["fleet"] }];
  return Object.entries(parts as Record<string, FleetPart>).map(([name, part]) => ({ part, path: ["fleet", name], name }));
}

function isFleet(parts: FleetParts): parts is FleetFile {
  return typeof parts === "object" && "schema" in parts && typeof parts.schema === "string";
}

function onePart(part: FleetPart, path: Path, name: string | undefined, document: SourceDocument, load: Load): Result<FleetSource> {
  if (typeof part === "string") return fromFile(besides(document.path, part), name, document.where(path), load);
  const own = name ?? part.name ?? (path.length > 1 ? `fleet-${Number(path[1]) + 1}` : "fleet");
  return ok({ name: own, file: part, where: (inside) => document.where([...path, ...inside]) });
}

function fromFile(path: string, name: string | undefined, wanted: string, load: Load): Result<FleetSource> {
  const file = load(path);
  if (!file.ok) return fail(...file.faults.map((f) => ({ ...f, where: `${f.where} (${wanted})` })));
  const document = readDocument(file.value.path, file.value.bytes);
  if (!document.ok) return document;
  return fleetOf(document.value, name);
}

/** A fleet file that has been read. */
export function fleetOf(document: SourceDocument, name?: string): Result<FleetSource> {
  const checked = check(fleetSpec, document);
  if (!checked.ok) return checked;
  const file = checked.value as FleetFile;
  return ok({ name: name ?? file.name ?? stem(document.path), file, where: (path) => document.where(path) });
}

function together(results: readonly Result<FleetSource>[]): Result<readonly FleetSource[]> {
  const faults: Fault[] = [];
  const sources: FleetSource[] = [];
  for (const result of results) {
    if (!result.ok) faults.push(...result.faults);
    else if (sources.some((source) => source.name === result.value.name)) {
      faults.push(
        fault(
          "input",
          result.value.where([]),
          `found two fleets named ${result.value.name}, expected a name for each`,
          "give them a `name`, or write them as a table by name",
        ),
      );
    } else sources.push(result.value);
  }
  return faults.length > 0 ? fail(...faults) : ok(sources);
}
