// Reader of `nix-store -q --graph` DOT: names and edges of derivations, nothing else. It knows no systems, features or
// flags, so one system is assumed for all. Source files among the nodes are left out. Reads what Nix prints, one
// statement a line, not the whole DOT language.
import { fail, fault, ok, type Result } from "#base/fault.js";
import { kindOf, WORKLOAD_OF } from "./build-kind.js";
import type { GraphCollector } from "./graph-of.js";
import { derivationName, packageName } from "./store-path.js";

const NAME = /"((?:[^"\\]|\\.)*)"/.source;
const EDGE = new RegExp(`^${NAME}\\s*->\\s*${NAME}\\s*(?:\\[.*\\])?\\s*;?$`);
const NODE = new RegExp(`^${NAME}\\s*(?:\\[.*\\])?\\s*;?$`);

/** Adds the derivations of one DOT text, all of `system`. Returns notes. */
export function addDot(text: string, file: string, system: string, collector: GraphCollector): Result<readonly string[]> {
  const needs = new Map<string, string[]>();
  const others = new Set<string>();
  const lines = text.split("\n");
  let open = false;
  let closed = false;
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    const where = `${file}:${i + 1}`;
    if (line === "" || line.startsWith("//") || line.startsWith("#")) continue;
    if (!open && /^(strict\s+)?digraph\b.*\{$/.test(line)) open = true;
    else if (open && !closed && line === "}") closed = true;
    else {
      const edge = open && !closed ? EDGE.exec(line) : null;
      const node = open && !closed && edge === null ? NODE.exec(line) : null;
      if (edge === null && node === null)
        return fail(
          fault(
            "input",
            where,
            `found ${JSON.stringify(line.slice(0, 60))}, expected ${open ? (closed ? "nothing more" : '"from" -> "to"') : "digraph G {"}`,
            "is this the output of nix-store -q --graph?",
          ),
        );
      const [from, to] = edge === null ? [node![1]!, undefined] : [edge[1]!, edge[2]!];
      for (const name of to === undefined ? [from] : [from, to]) {
        if (derivationName(name) === undefined) others.add(name);
        else if (!needs.has(name)) needs.set(name, []);
      }
      if (to !== undefined && needs.has(from)) needs.get(to)?.push(from);
    }
  }
  if (!closed) return fail(fault("input", `${file}:${lines.length}`, 'found the end of the file, expected "}"', "the file is cut off"));
  if (needs.size === 0)
    return fail(
      fault("input", file, "found no derivations in this graph", "ask for the graph of a .drv: nix-store -q --graph /nix/store/….drv"),
    );
  for (const [path, inputs] of needs) {
    const broken = collector.add(path, nodeOf(derivationName(path)!, system), inputs);
    if (broken !== undefined) return fail(broken);
  }
  return ok([
    `DOT has neither systems nor features nor flags: every derivation is taken as ${system} without required features`,
    ...(others.size > 0 ? [`${others.size} source files are left out`] : []),
  ]);
}

function nodeOf(name: string, system: string) {
  const { pname, version } = packageName(name);
  const isSource = /\.(tar\.[a-z0-9]+|tgz|zip|tbz2)$/.test(name);
  const kind = kindOf({ name, pname, fixedOutput: isSource, builder: "", preferLocal: false, allowSubstitutes: true, writesText: false });
  const workload = WORKLOAD_OF[kind];
  return { name, pname, ...(version !== undefined && { version }), system, kind, ...(workload !== undefined && { workload }) };
}
