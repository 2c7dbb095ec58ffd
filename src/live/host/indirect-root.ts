// A garbage collector root made as Nix's local store makes it, where we may, without starting a program: a link to the path, and in
// the store's state a link to that link, named by its place. The path must be held otherwise until then, as by a connection that
// has asked for it. Rule: LocalStore::addIndirectRoot, the same in Nix 2.8, 2.26 and 2.34.
import { accessSync, constants, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { sha1 } from "#base/digest.js";
import { nix32 } from "./nix32.js";

const STORE = "/nix/store/";
const AUTO = "/nix/var/nix/gcroots/auto";
/** What moves the store or its state to another place. */
const MOVERS = ["NIX_REMOTE", "NIX_STORE_DIR", "NIX_STATE_DIR", "NIX_LOCALSTATE_DIR", "NIX_CONFIG"];

/**
 * True once `link` (absolute, without `.` and `..`) is a root for the path; false, and nothing is changed, where Nix itself has to make it:
 * no right to, a store that is not here, something else in that place.
 */
export function madeRoot(link: string, path: string): boolean {
  if (MOVERS.some((name) => process.env[name] !== undefined)) return false;
  try {
    accessSync(AUTO, constants.W_OK);
    lstatSync(path);
    if (!path.startsWith(STORE) || !isOurs(link)) return false;
    replace(link, path);
    replace(`${AUTO}/${nix32(sha1(link))}`, link);
    return true;
  } catch {
    return false;
  }
}

/** Nothing stands there, or a link into the store. */
function isOurs(link: string): boolean {
  try {
    return lstatSync(link).isSymbolicLink() && readlinkSync(link).startsWith(STORE);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/** At no time is there no link, or half a one. */
function replace(link: string, target: string): void {
  const fresh = `${link}.${process.pid}.tmp`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  renameSync(fresh, link);
}
