// A graph while it is being generated: a kind per node, edges as pairs of indices.
import type { Random } from "#base/random.js";

export type Kind = "build" | "fetch" | "trivial";

export interface Draft {
  readonly kinds: Kind[];
  readonly from: number[];
  readonly to: number[];
}

/** Each dependency once, in the order given. */
export function needs(draft: Draft, node: number, dependencies: Iterable<number>): void {
  for (const dependency of new Set(dependencies)) {
    draft.from.push(dependency);
    draft.to.push(node);
  }
}

/** A whole number with that mean, one of the two next to it. */
export function atRandom(mean: number, random: Random): number {
  return Math.floor(mean) + (random() < mean - Math.floor(mean) ? 1 : 0);
}
