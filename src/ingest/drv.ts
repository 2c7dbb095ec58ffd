// Reader of .drv files: the ATerm that Nix stores, in both forms (`Derive(…)`, and `DrvWithVersion("xp-dyn-drv",…)`
// of dynamic derivations). Works on bytes, because environment values need not be UTF-8: all strings here are byte
// strings, one character a byte. The first fault wins and names its byte. Grammar: reference section 6.1.
import { fail, ok, type Result } from "#base/fault.js";
import { type Cursor, cursor } from "./aterm-cursor.js";

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
