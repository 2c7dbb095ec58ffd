// The best window: over all θ₁, θ₂ the largest θ₁ + area(S) + θ₂, where S are the tasks that can start no earlier than
// θ₁ and are followed by at least θ₂. A sweep over falling θ₁ with a tree over θ₂: all pairs in O(n log n).
import type { Chains } from "./bound-path.js";

export interface Window {
  readonly head: number;
  readonly tail: number;
  /** head + area + tail, seconds. */
  readonly value: number;
}

/** `area`: by task, what it adds to the area, seconds of the whole fleet; tasks of area 0 open no window. */
export function bestWindow({ head, tail }: Chains, area: Float64Array): Window {
  const tasks = Array.from(area.keys()).filter((t) => area[t]! > 0);
  const tails = Float64Array.from(new Set(tasks.map((t) => tail[t]!))).sort();
  const places = new Map(Array.from(tails, (value, place) => [value, place]));
  const tree = new PrefixTree(tails);
  // Falling heads; equal heads in order of id, which cannot show: the tree is read once per head.
  tasks.sort((a, b) => head[b]! - head[a]! || a - b);
  let best: Window = { head: 0, tail: 0, value: 0 };
  for (let i = 0; i < tasks.length; i++) {
    const t = tasks[i]!;
    tree.add(places.get(tail[t]!)!, area[t]!);
    if (i + 1 < tasks.length && head[tasks[i + 1]!] === head[t]) continue;
    const value = head[t]! + tree.top();
    if (value > best.value) best = { head: head[t]!, tail: tails[tree.topPlace()]!, value };
  }
  return best;
}

/**
 * Values at places 0 … n − 1; adds to every place up to one, tells the largest value and its place. A place beyond
 * every add so far holds no task, so it bounds nothing and is left out.
 */
class PrefixTree {
  private readonly leaves: number;
  private reached = 0;
  /** Of each node's range: the largest value, before what its ancestors owe it. */
  private readonly largest: Float64Array;
  private readonly owed: Float64Array;

  constructor(private readonly values: Float64Array) {
    this.leaves = 1;
    while (this.leaves < values.length) this.leaves *= 2;
    this.largest = new Float64Array(2 * this.leaves).fill(Number.NEGATIVE_INFINITY);
    this.owed = new Float64Array(2 * this.leaves);
  }

  add(place: number, amount: number): void {
    for (; this.reached <= place; this.reached++) this.lift(this.leaves + this.reached, this.values[this.reached]!, 0);
    this.lift(this.leaves + place, this.largest[this.leaves + place]! + amount, amount);
  }

  top(): number {
    return this.largest[1]!;
  }

  topPlace(): number {
    let node = 1;
    while (node < this.leaves) node = this.largest[2 * node]! >= this.largest[2 * node + 1]! ? 2 * node : 2 * node + 1;
    return node - this.leaves;
  }

  /** Sets a leaf, raises every leaf before it. */
  private lift(leaf: number, value: number, amount: number): void {
    this.largest[leaf] = value;
    for (let node = leaf; node > 1; node >>= 1) {
      if (node % 2 === 1) this.raise(node - 1, amount);
      const parent = node >> 1;
      this.largest[parent] = Math.max(this.largest[2 * parent]!, this.largest[2 * parent + 1]!) + this.owed[parent]!;
    }
  }

  private raise(node: number, amount: number): void {
    this.largest[node]! += amount;
    this.owed[node]! += amount;
  }
}
