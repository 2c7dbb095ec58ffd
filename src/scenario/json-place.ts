// Places in JSON text, worked out by ourselves because the messages of JSON.parse differ between Node versions: where
// it first breaks the grammar or repeats a key, and where the value at a path stands. Called after something is wrong.
import type { Path } from "./place.js";

export interface Flaw {
  /** Offset in UTF-16 units. */
  readonly at: number;
  readonly found: string;
  readonly expected: string;
}

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null/y;

/** The first breach of the grammar, key written twice, or nesting beyond the limit; null when the text is fine. */
export function flawOf(text: string, depthMax: number): Flaw | null {
  const reader = new Reader(text, depthMax);
  reader.value(0);
  if (reader.flaw === null && reader.blanks() < text.length) reader.miss("the end of the file");
  return reader.flaw;
}

/** Offset of the key or value at a path in valid JSON; of the deepest part of it that is there. */
export function placeOf(text: string, path: Path, of: "key" | "value"): number {
  let at = skip(BLANK, text, 0);
  for (let i = 0; i < path.length; i++) {
    const child = childOf(text, at, path[i]!);
    if (child === null) return at;
    if (i === path.length - 1 && of === "key") return child.key;
    at = child.value;
  }
  return at;
}

function childOf(text: string, start: number, step: string | number): { key: number; value: number } | null {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return null;
  let at = skip(BLANK, text, start + 1);
  for (let index = 0; at < text.length && text[at] !== "}" && text[at] !== "]"; index++) {
    const key = at;
    let name: string | number = index;
    if (isObject) {
      const end = skip(STRING, text, at);
      name = JSON.parse(text.slice(at, end));
      at = skip(BLANK, text, skip(BLANK, text, end) + 1);
    }
    if (name === step || String(name) === String(step)) return { key, value: at };
    at = skip(BLANK, text, endOf(text, at));
    if (text[at] === ",") at = skip(BLANK, text, at + 1);
  }
  return null;
}

/** End of the value that begins at `start`. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const c = text[at];
    if (c === '"') {
      at = skip(STRING, text, at);
      continue;
    }
    if (c === "{" || c === "[") depth++;
    else if (c === "}" || c === "]") depth--;
    else if (depth === 0) return Math.max(skip(NUMBER, text, at), skip(WORD, text, at));
    at++;
  } while (depth > 0 && at < text.length);
  return at;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

class Reader {
  flaw: Flaw | null = null;
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly depthMax: number,
  ) {}

  blanks(): number {
    this.at = skip(BLANK, this.text, this.at);
    return this.at;
  }

  value(depth: number): boolean {
    this.blanks();
    const c = this.text[this.at];
    if ((c === "{" || c === "[") && depth >= this.depthMax)
      return this.complain(`nesting deeper than ${this.depthMax}`, `at most ${this.depthMax} levels`);
    if (c === "{") return this.members(depth);
    if (c === "[") return this.elements(depth);
    return this.token(
      c === '"' ? STRING : c === "t" || c === "f" || c === "n" ? WORD : NUMBER,
      c === '"' ? "a string that ends on its line" : "a value",
    );
  }

  private members(depth: number): boolean {
    const seen = new Set<string>();
    this.at++;
    if (this.take("}")) return true;
    do {
      const key = this.blanks();
      if (!this.token(STRING, 'a key in "quotes"')) return false;
      const name: string = JSON.parse(this.text.slice(key, this.at));
      if (seen.has(name)) {
        this.at = key;
        return this.complain(`the key ${JSON.stringify(name)} a second time`, "each key once");
      }
      seen.add(name);
      if (!this.take(":")) return this.miss("a colon");
      if (!this.value(depth + 1)) return false;
    } while (this.take(","));
    return this.take("}") || this.miss("a comma or }");
  }

  private elements(depth: number): boolean {
    this.at++;
    if (this.take("]")) return true;
    do {
      if (!this.value(depth + 1)) return false;
    } while (this.take(","));
    return this.take("]") || this.miss("a comma or ]");
  }

  private take(c: string): boolean {
    if (this.text[this.blanks()] !== c) return false;
    this.at++;
    return true;
  }

  private token(pattern: RegExp, expected: string): boolean {
    const end = skip(pattern, this.text, this.at);
    if (end === this.at) return this.miss(expected);
    this.at = end;
    return true;
  }

  miss(expected: string): false {
    const rest = this.text.slice(this.at, this.at + 12);
    return this.complain(rest === "" ? "the end of the file" : JSON.stringify(rest), expected);
  }

  private complain(found: string, expected: string): false {
    this.flaw = { at: this.at, found, expected };
    return false;
  }
}
