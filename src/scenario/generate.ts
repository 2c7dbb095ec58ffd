// Graphs from nothing, for scenarios without a real one: chain, fork-join, layered random, nix-like. A function of its
// parameters alone. nix-like follows 53 real graphs of nixpkgs (166 to 67,787 nodes): a narrow bootstrap of at most 190
// nodes and 38 levels, a burst of fetches once there is curl, hubs by preferential choice, a long tail.
import { drawFactor, pick, type Random, stream } from "#base/random.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import type { Generator } from "./generator-spec.js";

type Kind = "build" | "fetch" | "trivial";

interface Draft {
  readonly kinds: Kind[];
  readonly from: number[];
  readonly to: number[];
}

const SHAPES: Readonly<Record<Generator["kind"], (generator: Generator, random: Random) => Draft>> = {
  chain: ({ nodes }) => grow(nodes, (draft, i) => i > 0 && needs(draft, i, [i - 1])),
  "fork-join": forkJoin,
  layered,
  "nix-like": nixLike,
};

export function generateGraph(generator: Generator): GraphFile {
  const random = stream(generator.seed, "generate");
  const draft = SHAPES[generator.kind](generator, random);
  const systems = systemsOf(generator, random);
  const digits = String(generator.nodes - 1).length;
  const nodes = draft.kinds.map((kind, i) => node(generator, kind, `${kind}-${String(i).padStart(digits, "0")}`, systems()));
  const name = generator.name ?? `${generator.kind}-${generator.nodes}`;
  return { schema: "drvfleet.graph/1", name, source: { generate: generator }, nodes, edges: { from: draft.from, to: draft.to } };
}

function node(generator: Generator, kind: Kind, name: string, system: string): NodeFile {
  if (kind === "fetch") return { name, kind, system, fixedOutput: true, preferLocal: true };
  const { work, features, outputBytes } = generator;
  return {
    name,
    kind,
    system,
    ...(kind === "trivial" ? { preferLocal: true } : {}),
    ...(kind === "build" && features !== undefined ? { features } : {}),
    ...(work === undefined ? {} : { work: typeof work === "number" ? work : work.median * drawFactor(generator.seed, "generate work", name, work.cv) }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  };
}

function systemsOf({ system }: Generator, random: Random): () => string {
  if (typeof system === "string") return () => system;
  const shares = Object.entries(system);
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  return () => {
    let rest = random() * total;
    for (const [name, share] of shares) {
      rest -= share;
      if (rest < 0) return name;
    }
    return shares.at(-1)?.[0] ?? "x86_64-linux";
  };
}

function grow(nodes: number, add: (draft: Draft, i: number) => unknown): Draft {
  const draft: Draft = { kinds: [], from: [], to: [] };
  for (let i = 0; i < nodes; i++) {
    draft.kinds.push("build");
    add(draft, i);
  }
  return draft;
}

/** Each dependency once. */
function needs(draft: Draft, node: number, dependencies: Iterable<number>): void {
  for (const dependency of new Set(dependencies)) {
    draft.from.push(dependency);
    draft.to.push(node);
  }
}

/** Stages of `width` nodes between single ones; ends in a single one. */
function forkJoin({ nodes, width = Math.ceil(Math.sqrt(nodes)) }: Generator): Draft {
  let gate = 0;
  return grow(nodes, (draft, i) => {
    if (i === 0) return;
    const isJoin = i - gate > width || i === nodes - 1;
    if (!isJoin) return needs(draft, i, [gate]);
    needs(draft, i, i - gate > 1 ? range(gate + 1, i) : [gate]);
    gate = i;
  });
}

/** One dependency in the layer before, the others within the three layers before. */
function layered({ nodes, width = Math.ceil(Math.sqrt(nodes)), edges = 3 }: Generator, random: Random): Draft {
  return grow(nodes, (draft, i) => {
    const layer = Math.floor(i / width) * width;
    if (layer === 0) return;
    const first = Math.max(0, layer - 3 * width);
    // The first layer has no dependencies: the others have so many more that the mean is right.
    const wanted = Math.min(layer - first, atRandom((edges * nodes) / Math.max(1, nodes - width), random));
    const chosen = new Set<number>();
    if (wanted > 0) chosen.add(layer - 1 - pick(random, width));
    while (chosen.size < wanted) chosen.add(first + pick(random, layer - first));
    needs(draft, i, chosen);
  });
}

const BOOTSTRAP_NODES = 190;
const BOOTSTRAP_LEVELS = 38;
/** Of the nodes after the bootstrap. */
const FETCH_SHARE = 0.55;
const TRIVIAL_SHARE = 0.06;
/** Tools that every fetch needs, as nearly all real ones do. */
const FETCH_TOOLS = 4;

function nixLike({ nodes, edges = 7 }: Generator, random: Random): Draft {
  const core = Math.min(BOOTSTRAP_NODES, Math.ceil(nodes / 2));
  const builders: number[] = [];
  const sources: number[] = [];
  const targets: number[] = [];
  const perLevel = Math.max(1, Math.ceil(core / 2 / BOOTSTRAP_LEVELS));
  // Fetches take four edges and the bootstrap about three, whatever the mean: builds and trivial ones have the rest.
  const extra = Math.max(0, (edges - FETCH_SHARE * FETCH_TOOLS) / (1 - FETCH_SHARE) - 3);
  const hub = () => (targets.length > 0 ? targets[pick(random, targets.length)]! : builders[pick(random, builders.length)]!);
  const recent = () => builders[builders.length - 1 - pick(random, Math.min(builders.length, 2 * BOOTSTRAP_LEVELS))]!;
  return grow(nodes, (draft, i) => {
    if (i < core) {
      if (i % 2 === 0) {
        draft.kinds[i] = "fetch";
        sources.push(i);
        return;
      }
      const level = Math.floor(builders.length / perLevel) * perLevel;
      const before = builders.slice(Math.max(0, level - perLevel), level);
      needs(draft, i, [sources.pop()!, ...before, ...(builders.length > 0 ? [builders[pick(random, builders.length)]!] : [])].filter((d) => before.includes(d) || draft.kinds[d] === "fetch" || builders.indexOf(d) < level));
      builders.push(i);
      return;
    }
    const kind = random();
    if (kind < FETCH_SHARE) {
      draft.kinds[i] = "fetch";
      needs(draft, i, builders.slice(Math.max(0, Math.floor(core / 2) - FETCH_TOOLS), Math.floor(core / 2)));
      sources.push(i);
      return;
    }
    const own = [builders[Math.floor(core / 2) - 1] ?? 0, ...(sources.length > 0 ? [sources.pop()!] : []), ...(builders.length > 0 ? [recent()] : [])];
    const wanted = atRandom(2 * random() * extra, random);
    const hubs = Array.from({ length: builders.length > 0 ? wanted : 0 }, () => (random() < 0.7 ? hub() : recent()));
    targets.push(...hubs, own[0]!);
    needs(draft, i, [...own, ...hubs].filter((d) => d < i));
    if (kind < FETCH_SHARE + TRIVIAL_SHARE) draft.kinds[i] = "trivial";
    else builders.push(i);
  });
}

/** A whole number with that mean. */
function atRandom(mean: number, random: Random): number {
  return Math.floor(mean) + (random() < mean - Math.floor(mean) ? 1 : 0);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
