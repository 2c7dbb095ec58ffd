// What a system test needs of the machine. Where it is missing the test is skipped, and says so; under CI=true nothing may
// be skipped, and it fails instead.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lacking, type Need, ROOTS } from "./testbed/testbed.js";

/** For `describe.skipIf`: whether a program is missing. */
export function lacks(program: string): boolean {
  return missing(program, spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
}

/** Whether a testbed cannot be made here: for want of root, Nix, namespaces …; `needs` as of `lacking`. Says what is missing. */
export function lacksTestbed(...needs: readonly Need[]): boolean {
  const list = lacking(...needs);
  const what = `for the testbed: ${list.join(", ")}`;
  if (list.length > 0) process.stdout.write(`missing ${what}\n`);
  return missing(what, list.length > 0);
}

/** Whether the root folder with that Nix version is missing; roots.sh makes it. */
export function lacksRoot(version: string): boolean {
  const at = join(ROOTS, version);
  const absent = !existsSync(join(at, "usr/bin/nix-store"));
  if (absent) process.stdout.write(`missing ${at}: test/system/testbed/roots.sh ${version} makes it\n`);
  return missing(`Nix ${version} at ${at}`, absent);
}

/** Whether to skip for want of something; throws under CI=true. */
export function missing(what: string, isMissing: boolean): boolean {
  if (isMissing && process.env.CI === "true") throw new Error(`${what} is missing, and CI=true allows no skip`);
  return isMissing;
}
