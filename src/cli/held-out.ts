// Which recorded configurations are held out: those that a file HELD-OUT names, in the folder of the recordings or above it.
// Globs of configuration names, one a line; # begins a comment. Such a file is committed before anything is fitted, so that
// nobody chooses afterwards what is judged.
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail, fault, ok, type Result, suggest } from "#base/fault.js";
import { matches } from "#scenario/glob.js";
import { load } from "./files.js";
import type { Configuration } from "./validate-prepare.js";

const NAME = "HELD-OUT";

/**
 * `paths`: scenarios or folders of them, as the user named them. `given`: globs of the command line; one that matches nothing of `all` is a
 * mistake: what it should hold out would be fitted to.
 */
export function heldOutGlobs(paths: readonly string[], given: readonly string[], all: readonly Configuration[]): Result<readonly string[]> {
  const names = all.map(({ experiment }) => experiment.name);
  const unmatched = given.filter((glob) => !names.some((name) => matches(glob, name)));
  if (unmatched.length > 0)
    return fail(...unmatched.map((glob) => fault("usage", "--held-out", `found no configuration named ${glob}`, suggest(glob, names))));
  const globs = [...given];
  for (const file of new Set(paths.flatMap(nearestFile))) {
    const text = load(file);
    if (!text.ok) return text;
    const lines = new TextDecoder().decode(text.value.bytes).split("\n");
    globs.push(...lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== ""));
  }
  return ok(globs);
}

export function isHeldOut(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matches(glob, name));
}

function nearestFile(path: string): string[] {
  const start = resolve(path);
  let folder = statSync(start, { throwIfNoEntry: false })?.isDirectory() === true ? start : dirname(start);
  while (!existsSync(join(folder, NAME)) && dirname(folder) !== folder) folder = dirname(folder);
  return existsSync(join(folder, NAME)) ? [join(folder, NAME)] : [];
}
