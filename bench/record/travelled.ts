// What was sent to a host with each build: those outputs and sources that it needs and that the host had not yet, when the
// build got the upload lock. Nix asks the host the same under the same lock. The log says it too, but of several builds on
// one machine whose lines come late it does not say whose; so it is only counted against, host by host.
import type { GraphFile } from "#model/graph-file.js";

export interface Upload {
  readonly node: string;
  readonly host: string;
  /** When the lock was got; any clock. */
  readonly from: number;
}

export interface Made {
  readonly node: string;
  readonly host: string;
  readonly at: number;
}

/** Names of what was sent, by upload. `refer`: outputs refer to their inputs', which travel with them. */
export function sentWith(
  graph: GraphFile,
  refer: boolean,
  uploads: readonly Upload[],
  made: readonly Made[],
): ReadonlyMap<Upload, readonly string[]> {
  const needs = needsOf(graph, refer);
  const present = new Set<string>();
  const sent = new Map<Upload, readonly string[]>();
  for (const upload of uploads.toSorted((a, b) => a.from - b.from)) {
    for (const { node, host, at } of made) if (at <= upload.from) present.add(`${host} ${node}`);
    const missing = needs.get(upload.node)!.filter((name) => !present.has(`${upload.host} ${name}`));
    for (const name of missing) present.add(`${upload.host} ${name}`);
    sent.set(upload, missing);
  }
  return sent;
}

/** By node, the names in the store of what its host must have: outputs by the node, sources as `source-NODE`. */
function needsOf({ nodes, edges }: GraphFile, refer: boolean): ReadonlyMap<string, readonly string[]> {
  const direct = nodes.map((): number[] => []);
  for (let edge = 0; edge < edges.from.length; edge++) direct[edges.to[edge]!]!.push(edges.from[edge]!);
  const closure = (node: number): Set<number> => {
    const all = new Set(direct[node]);
    if (refer) for (const one of all) for (const next of direct[one]!) all.add(next);
    return all;
  };
  return new Map(
    nodes.map(({ name, sourceBytes = 0 }, i) => [
      name,
      [...Array.from(closure(i), (need) => nodes[need]!.name), ...(sourceBytes > 0 ? [`source-${name}`] : [])],
    ]),
  );
}
