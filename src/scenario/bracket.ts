// `name[key=value,key=value]`: how policies and conducts are named, in files and on the command line. Values may hold
// brackets of their own. Knows no registry: whether the name exists is the caller's question.
import { compareText } from "#base/order.js";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";

export type BracketValue = string | number | boolean | Bracket;

export interface Bracket {
  readonly name: string;
  /** In the order written; a key is there once. */
  readonly params: Readonly<Record<string, BracketValue>>;
}

/** Reads the text; `where` begins the place of a fault. The whole text must be one name. */
export function parseBracket(text: string, where: string): Result<Bracket> {
  const reader = new Reader(text, where);
  const bracket = reader.bracket();
  if (bracket === null) return fail(reader.problem!);
  return reader.atEnd() ? ok(bracket) : fail(reader.unexpected("the end of the name"));
}

/** The one spelling of a name: parameters sorted by key, no blanks. */
export function formatBracket(bracket: Bracket): string {
  const keys = Object.keys(bracket.params).sort(compareText);
  if (keys.length === 0) return bracket.name;
  return `${bracket.name}[${keys.map((key) => `${key}=${formatValue(bracket.params[key]!)}`).join(",")}]`;
}

function formatValue(value: BracketValue): string {
  return typeof value === "object" ? formatBracket(value) : String(value);
}

/** "a,b[x=1,y=2],c" → its names: commas inside brackets do not separate. */
export function splitNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (c === "[") depth++;
    else if (c === "]") depth--;
    else if (c === undefined || (c === "," && depth === 0)) {
      names.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return names.filter((name) => name !== "");
}

/** 2.20 is a version, not 2.2: what a number would not print again stays a text. */
function isNumber(word: string): boolean {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) && !/\.\d*0$/.test(word) && Number.isFinite(Number(word));
}

class Reader {
  private at = 0;
  problem: Fault | null = null;

  constructor(
    private readonly text: string,
    private readonly where: string,
  ) {}

  atEnd(): boolean {
    this.blanks();
    return this.at === this.text.length;
  }

  bracket(): Bracket | null {
    const name = this.word("a name");
    if (name === null) return null;
    const params = this.params();
    return params === null ? null : { name, params };
  }

  private params(): Record<string, BracketValue> | null {
    const params: Record<string, BracketValue> = Object.create(null);
    if (!this.take("[")) return params;
    if (this.take("]")) return params;
    do {
      const before = this.at;
      const key = this.word("a parameter");
      if (key === null) return null;
      if (key in params) {
        this.at = before;
        this.problem = this.complain(`found ${key} twice, expected each parameter once`, "");
        return null;
      }
      if (!this.take("=")) return this.miss(`= after ${key}`);
      const value = this.value();
      if (value === null) return null;
      params[key] = value;
    } while (this.take(","));
    return this.take("]") ? params : this.miss(", or ]");
  }

  private value(): BracketValue | null {
    const word = this.word("a value");
    if (word === null) return null;
    this.blanks();
    if (this.text[this.at] === "[") {
      const params = this.params();
      return params === null ? null : { name: word, params };
    }
    if (word === "true" || word === "false") return word === "true";
    return isNumber(word) ? Number(word) : word;
  }

  private word(what: string): string | null {
    this.blanks();
    const match = /^[^[\]=,\s]+/.exec(this.text.slice(this.at));
    if (match === null) return this.miss(what);
    this.at += match[0].length;
    return match[0];
  }

  private take(c: string): boolean {
    this.blanks();
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private blanks(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  private miss(expected: string): null {
    this.problem = this.unexpected(expected);
    return null;
  }

  unexpected(expected: string): Fault {
    const rest = this.text.slice(this.at, this.at + 20);
    return this.complain(
      `found ${rest === "" ? "the end" : JSON.stringify(rest)}, expected ${expected}`,
      "write name[key=value,key=value]",
    );
  }

  private complain(what: string, hint: string): Fault {
    return fault("usage", `${this.where} ${JSON.stringify(this.text)} character ${this.at + 1}`, what, hint);
  }
}
