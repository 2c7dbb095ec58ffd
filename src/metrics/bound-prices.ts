// Prices for a second of each resource, at which the cheapest way to build all of a set costs the most: the dual of the
// LP "min T with Σ taken ≤ capacity × T" (architecture.md). Any prices ≥ 0 worth 1 per second of the fleet prove a bound,
// so shapes may be lumped here to keep the LP small: a lump can make the bound looser, never wrong.
import type { HostId } from "#base/units.js";
import type { Problem } from "#model/problem.js";
import { type Kinds, RESOURCES, SLOTS, take } from "./bound-demand.js";
import type { Shapes } from "./bound-shapes.js";
import type { LinearProgram, LinearSolver } from "./linear-program.js";

/** Columns that the LP may have: groups × kinds. */
const COLUMNS_MAX = 4000;
/** Shapes that are lumped by what they take everywhere, and not only by where they may run and are fastest. */
const FINE_MAX = 2000;

export interface Groups {
  readonly count: number;
  readonly groupOf: Int32Array;
}

/** Shapes that cost about the same everywhere relative to each other, as finely as the LP can bear. */
export function groupsOf(problem: Problem, kinds: Kinds, shapes: Shapes): Groups {
  const most = Math.max(16, Math.floor(COLUMNS_MAX / Math.max(1, kinds.hostOf.length)));
  if (shapes.count <= most) return { count: shapes.count, groupOf: Int32Array.from({ length: shapes.count }, (_, shape) => shape) };
  // Telling shapes apart costs more than it gains where they are many.
  for (const digits of shapes.count <= FINE_MAX ? [2, 1] : []) {
    const groups = groupBy((shape) => profile(problem, kinds, shapes, shape, digits));
    if (groups.count <= most) return groups;
  }
  return groupBy((shape) => sketch(problem, kinds, shapes, shape));

  function groupBy(keyOf: (shape: number) => string): Groups {
    const known = new Map<string, number>();
    const groupOf = new Int32Array(shapes.count);
    for (let shape = 0; shape < shapes.count; shape++) {
      const key = keyOf(shape);
      const group = known.get(key) ?? known.size;
      known.set(key, group);
      groupOf[shape] = group;
    }
    return { count: known.size, groupOf };
  }
}

/** What the shape takes of each kind, relative to its first, to so many digits. */
function profile(problem: Problem, { hostOf }: Kinds, shapes: Shapes, shape: number, digits: number): string {
  const taken = new Float64Array(RESOURCES);
  let unit = 0;
  return hostOf.map(relative).join(",");

  function relative(host: HostId): string {
    if (!take(problem, shapes.example[shape]!, host, taken)) return "";
    unit ||= taken[SLOTS]!;
    return Array.from(taken, (x) => (x / unit).toPrecision(digits)).join(" ");
  }
}

/** Where the shape may run, and where it is fastest. */
function sketch(problem: Problem, { hostOf }: Kinds, shapes: Shapes, shape: number): string {
  const taken = new Float64Array(RESOURCES);
  let where = "";
  let fastest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let kind = 0; kind < hostOf.length; kind++) {
    const may = take(problem, shapes.example[shape]!, hostOf[kind]!, taken);
    where += may ? "y" : "n";
    if (may && taken[SLOTS]! < least) {
      least = taken[SLOTS]!;
      fastest = kind;
    }
  }
  return `${where} ${fastest}`;
}

/** `weight`: by shape, how many of its example the set holds. Worth 1 per second of the fleet, exactly up to rounding. */
export function prices(
  problem: Problem,
  kinds: Kinds,
  shapes: Shapes,
  groups: Groups,
  weight: Float64Array,
  solve: LinearSolver,
): Float64Array {
  const { capacity } = kinds;
  const load = loads(problem, kinds, shapes, groups, weight);
  const used = Array.from({ length: groups.count }, (_, g) => g).filter((g) => load[g] !== undefined);
  const price = new Float64Array(capacity.length);
  if (used.length > 0) {
    const dual = solve(
      program(
        kinds,
        used.map((g) => load[g]!),
      ),
    );
    // The solver's sign for a ≤ row of a minimum is ≤ 0; what rounding left above is no price.
    for (let k = 0; k < capacity.length; k++) if (capacity[k]! > 0) price[k] = Math.max(0, -dual[used.length + k]!);
  }
  const worth = price.reduce((sum, p, k) => sum + p * capacity[k]!, 0);
  if (worth > 0) return price.map((p) => p / worth);
  const slots = capacity.reduce((sum, c, k) => sum + (k % RESOURCES === SLOTS ? c : 0), 0);
  return price.map((_, k) => (k % RESOURCES === SLOTS ? 1 / slots : 0));
}

/** By group: seconds of each resource of each kind that all of it would take there; NaN where some of it may not run. */
function loads(problem: Problem, { hostOf }: Kinds, shapes: Shapes, groups: Groups, weight: Float64Array): (Float64Array | undefined)[] {
  const load: (Float64Array | undefined)[] = new Array(groups.count).fill(undefined);
  const taken = new Float64Array(RESOURCES);
  for (let shape = 0; shape < shapes.count; shape++) {
    if (weight[shape] === 0) continue;
    const group = groups.groupOf[shape]!;
    load[group] ??= new Float64Array(hostOf.length * RESOURCES);
    const sum = load[group]!;
    for (let kind = 0; kind < hostOf.length; kind++) {
      const may = take(problem, shapes.example[shape]!, hostOf[kind]!, taken);
      for (let r = 0; r < RESOURCES; r++)
        sum[kind * RESOURCES + r]! += may && Number.isFinite(taken[SLOTS]!) ? taken[r]! * weight[shape]! : Number.NaN;
    }
  }
  return load;
}

/** Columns: T, then the share of each group on each kind. Rows: each group is built whole; each resource holds. */
function program({ capacity, hostOf }: Kinds, load: readonly Float64Array[]): LinearProgram {
  const scale = 1 / load.reduce((sum, one) => sum + largest(one), 0);
  const starts = [0];
  const rows: number[] = [];
  const values: number[] = [];
  for (let k = 0; k < capacity.length; k++) put(load.length + k, -capacity[k]!);
  starts.push(rows.length);
  for (const [g, one] of load.entries()) {
    for (let kind = 0; kind < hostOf.length; kind++) {
      if (Number.isNaN(one[kind * RESOURCES + SLOTS]!)) continue;
      rows.push(g);
      values.push(1);
      for (let r = 0; r < RESOURCES; r++)
        if (capacity[kind * RESOURCES + r]! > 0) put(load.length + kind * RESOURCES + r, one[kind * RESOURCES + r]! * scale);
      starts.push(rows.length);
    }
  }
  const cost = new Float64Array(starts.length - 1);
  cost[0] = 1;
  const whole = load.length;
  const lower = Float64Array.from({ length: whole + capacity.length }, (_, row) => (row < whole ? 1 : Number.NEGATIVE_INFINITY));
  const upper = Float64Array.from({ length: whole + capacity.length }, (_, row) => (row < whole ? 1 : 0));
  return { cost, lower, upper, starts: Int32Array.from(starts), rows: Int32Array.from(rows), values: Float64Array.from(values) };

  function put(row: number, value: number): void {
    if (value === 0) return;
    rows.push(row);
    values.push(value);
  }
}

/** NaN left out. */
function largest(values: Float64Array): number {
  return values.reduce((most, x) => (Number.isNaN(x) ? most : Math.max(most, x)), 1e-9);
}
