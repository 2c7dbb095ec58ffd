// Graphs from nothing, for scenarios without a real one: chain, fork-join, layered random, nix-like. A function of its
// parameters alone: the same parameters give the same graph everywhere.
import { drawFactor, pick, type Random, stream } from "#base/random.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import { atRandom, type Draft, type Kind, needs } from "./draft.js";
import type { Generator } from "./generator-spec.js";
import { nixLike } from "./nix-like.js";

const SHAPES: Readonly<Record<Generator["kind"], (generator: Generator, random: Random) => Draft>> = {
  chain: ({ nodes }) => grow(nodes, (draft, i) => i > 0 && needs(draft, i, [i - 1])),
  "fork-join": forkJoin,
  layered,
  "nix-like": ({ nodes, edges }, random) => nixLike(nodes, edges ?? 7, random),
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
  const { work, features, maxCores, outputBytes } = generator;
  return {
    name,
    kind,
    system,
    ...(kind === "trivial" ? { preferLocal: true } : {}),
    ...(kind === "build" && features !== undefined ? { features } : {}),
    ...(work === undefined
      ? {}
      : { work: typeof work === "number" ? work : work.median * drawFactor(generator.seed, "generate work", name, work.cv) }),
    ...(maxCores === undefined ? {} : { maxCores }),
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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
