// What was seen of one run, by whoever saw it: Nix's own logs (stamped on arrival), the builders' lines on their hosts, the
// opens and closes of Nix's slot files, and what the recorder itself did to hosts. All on one clock: seconds since 1970.
import type { FaultKind } from "./recipe.js";

export interface Evidence {
  /** Start of the first client. */
  readonly began: number;
  /** End of the last client. */
  readonly ended: number;
  readonly clients: readonly { readonly name: string; readonly began: number; readonly log: string; readonly code: number }[];
  readonly builders: readonly BuilderLine[];
  readonly slots: readonly Held[];
  readonly faults: readonly { readonly host: string; readonly how: FaultKind; readonly from: number; readonly to: number }[];
  /** Bytes, as archives, of the files in the coordinator's store at the end, by base name. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Load average of the machine over the last minute, before and after. */
  readonly load: readonly [number, number];
  /** "nix (Nix) 2.8.0". */
  readonly nix: string;
}

export interface BuilderLine {
  readonly what: "start" | "end" | "failed";
  readonly node: string;
  readonly host: string;
  readonly at: number;
  /** Processor seconds of the builder so far. */
  readonly cpu: number;
}

/** A file of Nix's current-load that a process had open: a slot is held, or the upload lock waited for and held. */
export interface Held {
  readonly process: number;
  readonly parent: number;
  /** Name of the file: the machine's URI and the slot. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

const WHAT: Readonly<Record<string, BuilderLine["what"]>> = { S: "start", E: "end", F: "failed" };

/** Lines of cell.c. */
export function builderLines(text: string): BuilderLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [what, node, host, at, , cpu] = line.split(" ") as [string, string, string, string, string, string];
      return { what: WHAT[what]!, node, host, at: Number(at), cpu: Number(cpu) };
    });
}

/** Lines of `witness slots`; what is still open at the end is held until then. */
export function heldFiles(text: string, ended: number): Held[] {
  const open = new Map<string, Held[]>();
  const held: Held[] = [];
  for (const line of text.split("\n")) {
    const [at, what, process, parent, file] = line.split(" ") as [string, string?, string?, string?, string?];
    if (what !== "open" && what !== "close") continue;
    const key = `${process} ${file}`;
    const own = open.get(key) ?? [];
    if (what === "open")
      open.set(key, [...own, { process: Number(process), parent: Number(parent), file: file!, from: Number(at), to: ended }]);
    else if (own.length > 0) held.push({ ...own.pop()!, to: Number(at) });
  }
  return [...held, ...[...open.values()].flat()].sort((a, b) => a.from - b.from);
}
