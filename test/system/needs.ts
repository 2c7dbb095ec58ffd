// What a system test needs of the machine. Where it is missing the test is skipped, and says so; under CI=true nothing may
// be skipped, and it fails instead.
import { spawnSync } from "node:child_process";

/** For `describe.skipIf`: whether a program is missing. */
export function lacks(program: string): boolean {
  return missing(program, spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
}

/** Whether to skip for want of something; throws under CI=true. */
export function missing(what: string, isMissing: boolean): boolean {
  if (isMissing && process.env.CI === "true") throw new Error(`${what} is missing, and CI=true allows no skip`);
  return isMissing;
}
