// The disk: reading (gunzipped where it is gzip), and writing so that a file or a whole set of files is there or not at
// all. Faults name the path and what the system said, in its words. Signals cannot come between: all of it is synchronous.
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { writeFileSync, writeSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";

const REASONS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ["there is no such file", "check the path"],
  EISDIR: ["it is a directory, expected a file", ""],
  ENOTDIR: ["a part of the path is a file, expected a directory", "check the path"],
  EACCES: ["it may not be read or written (permissions)", ""],
  EPERM: ["it may not be read or written (permissions)", ""],
  ENOSPC: ["the disk is full", ""],
  EROFS: ["the file system is read-only", ""],
  ENAMETOOLONG: ["the path is too long", ""],
  ERR_FS_FILE_TOO_LARGE: ["it is larger than 2 GiB", ""],
  ERR_INVALID_ARG_VALUE: ["the path contains a zero byte", ""],
  ERR_BUFFER_TOO_LARGE: ["it is larger than 2 GiB when decompressed", ""],
  Z_BUF_ERROR: ["the end of the file is inside its gzip data", "the file is cut off; make it again"],
  Z_DATA_ERROR: ["it begins like gzip but cannot be decompressed", "the file is damaged; make it again"],
};

/** Characters written at once. */
const PIECE_MIN = 2 ** 20;

export function load(path: string): Result<{ readonly path: string; readonly bytes: Uint8Array }> {
  try {
    const bytes = readFileSync(path);
    return ok({ path, bytes: bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes });
  } catch (error) {
    return fail(diskFault(path, error));
  }
}

export interface Written {
  /** Below the directory; "/" separates. */
  readonly name: string;
  readonly content: Content;
}

/** Whole, or in pieces where it may exceed the longest string; pieces are read once. */
export type Content = string | Uint8Array | Iterable<string>;

/** Writes one file, `.gz` names compressed; what is no file (a device, a pipe) is written to and stays what it is, and so does a link. */
export function writeWhole(path: string, content: Content): Fault | null {
  if (!isDevice(path)) {
    const file = existsSync(path) ? realpathSync(path) : path;
    return writeAll(dirname(file), [{ name: basename(file), content }]);
  }
  try {
    put(path, content);
    return null;
  } catch (error) {
    return diskFault(path, error);
  }
}

/** That an output would replace what it is made of; null where it would not. */
export function ownInputFault(output: string, inputs: readonly string[]): Fault | null {
  if (!existsSync(output) || isDevice(output)) return null;
  const own = inputs.find((path) => existsSync(path) && realpathSync(path) === realpathSync(output));
  return own === undefined
    ? null
    : fault("usage", output, "found one of the inputs as the output, expected another file", "it would be lost");
}

/** Writes files into a directory, made where it is missing: all of them or, with a fault, none. */
export function writeAll(directory: string, files: readonly Written[]): Fault | null {
  const blocked = directoryFault(directory) ?? files.map(({ name }) => placeFault(join(directory, name))).find((found) => found !== null);
  if (blocked) return blocked;
  const staging = join(directory, `.drvfleet-${process.pid}.part`);
  let made: string | undefined;
  try {
    made = makeDirectory(staging);
    for (const { name, content } of files) {
      makeDirectory(dirname(join(staging, name)));
      put(join(staging, name), content);
    }
    for (const { name } of files) {
      makeDirectory(dirname(join(directory, name)));
      renameSync(join(staging, name), join(directory, name));
    }
    rmSync(staging, { recursive: true });
    return null;
  } catch (error) {
    rmSync(made ?? staging, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return fault("input", directory, "the system lets nothing be made there", "choose another place");
    return diskFault(directory, error);
  }
}

/**
 * Makes a directory and what is missing above it, and returns the topmost that it made. Node's own `recursive` never ends where
 * the system says that a directory which is there is not: in /proc, and in a directory that was removed.
 */
export function makeDirectory(path: string): string | undefined {
  const full = resolve(path);
  if (existsSync(full)) return undefined;
  const above = makeDirectory(dirname(full));
  try {
    mkdirSync(full);
    return above ?? full;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return above;
  }
}

/** Why nothing can be written into a directory, so that it is known before long work; null when it can be, or be made. */
export function directoryFault(directory: string): Fault | null {
  try {
    let there = resolve(directory);
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
    if (!statSync(there).isDirectory())
      return fault("input", directory, `${there} is a file, expected a directory`, "choose another place");
    accessSync(there, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return diskFault(directory, error);
  }
}

/** A directory stands where a file should, or a file where a folder should. */
function placeFault(path: string): Fault | null {
  if (existsSync(path) && statSync(path).isDirectory()) return diskFault(path, { code: "EISDIR" });
  return directoryFault(dirname(path));
}

function isDevice(path: string): boolean {
  try {
    const found = statSync(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

function put(path: string, content: Content): void {
  if (typeof content === "string" || content instanceof Uint8Array) {
    writeFileSync(path, path.endsWith(".gz") ? gzipSync(content) : content);
    return;
  }
  if (path.endsWith(".gz")) {
    writeFileSync(path, gzipSync(Buffer.concat(Array.from(content, (piece) => Buffer.from(piece)))));
    return;
  }
  const file = openSync(path, "w");
  try {
    for (const piece of gathered(content)) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}

/** Pieces of a line each, in fewer and longer ones. */
function* gathered(pieces: Iterable<string>): Generator<string> {
  let held: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < PIECE_MIN) continue;
    yield held.join("");
    held = [];
    length = 0;
  }
  yield held.join("");
}

/** What the system said, in words that name the path. */
export function diskFault(path: string, error: unknown): Fault {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const [what, hint] = REASONS[code] ?? [error instanceof Error ? error.message.split("\n")[0]! : String(error), ""];
  return fault("input", path, code.startsWith("Z_") && !(code in REASONS) ? REASONS.Z_DATA_ERROR![0] : what, hint);
}
