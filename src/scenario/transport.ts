// How outputs travel, and which a builder can substitute for itself: by a list of globs, or by a rate drawn per key, so
// that the same outputs are there in every world and on every fleet. Knows no hosts.
import { draw } from "#base/random.js";
import type { NodeFile } from "#model/graph-file.js";
import type { Graph } from "#model/graph.js";
import type { Models } from "#model/models.js";
import type { Transport } from "#model/problem.js";
import type { NormalFleet } from "./normalize.js";
import { matchesNode } from "./glob.js";

export function transportOf(
  { route, closure, substituter }: NormalFleet,
  { graph, nodes }: { graph: Graph; nodes: readonly NodeFile[] },
  models: Models,
): Transport {
  const has = substituter !== null && models.substitution === "on";
  return {
    route,
    closure,
    substitutable: has ? hitsOf(substituter.hits, graph, nodes) : null,
    substituterBandwidth: has ? substituter.bandwidth : 0,
  };
}

/** A derivation with allowSubstitutes: false is never there. */
function hitsOf(hits: number | readonly string[], graph: Graph, nodes: readonly NodeFile[]): Uint8Array {
  return Uint8Array.from(graph.keys, (key, t) => {
    if (nodes[graph.fileIndex[t]!]!.allowSubstitutes === false) return 0;
    const isThere =
      typeof hits === "number" ? draw(0, "substitute", key) < hits : hits.some((glob) => matchesNode(glob, graph.names[t]!, key));
    return isThere ? 1 : 0;
  });
}
