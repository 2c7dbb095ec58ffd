// Writes a file whole or not at all: into a neighbour first, then renamed over the target. `.gz` is packed. An
// interruption removes the neighbour.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Fault, fault } from "#base/fault.js";

/** `-` is standard output. Returns what the world did not allow. */
export function writeWhole(path: string, text: string): Fault | undefined {
  if (path === "-") {
    process.stdout.write(text);
    return undefined;
  }
  const neighbour = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    writeFileSync(neighbour, path.endsWith(".gz") ? gzipSync(text) : text);
    renameSync(neighbour, path);
    return undefined;
  } catch (error) {
    rmSync(neighbour, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    return fault(
      "input",
      path,
      `the file could not be written: ${reason.replace(neighbour, path)}`,
      "check the directory and its permissions",
    );
  }
}
