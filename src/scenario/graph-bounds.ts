// Whether the indices of a graph file point at its nodes: lists of equal length, no index outside, no edge from a node
// to itself, no empty list of roots. Everything after it may index without asking.
import { type Fault, fault } from "#base/fault.js";
import type { GraphFile } from "#model/graph-file.js";

/** The first mistake of each kind; empty when the graph may be used. */
export function boundsFaults(file: GraphFile, where: string): Fault[] {
  const { nodes, edges, roots } = file;
  const count = nodes.length;
  if (count === 0) return [fault("input", `${where} nodes`, "found no node, expected at least one derivation")];
  const edgeCount = edges.from.length;
  if (edges.to.length !== edgeCount) {
    return [
      fault(
        "input",
        `${where} edges`,
        `found ${edgeCount} in from and ${edges.to.length} in to, expected as many`,
        "the file may be cut off",
      ),
    ];
  }
  if (edges.bytes !== undefined && edges.bytes.length !== edgeCount) {
    return [fault("input", `${where} edges.bytes`, `found ${edges.bytes.length} sizes for ${edgeCount} edges, expected one each`)];
  }
  const outside = (index: number, at: string) =>
    fault("input", `${where} ${at}`, `found node ${index}, expected an index from 0 to ${count - 1}`, "indices count from 0");
  for (let e = 0; e < edgeCount; e++) {
    const from = edges.from[e]!;
    const to = edges.to[e]!;
    if (!(from < count)) return [outside(from, `edges.from[${e}]`)];
    if (!(to < count)) return [outside(to, `edges.to[${e}]`)];
    if (from === to)
      return [fault("input", `${where} edges.to[${e}]`, `found ${nodes[to]!.name} needing itself, expected edges between different nodes`)];
  }
  const bad = roots?.findIndex((root) => !(root < count)) ?? -1;
  if (bad >= 0) return [outside(roots![bad]!, `roots[${bad}]`)];
  return roots?.length === 0
    ? [
        fault(
          "input",
          `${where} roots`,
          "found an empty list, expected at least one root",
          "leave roots out to request every node that nothing depends on",
        ),
      ]
    : [];
}
