// JSON text → a document. JSON.parse does the work; places and flaws are worked out only when somebody asks.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type Flaw, flawOf, placeOf } from "./json-place.js";
import { DEPTH_MAX, type SourceDocument, showPath } from "./place.js";
import { readYaml } from "./yaml-text.js";

/** Longer text is parsed by JSON.parse alone: a repeated key in it is not noticed, the last one counts. */
const CAREFUL_MAX = 2 ** 20;

export function readJson(path: string, text: string): Result<SourceDocument> {
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
