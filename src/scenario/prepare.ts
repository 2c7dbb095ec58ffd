// The half of compiling that no fleet can change, done once for all fleets: durations filled, large builds split, the
// graph ordered and cut to what is requested, arrivals. Knows no hosts.
import { fail, ok, type Result } from "#base/fault.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import type { Client } from "#model/problem.js";
import { adjacencyOf, closureOf } from "./adjacency.js";
import type { FilledNode } from "#model/filled-node.js";
import type { Fill, GraphSource } from "./compiled.js";
import { buildGraph } from "./graph.js";
import { boundsFaults } from "./graph-bounds.js";
import type { NormalScenario } from "./normal.js";
import { arrivalOf, clientsOf, wantedOf } from "./requests.js";
import { type SplitGraph, splitLargest } from "./split.js";

export interface Prepared {
  readonly graph: Graph;
  /** By file index, parts of split builds at the end. */
  readonly nodes: readonly NodeFile[];
  readonly filled: readonly FilledNode[];
  /** Instant (µs) of the first request of each task, by TaskId; null = all at 0. */
  readonly arrival: Float64Array | null;
  readonly clients: readonly Client[];
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

export function prepare(scenario: NormalScenario, source: GraphSource, fill: Fill): Result<Prepared> {
  const outside = boundsFaults(source.file, source.where);
  if (outside.length > 0) return fail(...outside);
  const wanted = wantedOf(scenario, source);
  if (!wanted.ok) return wanted;
  const { all, clients } = wanted.value;
  const roots = all === null ? source.file.roots : [...all.keys()];
  const whole: SplitGraph = { file: source.file, keys: source.keys, filled: fill(source.file.nodes), said: [] };
  const { split } = scenario;
  const final = split === null ? whole : splitLargest(whole, split, isNeeded(source.file, roots));
  const built = buildGraph(final.file, final.keys, source.where, roots);
  if (!built.ok) return built;
  const { graph, unneeded } = built.value;
  return ok({
    graph,
    nodes: final.file.nodes,
    filled: final.filled,
    arrival: scenario.models.arrivals === "on" && all !== null ? arrivalOf(graph, all) : null,
    clients: clientsOf(graph, clients, scenario.models.arrivals === "on"),
    assumptions: final.said,
    warnings: unneeded === 0 ? [] : [`${unneeded} of ${final.file.nodes.length} derivations are needed by no root: left out`],
  });
}

function isNeeded(file: GraphFile, roots: readonly number[] | undefined): (index: number) => boolean {
  if (roots === undefined) return () => true;
  const kept = closureOf(adjacencyOf(file), roots);
  return (index) => kept[index] === 1;
}
