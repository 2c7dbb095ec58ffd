// A scenario file and the flags of a command → everything that was asked, with its graph and fleets read, nothing
// resolved against them yet. Phases: text, schema, flags over file, names, graph, fleets. Reads through `load` only.
import { type Fault, fail, ok, type Result } from "#base/fault.js";
import { check } from "./check.js";
import type { FleetSource, Load, LoadedScenario } from "./compiled.js";
import { readDocument } from "./document.js";
import type { SourceDocument } from "./place.js";
import { type FleetParts, fleetSources, fleetsOfFlags } from "./fleet-source.js";
import { type Flags, overFile } from "./flags.js";
import { type GraphPart, graphSource } from "./graph-source.js";
import { type Known, normalScenario } from "./normalize-scenario.js";
import { scenarioSpec } from "./scenario-spec.js";

export function loadScenario(path: string, load: Load, flags: Flags = {}, known: Known = {}): Result<LoadedScenario> {
  const bytes = load(path);
  if (!bytes.ok) return bytes;
  const document = readDocument(bytes.value.path, bytes.value.bytes);
  if (!document.ok) return document;
  const file = check(scenarioSpec, document.value);
  if (!file.ok) return file;
  const asked = overFile(file.value, flags);
  if (!asked.ok) return asked;
  const scenario = normalScenario(asked.value, document.value, known);
  const graph = graphSource(file.value.graph as GraphPart | readonly GraphPart[], document.value, load);
  const fleets = fleetsOf(file.value.fleet as FleetParts, document.value, flags, load);
  if (!scenario.ok || !graph.ok || !fleets.ok) return fail(...faultsOf(scenario), ...faultsOf(graph), ...faultsOf(fleets));
  return ok({ scenario: scenario.value, graph: graph.value, fleets: fleets.value, warnings: [] });
}

/** What --fleet names: fleets of the scenario by their names, or else files. */
function fleetsOf(parts: FleetParts, document: SourceDocument, flags: Flags, load: Load): Result<readonly FleetSource[]> {
  const own = fleetSources(parts, document, load);
  const asked = flags.fleets ?? [];
  if (asked.length === 0) return own;
  const named = own.ok ? own.value.filter(({ name }) => asked.includes(name)) : [];
  return named.length === new Set(asked).size ? ok(named) : fleetsOfFlags(asked, load);
}

function faultsOf(result: Result<unknown>): readonly Fault[] {
  return result.ok ? [] : result.faults;
}
