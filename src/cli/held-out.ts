// Which recorded configurations are held out: those that a file HELD-OUT names, in the folder of the recordings or above it.
// Globs of configuration names, one a line; # begins a comment. Such a file is committed before anything is fitted, so that
// nobody chooses afterwards what is judged.
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ok, type Result } from "#base/fault.js";
import { load } from "./files.js";

const NAME = "HELD-OUT";

/** `paths`: scenarios or folders of them, as the user named them. */
export function heldOutGlobs(paths: readonly string[]): Result<readonly string[]> {
  const globs: string[] = [];
  for (const file of new Set(paths.flatMap(nearestFile))) {
    const text = load(file);
    if (!text.ok) return text;
    const lines = new TextDecoder().decode(text.value.bytes).split("\n");
    globs.push(...lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== ""));
  }
  return ok(globs);
}

function nearestFile(path: string): string[] {
  const start = resolve(path);
  let folder = statSync(start, { throwIfNoEntry: false })?.isDirectory() === true ? start : dirname(start);
  while (!existsSync(join(folder, NAME)) && dirname(folder) !== folder) folder = dirname(folder);
  return existsSync(join(folder, NAME)) ? [join(folder, NAME)] : [];
}
