// JSON with exact places for what is wrong: JSON.parse does the work, and only when it refuses is the text walked to
// find the first byte at fault (its own messages differ between Node versions). Knows JSON only.
import { isUtf8 } from "node:buffer";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { encodingFault, firstInvalid, hasMark, invalidUtf8, type Place, placeIn, shownByte, utf8, whereIs } from "./source-text.js";

/** The whole of a JSON file. */
export function parseJsonFile(bytes: Uint8Array, file: string): Result<unknown> {
  const encoding = encodingFault(bytes, file);
  if (encoding !== undefined) return fail(encoding);
  const start = hasMark(bytes) ? 3 : 0;
  return parseJson(bytes.subarray(start), file, { offset: start, line: 1, column: 1 + start });
}

/** A piece of a JSON file that holds one value and begins at `base`. */
export function parseJson(bytes: Uint8Array, file: string, base: Place): Result<unknown> {
  if (!isUtf8(bytes)) {
    const at = firstInvalid(bytes);
    return fail(invalidUtf8(file, placeIn(bytes, at, base), bytes[at]!));
  }
  try {
    return ok(JSON.parse(utf8(bytes)));
  } catch {
    const { at, expected } = findSyntaxFault(bytes);
    const found = at >= bytes.length ? "found the end of the JSON text" : `found ${shownByte(bytes[at]!)}`;
    return fail(
      fault(
        "input",
        whereIs(file, placeIn(bytes, at, base)),
        `${found}, expected ${expected}`,
        at >= bytes.length ? "the file may be cut off" : "",
      ),
    );
  }
}

interface SyntaxFault {
  readonly at: number;
  readonly expected: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\u00ff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const STRING_PREFIX = /"(?:[ !#-[\]-\u00ff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** Walks the grammar without recursion; called only for texts that JSON.parse refuses. Byte offsets. */
function findSyntaxFault(bytes: Uint8Array): SyntaxFault {
  // One character a byte: offsets stay byte offsets, and JSON's own syntax is ASCII.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const closers: string[] = [];
  let at = 0;
  let wants: "value" | "value or ]" | "key" | "key or }" | "separator" = "value";
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null && found[0] !== "";
  };
  for (;;) {
    match(SPACE);
    const next = text[at];
    if (wants === "separator") {
      const closer = closers.at(-1);
      if (closer === undefined) return { at, expected: "nothing more after the value" };
      if (next === closer) {
        closers.pop();
        at++;
      } else if (next === ",") {
        at++;
        wants = closer === "}" ? "key" : "value";
      } else return { at, expected: `"," or "${closer}"` };
    } else if ((wants === "value or ]" && next === "]") || (wants === "key or }" && next === "}")) {
      closers.pop();
      at++;
      wants = "separator";
    } else if (wants === "key" || wants === "key or }") {
      if (next !== '"') return { at, expected: wants === "key" ? "a key in double quotes" : 'a key in double quotes or "}"' };
      if (!match(STRING)) return stringFault(text, at);
      match(SPACE);
      if (text[at] !== ":") return { at, expected: '":"' };
      at++;
      wants = "value";
    } else if (next === "{" || next === "[") {
      closers.push(next === "{" ? "}" : "]");
      wants = next === "{" ? "key or }" : "value or ]";
      at++;
    } else if (next === '"') {
      if (!match(STRING)) return stringFault(text, at);
      wants = "separator";
    } else if (match(SCALAR)) wants = "separator";
    else return { at, expected: "a JSON value" };
  }
}

function stringFault(text: string, start: number): SyntaxFault {
  STRING_PREFIX.lastIndex = start;
  const at = start + (STRING_PREFIX.exec(text)?.[0].length ?? 0);
  if (at >= text.length) return { at, expected: "the closing double quote of a string" };
  return { at, expected: text[at] === "\\" ? 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX' : "no control character within a string" };
}
