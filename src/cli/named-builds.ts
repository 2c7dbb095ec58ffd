// A graph that knows no store paths, because it was drawn or generated, has names: builds of a log are its nodes by the names of their
// derivations. A name that the graph has twice, or two derivations of the log have, says nothing: those keep their paths.
import type { LoggedRun } from "#ingest/logged-build.js";
import { baseName, derivationName } from "#ingest/store-path.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";

export function namedAfter({ nodes }: GraphFile, runs: readonly LoggedRun[]): readonly LoggedRun[] {
  const drvs = new Set(runs.flatMap(({ builds }) => builds.map(({ drv }) => drv)));
  const logged = counted([...drvs].map((drv) => derivationName(drv) ?? ""));
  const known = counted(nodes.map(({ name }) => name));
  const named = new Set(
    nodes.filter(({ drv, name }) => drv === undefined && known.get(name) === 1 && logged.get(name) === 1).map(({ name }) => name),
  );
  const nameOr = (drv: string): string => {
    const name = derivationName(drv);
    return name !== undefined && named.has(name) ? name : drv;
  };
  return runs.map((run) => ({ ...run, builds: run.builds.map((build) => ({ ...build, drv: nameOr(build.drv) })) }));
}

/** The `drv` of a node's build in runs that are named after its graph, without the store's directory. */
export function keyOf({ drv, name }: NodeFile): string {
  return baseName(drv ?? name);
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}
