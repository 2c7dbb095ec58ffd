// The edges of a graph file as rows both ways, by file index, and the three walks over them: levels, one cycle, the
// closure of roots. Typed arrays and own stacks: a million nodes must not recurse. Knows no names.
import { assert } from "#base/assert.js";
import type { GraphFile } from "#model/graph-file.js";
import type { Rows } from "./rows.js";

/** By file index, both ways; `succ` carries the bytes. Repeated edges are still there. */
export interface Adjacency {
  readonly count: number;
  readonly succ: Rows;
  readonly pred: Rows;
}

/** Bounds have been checked. */
export function adjacencyOf(file: GraphFile): Adjacency {
  const { from, to, bytes } = file.edges;
  const count = file.nodes.length;
  const own = bytes !== undefined && hasNumber(bytes) ? bytes : null;
  return { count, succ: rowsOf(count, from, to, own), pred: rowsOf(count, to, from, null) };
}

function rowsOf(count: number, row: ArrayLike<number>, id: ArrayLike<number>, own: ArrayLike<number | null> | null): Rows {
  const start = new Int32Array(count + 1);
  for (let e = 0; e < row.length; e++) start[row[e]! + 1]!++;
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const ids = new Int32Array(row.length);
  const bytes = own === null ? null : new Float64Array(row.length);
  for (let e = 0; e < row.length; e++) {
    const at = next[row[e]!]!++;
    ids[at] = id[e]!;
    if (bytes !== null) bytes[at] = own![e] ?? Number.NaN;
  }
  return { start, ids, bytes };
}

function hasNumber(bytes: ArrayLike<number | null>): boolean {
  for (let e = 0; e < bytes.length; e++) if (bytes[e] !== null) return true;
  return false;
}

/** Longest distance of each node from one without inputs; null when there is a cycle. */
export function levelsOf({ count, pred, succ }: Adjacency): Int32Array | null {
  const level = new Int32Array(count);
  const waiting = new Int32Array(count);
  const queue = new Int32Array(count);
  let filled = 0;
  for (let node = 0; node < count; node++) {
    waiting[node] = pred.start[node + 1]! - pred.start[node]!;
    if (waiting[node] === 0) queue[filled++] = node;
  }
  for (let head = 0; head < filled; head++) {
    const node = queue[head]!;
    for (let e = succ.start[node]!; e < succ.start[node + 1]!; e++) {
      const next = succ.ids[e]!;
      if (level[next]! <= level[node]!) level[next] = level[node]! + 1;
      if (--waiting[next]! === 0) queue[filled++] = next;
    }
  }
  return filled === count ? level : null;
}

/** One cycle, each node before the next, beginning at its smallest index. Call only when there is one. */
export function cycleIn({ count, pred, succ }: Adjacency): number[] {
  const waiting = new Int32Array(count);
  const queue: number[] = [];
  for (let node = 0; node < count; node++) {
    waiting[node] = pred.start[node + 1]! - pred.start[node]!;
    if (waiting[node] === 0) queue.push(node);
  }
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let e = succ.start[node]!; e < succ.start[node + 1]!; e++) if (--waiting[succ.ids[e]!]! === 0) queue.push(succ.ids[e]!);
  }
  // Every node left has an input that is left: walking to inputs must come back.
  const visited = new Int32Array(count).fill(-1);
  const walk: number[] = [];
  let node = waiting.findIndex((inputs) => inputs > 0);
  assert(node >= 0, "asked for a cycle in a graph without one");
  while (visited[node]! < 0) {
    visited[node] = walk.length;
    walk.push(node);
    let e = pred.start[node]!;
    while (waiting[pred.ids[e]!] === 0) e++;
    node = pred.ids[e]!;
  }
  const cycle = walk.slice(visited[node]!).reverse();
  const least = cycle.indexOf(cycle.reduce((a, b) => Math.min(a, b)));
  return [...cycle.slice(least), ...cycle.slice(0, least)];
}

/** 1 for every node that one of the roots needs, the roots included. */
export function closureOf({ count, pred }: Adjacency, roots: readonly number[]): Uint8Array {
  const kept = new Uint8Array(count);
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (kept[node] === 1) continue;
    kept[node] = 1;
    for (let e = pred.start[node]!; e < pred.start[node + 1]!; e++) if (kept[pred.ids[e]!] === 0) stack.push(pred.ids[e]!);
  }
  return kept;
}
