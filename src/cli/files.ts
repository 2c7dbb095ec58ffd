// The disk: reading (gunzipped where it is gzip), and writing so that a file is there whole or not at all. Faults name
// the path and what the system said, in its words.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory, expected a file",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "it may not be read or written (permissions)",
  EPERM: "it may not be read or written (permissions)",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
};

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
  readonly content: string | Uint8Array;
}

/** Writes one file by way of a neighbour and a rename; `.gz` names are compressed. */
export function writeWhole(path: string, content: string | Uint8Array): Fault | null {
  const beside = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, path.endsWith(".gz") ? gzipSync(content) : content);
    renameSync(beside, path);
    return null;
  } catch (error) {
    rmSync(beside, { force: true });
    return diskFault(path, error);
  }
}

/** Writes several files into a directory, made where it is missing. The first fault ends it. */
export function writeAll(directory: string, files: readonly Written[]): Fault | null {
  for (const { name, content } of files) {
    const failed = writeWhole(join(directory, name), content);
    if (failed !== null) return failed;
  }
  return null;
}

function diskFault(path: string, error: unknown): Fault {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const zlib = code.startsWith("Z_") ? "it begins like gzip but cannot be decompressed" : undefined;
  return fault("input", path, zlib ?? REASONS[code] ?? (error instanceof Error ? error.message.split("\n")[0]! : String(error)));
}
