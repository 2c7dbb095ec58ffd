// A graph file → the Graph: what the numbers of the file mean together. Bounds, self edges, cycles, keys; ids by level,
// name bytes, key, so that they do not depend on the order of the file; only what the roots need. Knows no durations.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import type { GraphFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import { type Adjacency, adjacencyOf, cycleIn, closureOf, levelsOf } from "./adjacency.js";
import { boundsFaults } from "./graph-bounds.js";
import { sortByName } from "./name-order.js";
import { renumbered, turned } from "./rows.js";

export interface BuiltGraph {
  readonly graph: Graph;
  /** Nodes of the file that no root needs: left out. */
  readonly unneeded: number;
}

/** `keys` by file index. `roots` by file index replace those of the file; `where` begins the place of a fault. */
export function buildGraph(
  file: GraphFile,
  keys: readonly string[],
  where: string,
  roots: readonly number[] | undefined = file.roots,
): Result<BuiltGraph> {
  const faults = boundsFaults(file, where);
  if (faults.length > 0) return fail(...faults);
  const all = adjacencyOf(file);
  const wanted = roots ?? sinksOf(all);
  const kept = closureOf(all, wanted);
  const levels = levelsOf(all);
  if (levels === null) return fail(cycleFault(file, keys, cycleIn(all), where));
  const names = file.nodes.map((node) => node.name);
  const byName = sortByName(
    Int32Array.from(names.keys()).filter((node) => kept[node] === 1),
    names,
    keys,
  );
  const order = sortByLevel(byName, levels);
  return ok({ graph: inOrder(names, keys, all, levels, byName, order, wanted), unneeded: file.nodes.length - order.length });
}

function cycleFault(file: GraphFile, keys: readonly string[], cycle: readonly number[], where: string): Fault {
  const names = cycle.map((node) =>
    keys[node] === file.nodes[node]!.name || file.nodes[node]!.drv !== undefined ? file.nodes[node]!.name : keys[node]!,
  );
  const shown = names.length > 12 ? [...names.slice(0, 6), `… ${names.length - 9} more …`, ...names.slice(-3)] : names;
  const found = `found a cycle of ${names.length} derivations: ${[...shown, names[0]!].join(" → ")}, expected none to depend on itself`;
  return fault("input", `${where} edges`, found, "a → b: a must finish before b");
}

function sinksOf(all: Adjacency): number[] {
  const sinks: number[] = [];
  for (let node = 0; node < all.count; node++) {
    if (all.succ.start[node] === all.succ.start[node + 1]) sinks.push(node);
  }
  return sinks;
}

/** Stable, by level. */
function sortByLevel(ids: Int32Array, levels: Int32Array): Int32Array {
  let top = 0;
  for (const id of ids) top = Math.max(top, levels[id]!);
  const start = new Int32Array(top + 2);
  for (const id of ids) start[levels[id]! + 1]!++;
  for (let level = 0; level <= top; level++) start[level + 1]! += start[level]!;
  const sorted = new Int32Array(ids.length);
  for (const id of ids) sorted[start[levels[id]!]!++] = id;
  return sorted;
}

function inOrder(
  names: readonly string[],
  keys: readonly string[],
  all: Adjacency,
  levels: Int32Array,
  byName: Int32Array,
  order: Int32Array,
  wanted: readonly number[],
): Graph {
  const count = order.length;
  const idOf = new Int32Array(all.count).fill(-1);
  for (let id = 0; id < count; id++) idOf[order[id]!] = id;
  const root = new Uint8Array(count);
  for (const node of wanted) root[idOf[node]!] = 1;
  const preds = turned(renumbered(all.succ, order, idOf));
  const succs = turned({ ...preds, bytes: null });
  const nameRank = ranks(byName, idOf);
  return {
    count,
    names: Array.from(order, (node) => names[node]!),
    keys: Array.from(order, (node) => keys[node]!),
    nameRank,
    goalRank: ranks(
      sortByName(
        byName.slice(),
        names.map((name) => `${name}.drv`),
        keys,
      ),
      idOf,
    ),
    level: Int32Array.from(order, (node) => levels[node]!),
    succStart: succs.start,
    succ: succs.ids,
    predStart: preds.start,
    pred: preds.ids,
    predBytes: preds.bytes,
    root,
    fileIndex: order,
  };
}

/** Position of each id in a sorted list of file indices. */
function ranks(sorted: Int32Array, idOf: Int32Array): Int32Array {
  const rank = new Int32Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) rank[idOf[sorted[i]!]!] = i;
  return rank;
}
