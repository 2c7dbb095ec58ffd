// What this machine's own store has, without any connection: asked of `nix-store`, which says which paths are not valid. Where
// there is no Nix, nothing is there.
import { spawnSync } from "node:child_process";

/** Paths in one command line: well below any limit of its length. */
const PATHS_MAX = 500;

export function pathsHere(paths: readonly string[]): ReadonlySet<string> {
  const here = new Set(paths);
  for (let i = 0; i < paths.length; i += PATHS_MAX) {
    const some = paths.slice(i, i + PATHS_MAX);
    const { status, stdout } = spawnSync("nix-store", ["--check-validity", "--print-invalid", ...some], { encoding: "utf8" });
    const missing = status === 0 ? stdout.split("\n").filter((line) => line !== "") : some;
    for (const path of missing) here.delete(path);
  }
  return here;
}
