// Reader of .drv files: the ATerm that Nix stores, in both forms (`Derive(…)`, and `DrvWithVersion("xp-dyn-drv",…)`
// of dynamic derivations). Works on bytes, because environment values need not be UTF-8: all strings here are byte
// strings, one character a byte. The first fault wins and names its byte. Grammar: reference section 6.1.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";

export interface AtermInput {
  readonly path: string;
  readonly outputs: readonly string[];
  /** Needs outputs of what its outputs build. */
  readonly dynamic: boolean;
}

/** A .drv file, field by field; every string is a byte string. */
export interface Aterm {
  readonly outputs: readonly { readonly name: string; readonly path: string; readonly hashAlgo: string; readonly hash: string }[];
  readonly inputDrvs: readonly AtermInput[];
  readonly inputSrcs: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [key: string, value: string])[];
}

/** Nix nests dynamic outputs a few levels; deeper is an attack or damage. */
const DEPTH_MAX = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Called by the store walk with one file's bytes; `file` is only for fault texts. */
export function parseDrv(bytes: Uint8Array, file: string): Result<Aterm> {
  const at = cursor(bytes, file);
  const dynamic = header(at);
  const outputs = list(at, () => outputOf(at));
  at.expect(",");
  const inputDrvs = list(at, () => inputOf(at, dynamic));
  at.expect(",");
  const inputSrcs = list(at, () => at.string());
  at.expect(",");
  const system = at.string();
  at.expect(",");
  const builder = at.string();
  at.expect(",");
  const args = list(at, () => at.string());
  at.expect(",");
  const env = list(at, () => pairOf(at));
  at.expect(")");
  at.end();
  noDuplicates(
    at,
    "output",
    outputs.map((output) => output.name),
  );
  noDuplicates(
    at,
    "input derivation",
    inputDrvs.map((input) => input.path),
  );
  noDuplicates(
    at,
    "environment key",
    env.map(([key]) => key),
  );
  const broken = at.fault();
  return broken === undefined ? ok({ outputs, inputDrvs, inputSrcs, system, builder, args, env }) : fail(broken);
}

/** Byte string → text; bytes that are no UTF-8 become U+FFFD. */
export function bytesText(bytes: string): string {
  return /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, "latin1").toString("utf8") : bytes;
}

function header(at: Cursor): boolean {
  if (at.accept("Derive(")) return false;
  if (!at.accept("DrvWithVersion(")) {
    at.stop('Derive( or DrvWithVersion("xp-dyn-drv",', "is this a .drv file?");
    return false;
  }
  const start = at.position();
  const version = at.string();
  if (version !== "xp-dyn-drv") at.stopAt(start, 'the version "xp-dyn-drv"', "written by a newer Nix than drvfleet knows");
  at.expect(",");
  return true;
}

function outputOf(at: Cursor): Aterm["outputs"][number] {
  at.expect("(");
  const name = at.string();
  at.expect(",");
  const path = at.string();
  at.expect(",");
  const hashAlgo = at.string();
  at.expect(",");
  const hash = at.string();
  at.expect(")");
  return { name, path, hashAlgo, hash };
}

function inputOf(at: Cursor, dynamic: boolean): AtermInput {
  at.expect("(");
  const path = at.string();
  at.expect(",");
  const isNested = dynamic && at.peek("(");
  const outputs = isNested ? nestedOutputs(at, 0) : list(at, () => at.string());
  at.expect(")");
  return { path, outputs, dynamic: isNested };
}

/** `([outputs],[(output, nested), …])`: the outputs of the first level; deeper ones are only checked. */
function nestedOutputs(at: Cursor, depth: number): string[] {
  if (depth > DEPTH_MAX) at.stop(`at most ${DEPTH_MAX} levels of dynamic outputs`, "");
  at.expect("(");
  const outputs = list(at, () => at.string());
  at.expect(",");
  list(at, () => {
    at.expect("(");
    at.string();
    at.expect(",");
    if (at.peek("(")) nestedOutputs(at, depth + 1);
    else list(at, () => at.string());
    at.expect(")");
  });
  at.expect(")");
  return outputs;
}

function pairOf(at: Cursor): readonly [string, string] {
  at.expect("(");
  const key = at.string();
  at.expect(",");
  const value = at.string();
  at.expect(")");
  return [key, value];
}

function list<T>(at: Cursor, item: () => T): T[] {
  const items: T[] = [];
  at.expect("[");
  if (at.accept("]")) return items;
  do items.push(item());
  while (at.accept(","));
  at.expect("]");
  return items;
}

function noDuplicates(at: Cursor, kind: string, names: readonly string[]): void {
  if (new Set(names).size === names.length) return;
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  at.stopAt(
    0,
    `every ${kind} once`,
    "Nix writes no such file; it may be damaged",
    `found ${kind} ${JSON.stringify(bytesText(twice!))} twice`,
  );
}

interface Cursor {
  position(): number;
  peek(token: string): boolean;
  accept(token: string): boolean;
  expect(token: string): void;
  string(): string;
  end(): void;
  stop(expected: string, hint: string): void;
  stopAt(offset: number, expected: string, hint: string, found?: string): void;
  fault(): Fault | undefined;
}

/** Reads tokens; after the first fault it accepts nothing more, so every loop above ends. */
function cursor(bytes: Uint8Array, file: string): Cursor {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  let broken: Fault | undefined;

  const peek = (token: string) => {
    if (broken !== undefined) return false;
    for (let i = 0; i < token.length; i++) if (bytes[position + i] !== token.charCodeAt(i)) return false;
    return true;
  };
  const accept = (token: string) => {
    const here = peek(token);
    if (here) position += token.length;
    return here;
  };
  const stopAt = (offset: number, expected: string, hint: string, found = foundAt(bytes, offset)) => {
    broken ??= fault("input", `${file} (byte ${offset})`, `${found}, expected ${expected}`, hint);
  };
  const stop = (expected: string, hint: string) => {
    stopAt(position, expected, position >= bytes.length ? "the file is cut off" : hint);
  };
  const string = () => {
    if (broken !== undefined) return "";
    if (bytes[position] !== QUOTE) {
      stop('a string in double quotes (")', "");
      return "";
    }
    const start = position + 1;
    let escapes = 0;
    let end = start;
    while (end < bytes.length && bytes[end] !== QUOTE) {
      if (bytes[end] === BACKSLASH) {
        escapes++;
        end++;
      }
      end++;
    }
    if (end >= bytes.length) {
      position = bytes.length;
      stop(`the closing quote (") of the string that begins at byte ${start - 1}`, "");
      return "";
    }
    position = end + 1;
    const raw = buffer.toString("latin1", start, end);
    return escapes === 0 ? raw : raw.replace(/\\([\s\S])/g, (_whole: string, escaped: string) => ESCAPES[escaped] ?? escaped);
  };
  return {
    position: () => position,
    peek,
    accept,
    expect: (token) => {
      if (!accept(token)) stop(JSON.stringify(token), "");
    },
    string,
    end: () => {
      accept("\n");
      if (position < bytes.length) stop("the end of the file", "");
    },
    stop,
    stopAt,
    fault: () => broken,
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function foundAt(bytes: Uint8Array, offset: number): string {
  if (offset >= bytes.length) return "found the end of the file";
  const byte = bytes[offset]!;
  return byte > 0x20 && byte < 0x7f
    ? `found ${JSON.stringify(String.fromCharCode(byte))}`
    : `found byte 0x${byte.toString(16).padStart(2, "0")}`;
}
