// A graph with the shape of nixpkgs: a narrow bootstrap, a burst of fetches once it has made curl, then tiers of builds
// with hubs by preferential choice. Source: 53 graphs evaluated from nixpkgs, 166 to 67,787 nodes: bootstrap 38 levels
// and about 190 nodes whatever the size, fetches 44–60 % with four tools each, depth about 100, hubs with a power tail.
import { pick, type Random } from "#base/random.js";
import { atRandom, type Draft, type Kind, needs } from "./draft.js";

const BOOTSTRAP_NODES = 190;
const BOOTSTRAP_LEVELS = 38;
const FETCH_SHARE = 0.55;
const TRIVIAL_SHARE = 0.06;
const FETCH_TOOLS = 4;
const TIERS = 60;
/** Of the further dependencies of a build, those chosen as others were chosen before. */
const HUB_SHARE = 0.75;

export function nixLike(nodes: number, edges: number, random: Random): Draft {
  const draft: Draft = { kinds: [], from: [], to: [] };
  const core = bootstrap(draft, Math.min(BOOTSTRAP_NODES, Math.ceil(nodes / 2)), random);
  const fetches = burst(draft, core, Math.floor((nodes - draft.kinds.length) * FETCH_SHARE));
  tail(draft, core, fetches, nodes - draft.kinds.length, edges, random);
  return draft;
}

/** Sources that need nothing, and after each the build that needs it, two or three builds side by side. */
function bootstrap(draft: Draft, nodes: number, random: Random): readonly number[] {
  const builds: number[] = [];
  const perLevel = Math.max(1, Math.ceil(nodes / 2 / BOOTSTRAP_LEVELS));
  for (let i = 0; i < nodes; i++) {
    const isSource = i % 2 === 0 && i < nodes - 1;
    add(draft, isSource ? "fetch" : "build");
    if (isSource) continue;
    const level = builds.length - (builds.length % perLevel);
    const older = level > 0 ? [builds[pick(random, level)]!] : [];
    needs(draft, i, [...(i > 0 ? [i - 1] : []), ...builds.slice(Math.max(0, level - perLevel), level), ...older]);
    builds.push(i);
  }
  return builds;
}

/** All at once: each needs the same few tools, the last things of the bootstrap. */
function burst(draft: Draft, core: readonly number[], count: number): readonly number[] {
  const tools = core.slice(-FETCH_TOOLS);
  return Array.from({ length: count }, () => {
    const fetch = add(draft, "fetch");
    needs(draft, fetch, tools);
    return fetch;
  });
}

/** Builds by tier, thinner towards the end, each needing one of the tier before, its sources and further ones. */
function tail(draft: Draft, core: readonly number[], fetches: readonly number[], count: number, edges: number, random: Random): void {
  const tiers = tiersOf(count, random);
  const toolchain = core.at(-1)!;
  // The sum of all edges is the wish; what bootstrap and fetches need is spent already.
  const left = Math.max(0, (edges * (draft.kinds.length + count) - draft.from.length - fetches.length) / Math.max(1, count) - 2);
  const chosen = [...core];
  let tierBefore: readonly number[] = core;
  let index = 0;
  for (const size of tiers) {
    const tier: number[] = [];
    const below = chosen.length;
    for (let k = 0; k < size; k++, index++) {
      const node = add(draft, random() < TRIVIAL_SHARE / (1 - FETCH_SHARE) ? "trivial" : "build");
      const own = everyNth(fetches, index, count);
      const dependencies = new Set([toolchain, ...own, tierBefore[pick(random, tierBefore.length)]!]);
      const wanted = dependencies.size + atRandom(2 * random() * left, random);
      for (let tries = 4 * wanted; tries > 0 && dependencies.size < wanted; tries--) {
        dependencies.add(random() < HUB_SHARE ? chosen[pick(random, below)]! : tierBefore[pick(random, tierBefore.length)]!);
      }
      needs(draft, node, dependencies);
      tier.push(node);
    }
    // What was chosen often is chosen more often: one entry per node and one per edge to it.
    for (let e = draft.from.length - 1; e >= 0 && draft.to[e]! >= (tier[0] ?? 0); e--) {
      if (draft.kinds[draft.from[e]!] !== "fetch") chosen.push(draft.from[e]!);
    }
    for (const node of tier) chosen.push(node);
    tierBefore = tier;
  }
}

/** Sizes of the tiers, none empty, first ones largest. */
function tiersOf(count: number, random: Random): readonly number[] {
  const sizes = new Array<number>(Math.min(TIERS, Math.ceil(count / 3))).fill(0);
  for (let i = 0; i < count; i++) {
    const u = random();
    sizes[i < sizes.length ? i : Math.floor(sizes.length * u * u)]!++;
  }
  return sizes;
}

function add(draft: Draft, kind: Kind): number {
  return draft.kinds.push(kind) - 1;
}

/** Shares sources out among builds: this one's. */
function everyNth(fetches: readonly number[], first: number, step: number): readonly number[] {
  const own: number[] = [];
  for (let f = first; f < fetches.length; f += step) own.push(fetches[f]!);
  return own;
}
