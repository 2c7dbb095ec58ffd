// YAML text → a document: one document, core schema, merge keys, few aliases. The only door to the yaml package.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { nestingFault, type Path, type SourceDocument, showPath } from "./place.js";

/** A YAML tree takes some hundred bytes per character. */
const YAML_MAX = 2 ** 24;
const ALIASES_MAX = 100;

export function readYaml(path: string, text: string): Result<SourceDocument> {
  if (text.length > YAML_MAX)
    return fail(fault("input", path, `found ${text.length} characters of YAML, expected at most ${YAML_MAX}`, "write big files as JSON"));
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      if (error.message.startsWith("Maximum call stack")) return fail(nestingFault(`${path}:${line}:${col}`));
      if (error.code === "MULTIPLE_DOCS")
        return fail(fault("input", `${path}:${line}:${col}`, "found a second document after ---, expected one", "one file each"));
      const hint =
        error.code === "BAD_INDENT" || error.code === "MISSING_CHAR" || error.code === "TAB_AS_INDENT"
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
    if (error instanceof RangeError) return fail(nestingFault(path));
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
