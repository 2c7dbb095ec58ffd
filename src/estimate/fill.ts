// Fills in what a graph's nodes leave out, and says where each duration comes from: given by the graph, else history,
// else the prior. What a node states is never changed. A node that states its duration and is nothing that Nix
// made (no pname, kind or drv: a textbook graph) gets no invented sizes: what it leaves out is nothing at all.
import type { FilledNode } from "#model/filled-node.js";
import type { NodeFile } from "#model/graph-file.js";
import type { History } from "./history.js";
import { identityOf } from "./identity.js";
import { type Guess, isFetch, priorOf, serialOf } from "./prior.js";

/** With a sentence that says where the duration comes from. */
export interface Filled extends FilledNode {
  readonly basis: string;
}

/** Fills every node; one row per node, in their order. */
export function fillGraph(nodes: readonly NodeFile[], history: History | null): Filled[] {
  const memo = new Map<string, Guess>();
  return nodes.map((node) => filled(node, history, guessOf(node, memo)));
}

export function fillNode(node: NodeFile, history: History | null): Filled {
  return filled(node, history, priorOf(node));
}

/** Duration and its spread, before what the node itself says of cores and bytes. */
type Duration = Pick<Filled, "work" | "cv" | "serial" | "provenance" | "basis"> & { readonly memoryBytes?: number };

function filled(node: NodeFile, history: History | null, guess: Guess): Filled {
  const duration = given(node) ?? recalled(node, history, guess) ?? guess;
  const invent = duration.provenance !== "given" || isFromNix(node);
  return {
    work: duration.work,
    cv: duration.cv,
    maxCores: node.maxCores ?? (duration.provenance === "given" ? Number.POSITIVE_INFINITY : (guess.maxCores ?? Number.POSITIVE_INFINITY)),
    serial: node.serial ?? duration.serial,
    memoryBytes: node.memoryBytes ?? (invent ? (duration.memoryBytes ?? guess.memoryBytes) : 0),
    outputBytes: node.outputBytes ?? (invent ? guess.outputBytes : 0),
    sourceBytes: node.sourceBytes ?? (invent ? guess.sourceBytes : 0),
    workload: node.workload ?? guess.workload,
    provenance: duration.provenance,
    basis: duration.basis,
  };
}

/** The graph's own word: work, seconds, or for a fetch its bytes. */
function given(node: NodeFile): Duration | undefined {
  const certain = { cv: 0, serial: 0, provenance: "given", basis: "given" } as const;
  if (node.work !== undefined) return { work: node.work, ...certain };
  if (node.seconds !== undefined) return { work: anySeconds(node.seconds) * (node.cpu ?? 1), ...certain };
  return isFetch(node) && node.sourceBytes !== undefined ? { work: 0, ...certain } : undefined;
}

/** Where seconds are stated for single hosts only, the others are taken to need the shortest of them. */
function anySeconds(seconds: Readonly<Record<string, number>>): number {
  const rest = seconds["*"];
  if (rest !== undefined) return rest;
  const stated = Object.values(seconds);
  return stated.length === 0 ? 0 : Math.min(...stated);
}

function recalled(node: NodeFile, history: History | null, guess: Guess): Duration | undefined {
  if (history === null || isFetch(node)) return undefined;
  const past = history.estimate({ node });
  if (past === undefined) return undefined;
  const { work, cv, memoryBytes, basis } = past;
  return {
    work,
    cv,
    // Of that work, as the work was found: the prior's share is one of the prior's work.
    serial: serialOf(work, guess.maxCores),
    provenance: "history",
    basis,
    ...(memoryBytes !== undefined ? { memoryBytes } : {}),
  };
}

function isFromNix(node: NodeFile): boolean {
  return node.pname !== undefined || node.kind !== undefined || node.drv !== undefined;
}

/** The prior depends on these alone, and many nodes share them. */
function guessOf(node: NodeFile, memo: Map<string, Guess>): Guess {
  if (isFetch(node)) return priorOf(node);
  const { scope, base } = identityOf(node);
  const key = `${scope}:${base} ${node.kind ?? ""} ${node.tool ?? ""} ${node.name}`;
  let guess = memo.get(key);
  if (guess === undefined) {
    guess = priorOf(node, { scope, base });
    memo.set(key, guess);
  }
  return guess;
}
