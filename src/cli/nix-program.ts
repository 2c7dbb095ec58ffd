// Where Nix is, and its own build hook, which does the copying and building. A hook may be started with an empty PATH, so the
// place is written down when the hook is made. Nix before 2.10 knows its hook by the name of the program alone.
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const USUAL = ["/nix/var/nix/profiles/default/bin/nix", "/run/current-system/sw/bin/nix", "/usr/bin/nix"];

/** As asked for, else the first of PATH, else where installers put it. */
export function nixProgram(asked: string | undefined): string {
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "nix"));
  const found = asked ?? [...places, ...USUAL].find(isProgram);
  return found === undefined ? "nix" : realOf(found);
}

/** The hook that Nix would start itself, as words of a command. */
export function ownHook(nix: string): readonly string[] {
  const beside = join(dirname(nix), "..", "libexec", "nix", "build-remote");
  return isProgram(beside) ? [beside] : [nix, "__build-remote"];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A profile may change under a running build; the program itself does not. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
