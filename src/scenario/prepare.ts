// The half of compiling that no fleet can change, done once for all fleets: durations filled, large builds split, the
// graph ordered and cut to what is requested, arrivals. Knows no hosts.
import { fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { drawGap, stream } from "#base/random.js";
import { micros } from "#base/units.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import { adjacencyOf, closureOf } from "./adjacency.js";
import type { FilledNode } from "#model/filled-node.js";
import type { Fill, GraphSource } from "./compiled.js";
import { isGlob, matchesNode } from "./glob.js";
import { buildGraph } from "./graph.js";
import { boundsFaults } from "./graph-bounds.js";
import { sortByName } from "./name-order.js";
import type { NormalScenario } from "./normal.js";
import { type SplitGraph, splitLargest } from "./split.js";

export interface Prepared {
  readonly graph: Graph;
  /** By file index, parts of split builds at the end. */
  readonly nodes: readonly NodeFile[];
  readonly filled: readonly FilledNode[];
  /** Instant (µs) of the first request of each task, by TaskId; null = all at 0. */
  readonly arrival: Float64Array | null;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

export function prepare(scenario: NormalScenario, source: GraphSource, fill: Fill): Result<Prepared> {
  const outside = boundsFaults(source.file, source.where);
  if (outside.length > 0) return fail(...outside);
  const wanted = arrivalsOf(scenario, source);
  if (!wanted.ok) return wanted;
  const roots = wanted.value === null ? source.file.roots : [...wanted.value.keys()];
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
    arrival: scenario.models.arrivals === "on" ? spread(graph, wanted.value) : null,
    assumptions: final.said,
    warnings: unneeded === 0 ? [] : [`${unneeded} of ${final.file.nodes.length} derivations are needed by no root: left out`],
  });
}

function isNeeded(file: GraphFile, roots: readonly number[] | undefined): (index: number) => boolean {
  if (roots === undefined) return () => true;
  const kept = closureOf(adjacencyOf(file), roots);
  return (index) => kept[index] === 1;
}

/** Seconds by file index of the root; null = the graph's roots at 0. */
function arrivalsOf({ requests }: NormalScenario, source: GraphSource): Result<ReadonlyMap<number, number> | null> {
  if (requests.kind === "listed" && requests.requests.every(({ roots, at }) => roots === null && at === 0)) return ok(null);
  const at = new Map<number, number>();
  const request = (root: number, seconds: number) => at.set(root, Math.min(seconds, at.get(root) ?? Number.POSITIVE_INFINITY));
  const lists = requests.kind === "listed" ? requests.requests : [requests];
  for (const [i, { roots }] of lists.entries()) {
    const found = rootsOf(roots, source, requests.kind === "listed" ? `requests[${i}].roots` : "requests.roots");
    if (!found.ok) return found;
    if (requests.kind === "listed") for (const root of found.value) request(root, requests.requests[i]!.at);
    else for (const [root, seconds] of pattern(requests, found.value)) request(root, seconds);
  }
  return ok(at);
}

/** Batches of roots, in the order of names, at equal or exponential gaps. */
function pattern(
  { kind, gap, first, batch, seed }: Extract<NormalScenario["requests"], { gap: number }>,
  roots: readonly number[],
): [number, number][] {
  const random = stream(seed, "arrivals");
  let at = first;
  return roots.map((root, i) => {
    if (i > 0 && i % batch === 0) at += kind === "every" ? gap : drawGap(random, gap);
    return [root, at];
  });
}

/** File indices in the order of names. */
function rootsOf(texts: readonly string[] | null, { file, keys, where }: GraphSource, path: string): Result<readonly number[]> {
  const names = file.nodes.map((node) => node.name);
  const found = new Set<number>();
  if (texts === null) for (const root of file.roots ?? sinksOf(file)) found.add(root);
  for (const text of texts ?? []) {
    const before = found.size;
    for (let i = 0; i < names.length; i++) if (matchesNode(text, names[i]!, keys[i]!)) found.add(i);
    if (found.size === before && !names.some((name, i) => matchesNode(text, name, keys[i]!))) {
      const hint = isGlob(text) ? "a glob matches the whole name: try *name*" : suggest(text, [...new Set(names)]);
      return fail(fault("input", path, `found ${JSON.stringify(text)}, expected the name of a derivation in ${where}`, hint));
    }
  }
  return ok([...sortByName(Int32Array.from(found), names, keys)]);
}

function sinksOf(file: GraphFile): number[] {
  const needed = new Uint8Array(file.nodes.length);
  for (let e = 0; e < file.edges.from.length; e++) needed[file.edges.from[e]!] = 1;
  return [...file.nodes.keys()].filter((node) => needed[node] === 0);
}

/** From requested roots to all that they need: the earliest request counts. */
function spread(graph: Graph, roots: ReadonlyMap<number, number> | null): Float64Array | null {
  if (roots === null) return null;
  const arrival = new Float64Array(graph.count).fill(Number.POSITIVE_INFINITY);
  for (let t = graph.count - 1; t >= 0; t--) {
    const own = roots.get(graph.fileIndex[t]!);
    if (own !== undefined) arrival[t] = Math.min(arrival[t]!, micros(own));
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
      const input = graph.pred[e]!;
      arrival[input] = Math.min(arrival[input]!, arrival[t]!);
    }
  }
  return arrival.some((at) => at > 0) ? arrival : null;
}
