// The key of each node: its drv path, else its name, else name#k, the k-th of that name in the file. Traces, history,
// pins and draws use it, so it must be unique. Rule: product.md "Files", Graph.
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { NodeFile } from "#model/graph-file.js";

/** By file index. A name that the file has once is its own key; of one that it has more often each gets its number. */
export function keysOf(nodes: readonly NodeFile[], where: string): Result<string[]> {
  const keys = nodes.some((node) => node.drv === undefined) ? numbered(nodes) : nodes.map((node) => node.drv!);
  const twice = repeated(keys);
  if (twice === null) return ok(keys);
  const [first, second] = twice;
  const found = `found the key ${keys[first]} at nodes[${first}] and nodes[${second}], expected each derivation once`;
  return fail(fault("input", `${where} nodes[${second}]`, found, "a node's key is its drv, else its name, else name#k"));
}

function numbered(nodes: readonly NodeFile[]): string[] {
  const times = new Map<string, number>();
  for (const { name } of nodes) times.set(name, (times.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return nodes.map(({ name, drv }) => {
    if (times.get(name) === 1) return drv ?? name;
    const k = (seen.get(name) ?? 0) + 1;
    seen.set(name, k);
    return drv ?? `${name}#${k}`;
  });
}

/** The first two indices with the same key. */
function repeated(keys: readonly string[]): [number, number] | null {
  const seen = new Set<string>();
  for (let i = 0; i < keys.length; i++) {
    if (seen.has(keys[i]!)) return [keys.indexOf(keys[i]!), i];
    seen.add(keys[i]!);
  }
  return null;
}
