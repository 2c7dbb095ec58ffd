// Who asks for what, and when: from requests by name to seconds by root, and from roots to all that they need. Several clients
// may want the same; each has a column of its own then. Knows names and edges, no durations and no hosts.
import { fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { compareText } from "#base/order.js";
import { drawGap, stream } from "#base/random.js";
import { micros } from "#base/units.js";
import type { GraphFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import type { Client } from "#model/problem.js";
import type { GraphSource } from "./compiled.js";
import { isGlob, matchesNode } from "./glob.js";
import { sortByName } from "./name-order.js";
import type { NormalScenario } from "./normal.js";

/** Seconds of the first request by file index of the root. */
export type Wanted = ReadonlyMap<number, number>;

export interface AllWanted {
  /** Whoever asks; null = the graph's roots at 0. */
  readonly all: Wanted | null;
  /** By name; empty where one client asks for everything. */
  readonly clients: ReadonlyMap<string, Wanted>;
}

export function wantedOf({ requests }: NormalScenario, source: GraphSource): Result<AllWanted> {
  if (requests.kind === "listed" && requests.requests.every(({ roots, at, client }) => roots === null && at === 0 && client === ""))
    return ok({ all: null, clients: new Map() });
  const all = new Map<number, number>();
  const clients = new Map<string, Map<number, number>>();
  if (requests.kind !== "listed") {
    const found = rootsOf(requests.roots, source, "requests.roots");
    if (!found.ok) return found;
    for (const [root, seconds] of pattern(requests, found.value)) request(all, root, seconds);
    return ok({ all, clients });
  }
  for (const [i, { roots, at, client }] of requests.requests.entries()) {
    const found = rootsOf(roots, source, `requests[${i}].roots`);
    if (!found.ok) return found;
    for (const root of found.value) request(all, root, at);
    if (client === "") continue;
    const own = clients.get(client) ?? new Map<number, number>();
    for (const root of found.value) request(own, root, at);
    clients.set(client, own);
  }
  return ok({ all, clients });
}

/** The earliest counts. */
function request(wanted: Map<number, number>, root: number, seconds: number): void {
  wanted.set(root, Math.min(seconds, wanted.get(root) ?? Number.POSITIVE_INFINITY));
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

/** From requested roots to all that they need, µs; null = all at 0. */
export function arrivalOf(graph: Graph, wanted: Wanted): Float64Array | null {
  const arrival = spread(graph, wanted);
  return arrival.some((at) => at > 0) ? arrival : null;
}

/** One client that is alone needs no columns of its own. `timed`: false = everything is requested at 0. */
export function clientsOf(graph: Graph, wanted: AllWanted["clients"], timed: boolean): readonly Client[] {
  if (wanted.size < 2) return [];
  return [...wanted]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, own]): Client => {
      const arrival = spread(graph, own);
      return {
        name,
        arrival: timed ? arrival : arrival.map((at) => (Number.isFinite(at) ? 0 : at)),
        root: Uint8Array.from(graph.fileIndex, (index) => (own.has(index) ? 1 : 0)),
      };
    });
}

/** The earliest request of each task counts, µs; Infinity = nobody's. */
function spread(graph: Graph, wanted: Wanted): Float64Array {
  const arrival = new Float64Array(graph.count).fill(Number.POSITIVE_INFINITY);
  for (let t = graph.count - 1; t >= 0; t--) {
    const own = wanted.get(graph.fileIndex[t]!);
    if (own !== undefined) arrival[t] = Math.min(arrival[t]!, micros(own));
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
      const input = graph.pred[e]!;
      arrival[input] = Math.min(arrival[input]!, arrival[t]!);
    }
  }
  return arrival;
}
