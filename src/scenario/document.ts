// Bytes of a file → a plain value that still knows where each part was written. YAML or JSON by content; what breaks
// the text itself (encoding, grammar, repeated keys, alias bombs, deep nesting) is found here. Knows no schema.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type Flaw, flawOf, placeOf } from "./json-place.js";

export type Path = readonly (string | number)[];

export interface SourceDocument {
  readonly path: string;
  readonly value: unknown;
  /** `FILE:LINE:COL path.to[3]`: where a value, or the key that names it, was written. */
  where(path: Path, of?: "key" | "value"): string;
}

const DEPTH_MAX = 200;
/** Longer JSON is parsed by JSON.parse alone: a repeated key in it is not noticed, the last one counts. */
const CAREFUL_MAX = 2 ** 20;
/** A YAML tree takes some hundred bytes per character. */
const YAML_MAX = 2 ** 24;
const ALIASES_MAX = 100;

export function readDocument(path: string, bytes: Uint8Array): Result<SourceDocument> {
  const text = decode(path, bytes);
  if (!text.ok) return text;
  const start = /\S/.exec(text.value)?.[0];
  if (start === undefined) return fail(fault("input", path, "found an empty file, expected YAML or JSON"));
  const document = start === "{" || start === "[" ? readJson(path, text.value) : readYaml(path, text.value);
  if (!document.ok) return document;
  const deep = tooDeep(document.value.value);
  return deep === null ? document : fail(nesting(document.value.where(deep)));
}

/** `a.b[3].c` */
export function showPath(path: Path): string {
  return path
    .map((step, i) =>
      typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `${i > 0 ? "." : ""}${step}` : `[${JSON.stringify(step)}]`,
    )
    .join("");
}

function decode(path: string, bytes: Uint8Array): Result<string> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    const at = firstInvalid(bytes);
    const before = bytes.subarray(0, at);
    let line = 1;
    for (let i = before.indexOf(10); i >= 0; i = before.indexOf(10, i + 1)) line++;
    const column = at - before.lastIndexOf(10);
    const found = `found the byte 0x${bytes[at]!.toString(16).padStart(2, "0")}, expected UTF-8 text`;
    return fail(fault("input", `${path}:${line}:${column}`, found, bytes[0] === 0x1f ? "is it compressed? name it .gz" : ""));
  }
}

/** Index of the first byte that UTF-8 does not allow there: the longest valid beginning, by bisection. */
function firstInvalid(bytes: Uint8Array): number {
  const decodes = (end: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, bytes.length - 1);
}

function readJson(path: string, text: string): Result<SourceDocument> {
  try {
    const value: unknown = JSON.parse(text);
    const flaw = text.length <= CAREFUL_MAX ? flawOf(text, DEPTH_MAX) : null;
    if (flaw !== null) return fail(flawFault(path, text, flaw));
    return ok({
      path,
      value,
      where: (at, of = "value") => `${path}:${lineAndColumn(text, placeOf(text, at, of))} ${showPath(at)}`.trimEnd(),
    });
  } catch {
    if (text.length <= CAREFUL_MAX && !/^\s*(\{\s*"|\[)/.test(text)) return readYaml(path, text);
    const flaw = flawOf(text, DEPTH_MAX) ?? { at: text.length, found: "the end of the file", expected: "JSON" };
    return fail(flawFault(path, text, flaw));
  }
}

function flawFault(path: string, text: string, flaw: Flaw): Fault {
  const hint = !/[}\]]\s*$/.test(text.slice(-64)) || flaw.at >= text.trimEnd().length ? "the file may be cut off" : "";
  return fault("input", `${path}:${lineAndColumn(text, flaw.at)}`, `found ${flaw.found}, expected ${flaw.expected}`, hint);
}

function lineAndColumn(text: string, at: number): string {
  let line = 1;
  let start = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) {
    line++;
    start = i + 1;
  }
  return `${line}:${at - start + 1}`;
}

function readYaml(path: string, text: string): Result<SourceDocument> {
  if (text.length > YAML_MAX)
    return fail(fault("input", path, `found ${text.length} characters of YAML, expected at most ${YAML_MAX}`, "write big files as JSON"));
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      const hint =
        error.code === "BAD_INDENT" || error.code === "MISSING_CHAR"
          ? "indent with spaces; close brackets and quotes; quote names with brackets inside [ ]"
          : "";
      return fail(
        fault("input", `${path}:${line}:${col}`, `found broken YAML, expected that it can be read: ${firstLine(error.message)}`, hint),
      );
    }
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    const where = (at: Path, of: "key" | "value" = "value") => {
      const { line, col } = lines.linePos(offsetOf(document.contents, at, of));
      return `${path}:${line}:${col} ${showPath(at)}`.trimEnd();
    };
    return ok({ path, value, where });
  } catch (error) {
    if (error instanceof RangeError) return fail(nesting(path));
    if (error instanceof ReferenceError)
      return fail(
        fault(
          "input",
          path,
          `found an alias that cannot be followed, expected at most ${ALIASES_MAX} uses of an anchor set before: ${firstLine(error.message)}`,
        ),
      );
    throw error;
  }

  function offsetOf(root: Node | null, at: Path, of: "key" | "value"): number {
    let node: unknown = root;
    let offset = root?.range?.[0] ?? 0;
    for (let i = 0; i < at.length; i++) {
      const holder: unknown = node;
      const step = at[i]!;
      let key: unknown;
      if (isMap(holder)) {
        const pair = holder.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
        if (pair === undefined) return offset;
        key = pair.key;
        node = pair.value ?? pair.key;
      } else if (isSeq(holder)) {
        node = holder.items[Number(step)];
        key = node;
      } else return offset;
      const target = of === "key" && i === at.length - 1 ? key : node;
      const range = (target as Node | undefined)?.range;
      if (range === undefined || range === null) return offset;
      offset = range[0];
      if (isAlias(node)) return offset;
    }
    return offset;
  }
}

function firstLine(message: string): string {
  return message.split("\n")[0]!;
}

function nesting(where: string): Fault {
  return fault("input", where, `found nesting deeper than ${DEPTH_MAX}, expected at most ${DEPTH_MAX} levels`);
}

/** Path of the first part that lies too deep, null when there is none. */
function tooDeep(value: unknown): Path | null {
  const path: (string | number)[] = [];
  const visit = (part: unknown): boolean => {
    if (typeof part !== "object" || part === null) return false;
    if (path.length >= DEPTH_MAX) return true;
    const isList = Array.isArray(part);
    for (const key of isList ? part.keys() : Object.keys(part)) {
      const child = (part as Record<string | number, unknown>)[key];
      if (typeof child !== "object" || child === null) continue;
      path.push(key);
      if (visit(child)) return true;
      path.pop();
    }
    return false;
  };
  return visit(value) ? path : null;
}
