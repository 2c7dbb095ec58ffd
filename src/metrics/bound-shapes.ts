// Tasks that differ in size only share a shape, so that what they take is worked out once: 60,000 derivations have a
// few hundred shapes. A task with measured rows is its own. Exact: what a task takes = its shape's example × its scale.
import { NONE, type TaskId } from "#base/units.js";
import { isAllowed, type Problem } from "#model/problem.js";
import { type Kinds, RESOURCES, SLOTS, take } from "./bound-demand.js";

export interface Shapes {
  readonly count: number;
  /** By task; NONE for a task that takes nothing, or that no host may build (it never starts, so it adds nothing). */
  readonly shapeOf: Int32Array;
  /** By task: its size ÷ that of the example. */
  readonly scale: Float64Array;
  /** A task of each shape. */
  readonly example: readonly TaskId[];
}

export function shapesOf(problem: Problem, { hostOf }: Kinds): Shapes {
  const { tasks, hosts, demand } = problem;
  const count = tasks.work.length;
  const shapeOf = new Int32Array(count).fill(NONE);
  const scale = new Float64Array(count);
  const example: TaskId[] = [];
  const known = new Map<string, number>();
  const memoryTight = hosts.memoryBytes.some((bytes) => bytes < Number.POSITIVE_INFINITY);
  for (let t = 0; t < count; t++) {
    const task = t as TaskId;
    const size = sizeOf(task);
    if (size === 0 || !hostOf.some((host) => isAllowed(problem, task, host))) continue;
    const key = keyOf(task);
    const shape = known.get(key) ?? example.push(task) - 1;
    known.set(key, shape);
    shapeOf[t] = shape;
    scale[t] = size / sizeOf(example[shape]!);
  }
  return { count: example.length, shapeOf, scale, example };

  function isMeasured(task: TaskId): boolean {
    return demand.rows !== null && demand.rows.rowStart[task + 1]! > demand.rows.rowStart[task]!;
  }

  function sizeOf(task: TaskId): number {
    if (isMeasured(task)) return 1;
    const wall = tasks.seconds[task]!;
    if (wall === wall) return wall;
    return tasks.fetch[task] === 1 ? tasks.sourceBytes[task]! : tasks.work[task]!;
  }

  function keyOf(task: TaskId): string {
    if (isMeasured(task)) return `row ${task}`;
    const wall = tasks.seconds[task]!;
    let key = `${tasks.classOf[task]}`;
    if (wall === wall) key += ` seconds ${tasks.cpu[task]}`;
    else if (tasks.fetch[task] === 1) key += " fetch";
    else key += ` work ${tasks.serial[task]} ${tasks.maxCores[task]}`;
    if (memoryTight) for (const host of hostOf) key += isAllowed(problem, task, host) ? " y" : " n";
    return key;
  }
}

/** By shape: the least wall seconds of its example on any host. */
export function leastSeconds(problem: Problem, kinds: Kinds, shapes: Shapes): Float64Array {
  const price = new Float64Array(kinds.hostOf.length * RESOURCES);
  for (let kind = 0; kind < kinds.hostOf.length; kind++) price[kind * RESOURCES + SLOTS] = 1;
  return leastCost(problem, kinds, shapes, price);
}

/** By shape: the least that its example costs on any host at these prices per second of each resource. */
export function leastCost(problem: Problem, kinds: Kinds, shapes: Shapes, price: Float64Array): Float64Array {
  const taken = new Float64Array(RESOURCES);
  const least = new Float64Array(shapes.count).fill(Number.POSITIVE_INFINITY);
  for (let shape = 0; shape < shapes.count; shape++) {
    for (let kind = 0; kind < kinds.hostOf.length; kind++) {
      if (!take(problem, shapes.example[shape]!, kinds.hostOf[kind]!, taken)) continue;
      let cost = 0;
      // A price of 0 leaves a resource out, even where the task would take for ever.
      for (let r = 0; r < RESOURCES; r++) if (price[kind * RESOURCES + r]! > 0) cost += taken[r]! * price[kind * RESOURCES + r]!;
      if (cost < least[shape]!) least[shape] = cost;
    }
  }
  return least;
}
