// What if the largest builds were split below the derivation, as distcc or icecream do? Build → parts that inherit its
// inputs and a join of no work under its name, which its dependents need. Assumes: each part carries an equal share of
// work × (1 + overhead), of outputs and of sources, and needs the whole memory; the serial share of the whole is not
// shortened: it stands in every part, up to the part's work. Ignores: that parts must agree on one compiler.
import { compareText } from "#base/order.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import type { FilledNode } from "#model/filled-node.js";
import type { Split } from "./normal.js";

export interface SplitGraph {
  readonly file: GraphFile;
  readonly keys: readonly string[];
  readonly filled: readonly FilledNode[];
  /** What was assumed, for the report. */
  readonly said: readonly string[];
}

/** The joins keep the place of their build, the parts are added at the end. */
export function splitLargest(whole: SplitGraph, split: Split, isNeeded: (index: number) => boolean): SplitGraph {
  const chosen = largest(whole, split.largest, isNeeded);
  const nodes = [...whole.file.nodes];
  const keys = [...whole.keys];
  const filled = [...whole.filled];
  const from: number[] = [];
  const to: number[] = [];
  const bytes: (number | null)[] = [];
  const connect = (a: number, b: number, size: number | null) => {
    from.push(a);
    to.push(b);
    bytes.push(size);
  };
  const firstPart = new Map<number, number>();
  for (const index of chosen) {
    firstPart.set(index, nodes.length);
    for (let k = 1; k <= split.parts; k++) {
      connect(nodes.length, index, null);
      nodes.push(partNode(whole.file.nodes[index]!, split, k));
      keys.push(`${whole.keys[index]!}~${k}of${split.parts}`);
      filled.push(partFilled(whole.filled[index]!, split));
    }
    nodes[index] = joinNode(whole.file.nodes[index]!);
    filled[index] = joinFilled(whole.filled[index]!);
  }
  const { edges } = whole.file;
  for (let e = 0; e < edges.from.length; e++) {
    const first = firstPart.get(edges.to[e]!);
    const size = edges.bytes?.[e] ?? null;
    if (first === undefined) connect(edges.from[e]!, edges.to[e]!, size);
    else for (let k = 0; k < split.parts; k++) connect(edges.from[e]!, first + k, size);
  }
  const file: GraphFile = { ...whole.file, nodes, edges: { from, to, ...(edges.bytes === undefined ? {} : { bytes }) } };
  const names = chosen.map((index) => whole.file.nodes[index]!.name).join(", ");
  const said = `split: ${names} in ${split.parts} parts each, ${split.overhead} more work; a serial share is not shortened`;
  return { file, keys, filled, said: chosen.length === 0 ? whole.said : [...whole.said, said] };
}

/** By work (of measured ones: longest seconds × cores), then name bytes, then key. Fetches cannot be split. */
function largest({ file, keys, filled }: SplitGraph, count: number, isNeeded: (index: number) => boolean): number[] {
  const size = (index: number) => {
    const { seconds, cpu = 1 } = file.nodes[index]!;
    return seconds === undefined ? filled[index]!.work : Math.max(0, ...Object.values(seconds)) * Math.max(1, cpu);
  };
  const builds = [...file.nodes.keys()].filter((index) => !isFetch(file.nodes[index]!) && size(index) > 0 && isNeeded(index));
  builds.sort((a, b) => size(b) - size(a) || compareText(file.nodes[a]!.name, file.nodes[b]!.name) || compareText(keys[a]!, keys[b]!));
  return builds.slice(0, count);
}

/** A fixed-output derivation whose duration is its bytes; one that states work instead is a build like others. */
export function isFetch(node: NodeFile): boolean {
  const fixed = node.fixedOutput ?? node.kind === "fetch";
  return fixed && (node.work === undefined || node.sourceBytes !== undefined);
}

function partNode(node: NodeFile, { parts, overhead }: Split, k: number): NodeFile {
  const { drv: _, outputBytes: __, sourceBytes: ___, work: ____, serial: _____, ...rest } = node;
  const share = (1 + overhead) / parts;
  const seconds = node.seconds && Object.fromEntries(Object.entries(node.seconds).map(([host, s]) => [host, s * share]));
  return { ...rest, name: `${node.name}~${k}of${parts}`, ...(seconds === undefined ? {} : { seconds }) };
}

function partFilled(filled: FilledNode, { parts, overhead }: Split): FilledNode {
  return {
    ...filled,
    work: (filled.work * (1 + overhead)) / parts,
    serial: Math.min(1, (filled.serial * parts) / (1 + overhead)),
    outputBytes: filled.outputBytes / parts,
    sourceBytes: filled.sourceBytes / parts,
  };
}

function joinNode(node: NodeFile): NodeFile {
  const { seconds: _, cpu: __, maxCores: ___, memoryBytes: ____, sourceBytes: _____, serial: ______, ...rest } = node;
  return { ...rest, work: 0 };
}

function joinFilled(filled: FilledNode): FilledNode {
  return { ...filled, work: 0, cv: 0, serial: 0, maxCores: 1, memoryBytes: 0, sourceBytes: 0, provenance: "given" };
}

/** The name or key of the build that a part was made from: pins are written for it. */
export function originalOf(text: string): string {
  return text.replace(/~\d+of\d+$/, "");
}
