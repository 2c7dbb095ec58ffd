// From a loaded scenario and a fleet to a Problem, in named phases:
// prepare (durations, split, graph, arrivals; once for all fleets) → fleet → choice → classes → columns → transport →
// what nobody can build. Estimates and emulation figures arrive as functions: nothing here knows a prior.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { Problem } from "#model/problem.js";
import { choiceOf, pinOf } from "./choice.js";
import { assumedSlowdowns, classesOf, demandOf } from "./classes.js";
import { rowsOf, strangersIn, tasksOf } from "./columns.js";
import type { Compiled, CompileInput, EmulationDefault, Fill, FleetSource, LoadedScenario } from "./compiled.js";
import type { NormalScenario } from "./normal.js";
import { type NormalFleet, normalizeFleet } from "./normalize.js";
import { mergedOutages, outageOf } from "./outages.js";
import { type Prepared, prepare } from "./prepare.js";
import { isFetch, originalOf } from "./split.js";
import { transportOf } from "./transport.js";
import { unbuildable } from "./unbuildable.js";

/** One fleet. Faults: unknown names and bad graphs (input, usage), what no host may build (unbuildable). */
export function compile(input: CompileInput): Result<Compiled> {
  const prepared = prepare(input.scenario, input.graph, input.fill);
  return prepared.ok ? compileFor(input.scenario, prepared.value, input.fleet, input.emulationDefault) : prepared;
}

/** Every fleet of the scenario, in their order; the graph is prepared once. */
export function compileAll(loaded: LoadedScenario, fill: Fill, emulationDefault: EmulationDefault): Result<readonly Compiled[]> {
  const prepared = prepare(loaded.scenario, loaded.graph, fill);
  if (!prepared.ok) return prepared;
  const results = loaded.fleets.map((fleet) => compileFor(loaded.scenario, prepared.value, fleet, emulationDefault));
  const faults = results.flatMap((result): readonly Fault[] => (result.ok ? [] : result.faults));
  return faults.length > 0 ? fail(...faults) : ok(results.flatMap((result) => (result.ok ? [result.value] : [])));
}

function compileFor(
  scenario: NormalScenario,
  prepared: Prepared,
  source: FleetSource,
  emulationDefault: EmulationDefault,
): Result<Compiled> {
  const normal = normalizeFleet(source);
  if (!normal.ok) return normal;
  const fleet = withWishes(normal.value, scenario);
  if (!fleet.ok) return fleet;
  const chosen = choiceOf(scenario.selection, fleet.value.hosts, source.name);
  if (!chosen.ok) return chosen;
  const choice = chosen.value;
  const { graph, nodes, filled, arrival, clients } = prepared;
  const { models } = scenario;
  const classes = classesOf(graph.count, fleet.value, (task) => {
    const index = graph.fileIndex[task]!;
    const node = nodes[index]!;
    return {
      node,
      workload: isFetch(node) ? "fetch" : filled[index]!.workload,
      pin: choice.pins.length === 0 ? -1 : pinOf(choice, originalOf(graph.names[task]!), originalOf(graph.keys[task]!)),
    };
  });
  const tasks = tasksOf(prepared, classes.classOf, models, scenario.spread);
  const rows = rowsOf(prepared, fleet.value.hosts.names);
  const demand = demandOf({ classes, fleet: fleet.value, choice, emulation: models.emulation, emulationDefault, rows });
  const lost = unbuildable({ graph, tasks, demand, classes, fleet: fleet.value, choice });
  if (lost.length > 0) return fail(...lost);
  const problem: Problem = {
    graph: models.network === "free" ? { ...graph, predBytes: null } : graph,
    tasks,
    hosts: fleet.value.hosts,
    demand,
    transport: transportOf(fleet.value, prepared, models),
    arrival,
    clients,
  };
  return ok({
    name: scenario.name,
    about: scenario.about,
    fleetName: source.name,
    problem,
    prefer: choice.prefer,
    models,
    scenario,
    assumptions: [
      ...fleet.value.assumptions,
      ...(models.emulation === "on" ? assumedSlowdowns(classes, fleet.value, emulationDefault) : []),
      ...prepared.assumptions,
    ],
    warnings: [...fleet.value.warnings, ...prepared.warnings, ...strangers(prepared, fleet.value)],
  });
}

/** The fleet with what the scenario says of it: cores per build, outages, or none when faults are off. */
function withWishes(fleet: NormalFleet, { coresPerBuild, outages, models }: NormalScenario): Result<NormalFleet> {
  const { hosts } = fleet;
  const unknown = outages.filter(({ host }) => !hosts.names.includes(host));
  if (unknown.length > 0) {
    return fail(
      ...unknown.map(({ host }) =>
        fault(
          "input",
          "faults.outages",
          `found the unknown host ${JSON.stringify(host)}, expected one of the fleet ${fleet.name}`,
          suggest(host, hosts.names),
        ),
      ),
    );
  }
  const own = outages.map((outage) => outageOf(hosts.names.indexOf(outage.host), outage.at, outage.for));
  return ok({
    ...fleet,
    hosts: {
      ...hosts,
      coresPerBuild: coresPerBuild === null ? hosts.coresPerBuild : hosts.coresPerBuild.map(() => coresPerBuild),
      outages: models.faults === "off" ? [] : mergedOutages([...hosts.outages, ...own]),
    },
  });
}

function strangers({ nodes }: Prepared, { name, hosts }: NormalFleet): string[] {
  const found = strangersIn(nodes, hosts.names);
  return found.length === 0 ? [] : [`the graph gives seconds for ${found.join(", ")}: no host of the fleet ${name}, so they do not count`];
}
