// The files of src as text: what each imports, and its code without comments and string contents.
import { readdirSync, readFileSync } from "node:fs";

export interface Import {
  /** "./heap.js", "#base/units.js", "zod", "node:fs" */
  readonly target: string;
  readonly typeOnly: boolean;
}

export interface Source {
  /** "base/heap" */
  readonly name: string;
  /** "base", "live/host" */
  readonly folder: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Code with comments and the insides of strings blanked. */
  readonly code: string;
}

const ROOT = new URL("../../src/", import.meta.url);

export function sources(): Source[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => {
      const text = readFileSync(new URL(path, ROOT), "utf8");
      return {
        name: path.slice(0, -3),
        folder: path.slice(0, path.lastIndexOf("/")),
        text,
        lines: text.split("\n").length - 1,
        imports: importsOf(text),
        code: codeOf(text),
      };
    });
}

const IMPORT = /^(?:import|export)\b(?<clause>[^;"]*?)\bfrom\s*"(?<from>[^"]+)"|^import\s*"(?<bare>[^"]+)"|\bimport\("(?<lazy>[^"]+)"\)/gm;

function importsOf(text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(({ groups }) => ({
    target: groups!.from ?? groups!.bare ?? groups!.lazy!,
    typeOnly: /^\s*type\b/.test(groups!.clause ?? ""),
  }));
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?<=[=(,:[!&|?{};\n]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

/** Templates stay: what stands in `${…}` is code. Their words may look like code, which the rules then have to name. */
function codeOf(text: string): string {
  return text.replace(TOKEN, (token) => (token.startsWith("/") ? " " : '""'));
}
