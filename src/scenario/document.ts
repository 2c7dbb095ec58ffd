// Bytes of a file → a plain value that still knows where each part was written. YAML or JSON by content; what breaks
// the text itself (encoding, grammar, repeated keys, alias bombs, deep nesting) is found here. Knows no schema.
import { fail, fault, type Result } from "#base/fault.js";
import { readJson } from "./json-text.js";
import { DEPTH_MAX, nestingFault, type Path, type SourceDocument } from "./place.js";
import { decodeText } from "./utf8-text.js";
import { readYaml } from "./yaml-text.js";

export function readDocument(path: string, bytes: Uint8Array): Result<SourceDocument> {
  const text = decodeText(path, bytes);
  if (!text.ok) return text;
  const start = /\S/.exec(text.value)?.[0];
  if (start === undefined) return fail(fault("input", path, "found an empty file, expected YAML or JSON"));
  const document = start === "{" || start === "[" ? readJson(path, text.value) : readYaml(path, text.value);
  if (!document.ok) return document;
  const deep = tooDeep(document.value.value);
  return deep === null ? document : fail(nestingFault(document.value.where(deep)));
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
