// How `/etc/nix/machines` and the setting `builders` fall into machines: a line or what stands between `;`, comments,
// `@file` includes. How a comment meets a `;` differs by Nix version. Knows no fields. Rule: reference section 4.1 and
// expandBuilderLines of Nix 2.8–2.35.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";
import type { TextLoader } from "./source-text.js";

export interface MachinesInput {
  readonly text: string;
  readonly file: string;
  readonly version: NixVersion;
  /** Reads `@file`; relative paths are the loader's business. A missing file means no machines, as in Nix. */
  readonly load: TextLoader;
}

export interface MachineEntry {
  readonly text: string;
  /** File and line. */
  readonly where: string;
}

interface Reading {
  readonly entries: MachineEntry[];
  readonly notes: string[];
  includes: number;
}

/** More than any fleet has: files that include each other end here. */
const INCLUDES_MAX = 1000;

export function machineEntries(input: MachinesInput): Result<Pick<Reading, "entries" | "notes">> {
  const reading: Reading = { entries: [], notes: [], includes: 0 };
  const broken = expand(input, [input.file], reading);
  return broken === undefined ? ok(reading) : fail(broken);
}

/** Splits into entries, includes in place. Nix itself would loop for ever on a file that includes itself. */
function expand(input: MachinesInput, open: readonly string[], reading: Reading): Fault | undefined {
  for (const entry of split(input)) {
    if (!entry.text.startsWith("@")) {
      reading.entries.push(entry);
      continue;
    }
    const file = entry.text.slice(1).trim();
    if (open.includes(file) || ++reading.includes > INCLUDES_MAX) {
      return fault(
        "input",
        entry.where,
        `found @${file}, an include that never ends: ${[...open, file].slice(-5).join(" → ")}`,
        "remove one of the includes",
      );
    }
    const text = input.load(file);
    if (text === undefined) reading.notes.push(`${entry.where}: there is no file ${file}; Nix takes that as no machines`);
    const broken = text === undefined ? undefined : expand({ ...input, text, file }, [...open, file], reading);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** From 2.29 a comment is cut off before `;` splits; before that `;` splits first, and only an exactly empty rest is skipped. */
function split({ text, file, version }: MachinesInput): MachineEntry[] {
  const stripsFirst = atLeast(version, "2.29");
  return text.split("\n").flatMap((line, i) => {
    const uncommented = stripsFirst ? withoutComment(line) : line;
    return uncommented
      .split(";")
      .map((piece) => (stripsFirst ? piece.trim() : withoutComment(piece)))
      .filter((piece) => piece !== "")
      .map((piece) => ({ text: piece, where: `${file}:${i + 1}` }));
  });
}

function withoutComment(text: string): string {
  const hash = text.indexOf("#");
  return hash < 0 ? text : text.slice(0, hash);
}
