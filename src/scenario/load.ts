// A scenario file and the flags of a command → everything that was asked, with its graph and fleets read, nothing
// resolved against them yet. Phases: text, schema, flags over file, names, graph, model, fleets. Reads through `load` only.
import { type Fault, fail, ok, type Result } from "#base/fault.js";
import { check } from "./check.js";
import type { FleetSource, Load, LoadedScenario } from "./compiled.js";
import { readDocument } from "./document.js";
import type { SourceDocument } from "./place.js";
import { type FleetParts, fleetSources, fleetsOfFlags } from "./fleet-source.js";
import { type Flags, overFile } from "./flags.js";
import { type GraphPart, graphSource } from "./graph-source.js";
import { calibrated, type ModelPart, type ModelSource, modelFrom, modelSource } from "./model-source.js";
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
  const model = modelOf(file.value.model as ModelPart | readonly ModelPart[] | undefined, document.value, flags, load);
  const scenario = normalScenario(asked.value, model.ok ? (model.value?.model ?? null) : null, document.value, known);
  const graph = graphSource(file.value.graph as GraphPart | readonly GraphPart[], document.value, load);
  const fleets = fleetsOf(file.value.fleet as FleetParts, document.value, flags, load);
  if (!scenario.ok || !model.ok || !graph.ok || !fleets.ok)
    return fail(...faultsOf(scenario), ...faultsOf(model), ...faultsOf(graph), ...faultsOf(fleets));
  const measured = model.value?.file ?? null;
  return ok({
    scenario: scenario.value,
    graph: graph.value,
    fleets: measured === null ? fleets.value : fleets.value.map((fleet) => calibrated(fleet, measured)),
    model: measured,
    warnings: [],
  });
}

/** The scenario's, unless a flag names another or none. */
function modelOf(
  part: ModelPart | readonly ModelPart[] | undefined,
  document: SourceDocument,
  { modelFile }: Flags,
  load: Load,
): Result<ModelSource | null> {
  if (typeof modelFile === "string") return modelFrom(modelFile, "--model-file", load);
  return part === undefined || modelFile === null ? ok(null) : modelSource(part, document, load);
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
