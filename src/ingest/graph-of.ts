// Nodes and their needs, arriving one by one from any reader → a graph file: base names to indices, missing inputs
// found, restricted to roots if asked, canonical order (name bytes, then key). Knows no input format. Cycles are not
// its business: compiling a scenario finds them. Drops nothing without a note.
import { fail, type Fault, fault, ok, type Result, suggest } from "#base/fault.js";
import { compareText } from "#base/order.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import { baseName, derivationName, STORE_DIR, storeDirOf } from "./store-path.js";

export interface GraphOptions {
  readonly name: string;
  readonly source?: Readonly<Record<string, unknown>>;
  /** Store paths, base names or names of derivations; the graph is their closure. Empty or absent: all. */
  readonly roots?: readonly string[];
  /** Whether a root that another root needs stops being one: for files given by a shell pattern. */
  readonly rootsOnTop?: boolean;
}

export interface ImportedGraph {
  readonly graph: GraphFile;
  /** What the user should know and no fault says: assumptions, what was left out. */
  readonly notes: readonly string[];
}

export interface GraphCollector {
  /** A node with its drv path (or base name), the paths it needs and the store directory if known. */
  add(path: string, node: NodeFile, inputs: readonly string[], storeDir?: string): Fault | undefined;
  has(path: string): boolean;
  /** Derivations that are needed and not there yet, in order of first mention. */
  missing(): readonly string[];
  size(): number;
  finish(options: GraphOptions): Result<ImportedGraph>;
}

export function collectGraph(): GraphCollector {
  const indexOf = new Map<string, number>();
  const bases: string[] = [];
  const nodes: (NodeFile | undefined)[] = [];
  // Sparse: a derivation that is only mentioned has none.
  const inputs: Uint32Array[] = [];
  let storeDir: string | undefined;
  let repeated = 0;
  let present = 0;

  const index = (path: string): number => {
    const base = baseName(path);
    const known = indexOf.get(base);
    if (known !== undefined) return known;
    indexOf.set(base, bases.length);
    bases.push(base);
    return bases.length - 1;
  };
  const missing = () => bases.filter((_, i) => nodes[i] === undefined);

  return {
    add: (path, node, needs, dir = storeDirOf(path)) => {
      if (dir !== undefined && storeDir !== undefined && dir !== storeDir) {
        return fault("input", path, `found a derivation of the store ${dir} beside one of ${storeDir}`, "import one store at a time");
      }
      storeDir ??= dir;
      const at = index(path);
      if (nodes[at] !== undefined) {
        repeated++;
        return undefined;
      }
      present++;
      nodes[at] = node;
      inputs[at] = Uint32Array.from(new Set(needs.map(index)));
      return undefined;
    },
    has: (path) => nodes[indexOf.get(baseName(path)) ?? -1] !== undefined,
    missing,
    size: () => present,
    finish: (options) => {
      const roots = rootsOf(options.roots ?? [], bases, indexOf);
      if (!roots.ok) return roots;
      const top = options.rootsOnTop === true ? onTop(roots.value, bases.length, inputs) : roots.value;
      const kept = roots.value.length > 0 ? closure(roots.value, bases.length, inputs) : [...bases.keys()];
      const absent = kept.filter((i) => nodes[i] === undefined).map((i) => bases[i]!);
      if (absent.length > 0) return fail(incomplete(absent));
      const keyed = nodes.map((node, i) => ({ ...node!, drv: `${storeDir ?? STORE_DIR}/${bases[i]}` }));
      const notes = [
        ...(repeated > 0 ? [`${repeated} derivations were given more than once and are taken once`] : []),
        ...(kept.length < present ? [`${present - kept.length} derivations that the roots do not need are left out`] : []),
      ];
      return ok({ graph: assemble(options, keyed, inputs, kept, top), notes });
    },
  };
}

function incomplete(absent: readonly string[]): Fault {
  const first = absent.slice(0, 3).join(", ");
  const more = absent.length > 3 ? `, and ${absent.length - 3} more` : "";
  const what = `found no derivation for ${absent.length === 1 ? "an input" : `${absent.length} inputs`}: ${first}${more}`;
  return fault("input", "inputDrvs", what, "export the whole closure: nix derivation show -r");
}

/** A root may be given as path, base name or derivation name; a name that fits several takes them all. */
function rootsOf(wanted: readonly string[], bases: readonly string[], indexOf: ReadonlyMap<string, number>): Result<number[]> {
  const found = new Set<number>();
  const faults: Fault[] = [];
  for (const root of wanted) {
    const exact = indexOf.get(baseName(root));
    const byName = exact === undefined ? bases.flatMap((base, i) => (derivationName(base) === root ? [i] : [])) : [exact];
    for (const i of byName) found.add(i);
    if (byName.length === 0) {
      const names = bases.map((base) => derivationName(base) ?? base).sort(compareText);
      faults.push(fault("usage", `--roots ${root}`, "found no such derivation in the input", suggest(root, [...new Set(names)])));
    }
  }
  return faults.length > 0 ? fail(...faults) : ok([...found]);
}

/** Those roots that no root needs. */
function onTop(roots: readonly number[], count: number, inputs: readonly (Uint32Array | undefined)[]): number[] {
  const direct = roots.flatMap((root) => [...(inputs[root] ?? [])]);
  const needed = new Set(closure(direct, count, inputs));
  return roots.filter((root) => !needed.has(root));
}

/** Everything that the roots need, themselves included; increasing indices. */
function closure(roots: readonly number[], count: number, inputs: readonly (Uint32Array | undefined)[]): number[] {
  const seen = new Uint8Array(count);
  const stack = [...roots];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen[at] === 1) continue;
    seen[at] = 1;
    for (const input of inputs[at] ?? []) if (seen[input] === 0) stack.push(input);
  }
  return [...seen.keys()].filter((i) => seen[i] === 1);
}

function assemble(
  options: GraphOptions,
  keyed: readonly (NodeFile & { drv: string })[],
  inputs: readonly Uint32Array[],
  kept: readonly number[],
  roots: readonly number[],
): GraphFile {
  const order = [...kept].sort((a, b) => compareText(keyed[a]!.name, keyed[b]!.name) || compareText(keyed[a]!.drv, keyed[b]!.drv));
  const rank = new Int32Array(keyed.length).fill(-1);
  order.forEach((node, position) => {
    rank[node] = position;
  });
  const edges: (readonly [from: number, to: number])[] = [];
  for (const node of kept) for (const input of inputs[node]!) edges.push([rank[input]!, rank[node]!]);
  edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    schema: "drvfleet.graph/1",
    name: options.name,
    ...(options.source !== undefined && { source: options.source }),
    nodes: order.map((node) => keyed[node]!),
    edges: { from: edges.map(([from]) => from), to: edges.map(([, to]) => to) },
    ...(roots.length > 0 && { roots: roots.map((root) => rank[root]!).sort((a, b) => a - b) }),
  };
}
