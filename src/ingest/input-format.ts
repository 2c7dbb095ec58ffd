// Which format an input is in, from its first bytes: the user need not say. Looks only; reading is the readers' job.
import { hasMark } from "./source-text.js";

export const GRAPH_FORMATS = ["drv", "derivation-json", "eval-jobs", "dot", "wfcommons"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export const FLEET_FORMATS = ["machines", "build-machines", "nix-conf"] as const;
export type FleetFormat = (typeof FLEET_FORMATS)[number];

export const RECORD_FORMATS = ["internal-json", "nom", "hydra", "trace"] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/** How many first bytes the functions below want to see. */
export const HEAD_BYTES = 1 << 16;

/** Undefined when it looks like none of them. An empty object is a closure of no derivations. */
export function graphFormat(head: Uint8Array): GraphFormat | undefined {
  const text = start(head);
  if (/^(Derive\(|DrvWithVersion\()/.test(text)) return "drv";
  if (/^(strict\s+)?digraph\b/.test(text)) return "dot";
  const key = /^\{\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (key === undefined) return /^\{\s*\}/.test(text) ? "derivation-json" : undefined;
  if (key === "derivations" || key === "version" || key.endsWith(".drv")) return "derivation-json";
  const line = text.split("\n", 1)[0]!;
  if (/^\{"(attr|attrPath|drvPath|error|cacheStatus|constituents|extraValue|fatal)"/.test(text)) return "eval-jobs";
  if (/"attr"\s*:/.test(line) && /"(drvPath|error)"\s*:/.test(line)) return "eval-jobs";
  return "wfcommons";
}

/** What a record of past builds is. Programs beside Nix may have written the first lines of a log. */
export function recordFormat(head: Uint8Array): RecordFormat | undefined {
  const text = start(head);
  if (/^\{[^\n]*"schema"\s*:\s*"drvfleet\.trace\//.test(text)) return "trace";
  if (/^(\d+(\.\d+)?[\t ]+)?(@nix \{|\{"action":)/m.test(text)) return "internal-json";
  if (/^[[{]/.test(text)) return "hydra";
  return /^(hostname,derivation name,|[^,\n]*,[^,\n]+,\d+\r?(\n|$))/.test(text) ? "nom" : undefined;
}

/** Whether it begins like gzip. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** A machines file may be empty, so everything that is neither JSON nor settings is taken for one. */
export function fleetFormat(text: string, file: string): FleetFormat {
  if (/^\s*[[{]/.test(text)) return "build-machines";
  if (/(^|\/)nix\.conf$/.test(file)) return "nix-conf";
  const settings = /^\s*(!?include\s+\S+|[a-z][a-z0-9-]*\s+=(\s.*)?)$/;
  return text.split("\n").some((line) => settings.test(line.replace(/#.*/, "").trimEnd())) ? "nix-conf" : "machines";
}

function start(head: Uint8Array): string {
  const bytes = hasMark(head) ? head.subarray(3) : head;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1").trimStart();
}
