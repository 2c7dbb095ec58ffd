// The `graph` of a scenario → one graph: a file, an inline graph, a generator, or a list of them merged by key (the same
// key is the same node). Reads through the loader it is given. Bounds and cycles are for graph.ts.
import { type Fault, fail, ok, type Result } from "#base/fault.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import { check } from "./check.js";
import type { GraphSource, Load } from "./compiled.js";
import { readDocument } from "./document.js";
import type { SourceDocument } from "./place.js";
import { generateGraph } from "./generate.js";
import type { Generator } from "./generator-spec.js";
import { isGraphFile } from "./graph-check.js";
import { boundsFaults } from "./graph-bounds.js";
import { graphSpec } from "./graph-spec.js";
import { besides } from "./file-path.js";
import { keysOf } from "./node-key.js";

export type GraphPart = string | { readonly generate: Generator } | GraphFile;

/** `document` is the scenario; relative paths begin in its folder. */
export function graphSource(parts: GraphPart | readonly GraphPart[], document: SourceDocument, load: Load): Result<GraphSource> {
  const isList = Array.isArray(parts);
  const sources: GraphSource[] = [];
  const faults: Fault[] = [];
  for (const [i, part] of (isList ? (parts as readonly GraphPart[]) : [parts as GraphPart]).entries()) {
    const source = onePart(part, document.where(isList ? ["graph", i] : ["graph"]), document.path, load);
    if (source.ok) sources.push(source.value);
    else faults.push(...source.faults);
  }
  if (faults.length > 0) return fail(...faults);
  if (sources.length === 1) return ok(sources[0]!);
  const outside = sources.flatMap((source) => boundsFaults(source.file, source.where));
  return outside.length > 0 ? fail(...outside) : ok(merged(sources));
}

function onePart(part: GraphPart, where: string, base: string, load: Load): Result<GraphSource> {
  if (typeof part === "string") return fromFile(besides(base, part), where, load);
  return withKeys("generate" in part ? generateGraph(part.generate) : part, where);
}

function fromFile(path: string, wanted: string, load: Load): Result<GraphSource> {
  const file = load(path);
  if (!file.ok) return fail(...file.faults.map((f) => ({ ...f, where: `${f.where} (${wanted})` })));
  const document = readDocument(file.value.path, file.value.bytes);
  if (!document.ok) return document;
  return graphOf(document.value);
}

/** A graph file that has been read: the fast check says whether, the schema why not. */
export function graphOf(document: SourceDocument): Result<GraphSource> {
  if (isGraphFile(document.value)) return withKeys(document.value as GraphFile, document.path);
  const checked = check(graphSpec, document);
  return checked.ok ? withKeys(checked.value as GraphFile, document.path) : checked;
}

function withKeys(file: GraphFile, where: string): Result<GraphSource> {
  const keys = keysOf(file.nodes, where);
  return keys.ok ? ok({ file, keys: keys.value, where }) : keys;
}

/** Nodes in order of first mention; of a node that stands in several graphs the first counts. Requested roots add up. */
function merged(sources: readonly GraphSource[]): GraphSource {
  const indexOf = new Map<string, number>();
  const nodes: NodeFile[] = [];
  const keys: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const bytes: (number | null)[] = [];
  const roots: number[] = [];
  for (const { file, keys: own } of sources) {
    const known = indexOf.size;
    const index = own.map((key, i) => {
      const at = indexOf.get(key);
      if (at !== undefined) return at;
      indexOf.set(key, nodes.length);
      keys.push(key);
      return nodes.push(file.nodes[i]!) - 1;
    });
    for (let e = 0; e < file.edges.from.length; e++) {
      const source = index[file.edges.from[e]!]!;
      const target = index[file.edges.to[e]!]!;
      // Both graphs tell the inputs of a node that they share: once is enough.
      if (target < known) continue;
      from.push(source);
      to.push(target);
      bytes.push(file.edges.bytes?.[e] ?? null);
    }
    roots.push(...(file.roots ?? sinks(file)).map((root) => index[root]!));
  }
  const name = sources.map((source) => source.file.name).join("+");
  const file: GraphFile = { schema: "drvfleet.graph/1", name, nodes, edges: { from, to, bytes }, roots: [...new Set(roots)] };
  return { file, keys, where: sources.map((source) => source.where).join(" + ") };
}

function sinks(file: GraphFile): number[] {
  const needed = new Uint8Array(file.nodes.length);
  for (let e = 0; e < file.edges.from.length; e++) needed[file.edges.from[e]!] = 1;
  return [...file.nodes.keys()].filter((node) => needed[node] === 0);
}
