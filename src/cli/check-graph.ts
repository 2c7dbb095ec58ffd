// Derivations of a graph that no host of a fleet can build, found as simulating would find them: a scenario of the two.
import type { Fault } from "#base/fault.js";
import { emulationDefault } from "#estimate/emulation.js";
import { fillGraph } from "#estimate/fill.js";
import type { FleetFile } from "#model/fleet-file.js";
import { compileAll } from "#scenario/compile.js";
import { loadScenario } from "#scenario/load.js";
import { load } from "./files.js";
import { KNOWN } from "./known.js";

const SCENARIO = "checked.json";

export function graphFaults(graph: string, fleet: FleetFile): readonly Fault[] {
  const text = JSON.stringify({ schema: "drvfleet.scenario/1", graph, fleet });
  const bytes = new TextEncoder().encode(text);
  const loaded = loadScenario(SCENARIO, (path) => (path === SCENARIO ? { ok: true, value: { path, bytes } } : load(path)), {}, KNOWN);
  if (!loaded.ok) return loaded.faults;
  const compiled = compileAll(loaded.value, (nodes) => fillGraph(nodes, null), emulationDefault);
  return compiled.ok ? [] : compiled.faults;
}
