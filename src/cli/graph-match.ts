// Whether a record's builds are those of the graph that it is given with. A graph of another run knows none of them, and says nothing true
// of them: that is refused. A few that it lacks are told, and left as they would be without it.
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { GraphFile } from "#model/graph-file.js";

const NAMES_MAX = 5;

interface Given {
  readonly file: string;
  readonly graph: GraphFile;
  /** What stays unknown of a build that is not in the graph. */
  readonly unknown: string;
}

/** Notes. `isIn`: by the caller's own rule, whose data it takes. */
export function graphMatch<B extends { readonly name: string }>(
  builds: readonly B[],
  isIn: (build: B) => boolean,
  { file, graph, unknown }: Given,
): Result<readonly string[]> {
  const out = builds.filter((build) => !isIn(build));
  if (out.length === 0) return ok([]);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const alike = out.filter(({ name }) => names.has(name)).length;
  if (out.length === builds.length) {
    const found = `found none of the ${builds.length} builds in this graph, expected the graph that was built`;
    const other = `${alike} have a name that is in it, under another store path: another evaluation or system?`;
    return fail(fault("input", file, found, alike > 0 ? other : "give the graph of that run, or none"));
  }
  const listed = [...new Set(out.map(({ name }) => name))];
  const shown = `${listed.slice(0, NAMES_MAX).join(", ")}${listed.length > NAMES_MAX ? ", …" : ""}`;
  const why = alike > 0 ? `, ${alike} of them have a name that is, under another store path` : "";
  return ok([`${file}: ${out.length} of ${builds.length} builds are not in this graph${why}: ${unknown} (${shown})`]);
}
