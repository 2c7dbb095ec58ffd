// The line grammar of nix.conf: comments, `key = value` with spaces around the `=`, `include` and `!include`. Knows no
// key. Rule: Nix's configuration.cc (parseConfigFiles).
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { words } from "./derivation.js";

export interface ConfLine {
  readonly key: string;
  readonly value: string;
  readonly where: string;
}

/** Text of an included file; `from` is the file that includes it, for relative paths. Undefined when there is none. */
export type ConfLoader = (path: string, from: string) => { readonly file: string; readonly text: string } | undefined;

interface Reading {
  readonly load: ConfLoader;
  readonly lines: ConfLine[];
  includes: number;
}

/** More than any configuration has: files that include each other end here. */
const INCLUDES_MAX = 1000;

/** All assignments in order, those of included files in place. */
export function confLines(text: string, file: string, load: ConfLoader): Result<readonly ConfLine[]> {
  const reading: Reading = { load, lines: [], includes: 0 };
  const broken = readLines(text, file, [file], reading);
  return broken === undefined ? ok(reading.lines) : fail(broken);
}

function readLines(text: string, file: string, open: readonly string[], reading: Reading): Fault | undefined {
  for (const [i, raw] of text.split("\n").entries()) {
    const hash = raw.indexOf("#");
    const line = hash < 0 ? raw : raw.slice(0, hash);
    const where = `${file}:${i + 1}`;
    const tokens = words(line);
    if (tokens.length === 0) continue;
    const [key, second] = tokens as [string, string | undefined];
    if (key === "include" || key === "!include") {
      if (tokens.length !== 2) return fault("input", where, `found ${JSON.stringify(line.trim())}, expected ${key} and one file`);
      const broken = include(second!, file, open, reading, where, key === "include");
      if (broken !== undefined) return broken;
    } else if (second !== "=") {
      return fault("input", where, `found ${JSON.stringify(line.trim())}, expected key = value`, "Nix wants spaces around the =");
    } else reading.lines.push({ key, value: tokens.slice(2).join(" "), where });
  }
  return undefined;
}

function include(
  path: string,
  file: string,
  open: readonly string[],
  reading: Reading,
  where: string,
  required: boolean,
): Fault | undefined {
  const found = reading.load(path, file);
  if (found === undefined) {
    return required
      ? fault("input", where, `found include ${path}, but there is no such file`, "!include passes over missing files")
      : undefined;
  }
  if (open.includes(found.file) || ++reading.includes > INCLUDES_MAX) {
    return fault(
      "input",
      where,
      `found an include that never ends: ${[...open, found.file].slice(-5).join(" → ")}`,
      "remove one of the includes",
    );
  }
  return readLines(found.text, found.file, [...open, found.file], reading);
}
