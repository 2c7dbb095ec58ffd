// Which derivation of a graph a past build was. Where both have a store path, that decides, whatever the store's directory: the same name
// under another path is another derivation, of another evaluation or system, and what the graph says of it may be wrong. A name
// decides only where one of the two has no path, and only where the graph has it once.
import type { NodeFile } from "#model/graph-file.js";
import type { PastBuild } from "#model/past-build.js";

export type NodeFinder = (build: Pick<PastBuild, "drv" | "name">) => NodeFile | undefined;

export function nodeFinder(nodes: readonly NodeFile[]): NodeFinder {
  const byPath = new Map<string, NodeFile>();
  const byName = new Map<string, NodeFile | null>();
  for (const node of nodes) {
    if (node.drv !== undefined) byPath.set(baseName(node.drv), node);
    byName.set(node.name, byName.has(node.name) ? null : node);
  }
  return ({ drv, name }) => {
    const same = drv === undefined ? undefined : byPath.get(baseName(drv));
    if (same !== undefined) return same;
    const named = byName.get(name) ?? undefined;
    return drv !== undefined && named?.drv !== undefined ? undefined : named;
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
