// Where runs keep what they write: a RUN directory each, and beside them the history of builds. Follows XDG.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RunInput } from "./run-input.js";

export function stateDirectory(): string {
  const state = process.env.XDG_STATE_HOME;
  return join(state?.startsWith("/") ? state : join(homedir(), ".local", "state"), "drvfleet");
}

/** Past builds, for what brings no scenario that names its own. */
export function historyFile(): string {
  return join(stateDirectory(), "history.jsonl");
}

/** Where the builds of a run are added: the last history that its scenario names, which is a whole path, or ours. */
export function historyOf({ scenario }: RunInput): string {
  const own = [scenario.history].flat().at(-1);
  return typeof own === "string" ? own : historyFile();
}

/** What was predicted of runs, and what they took. */
export function ledgerFile(): string {
  return join(stateDirectory(), "ledger.jsonl");
}

/** A directory that is not there yet, named by what is built and when. */
export function newRunDirectory(name: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").slice(0, 15);
  const base = join(stateDirectory(), "runs", `${stamp}-${name.replace(/[^\w.+-]+/g, "-").slice(0, 60)}`);
  for (let k = 1; ; k++) {
    const path = k === 1 ? base : `${base}-${k}`;
    if (!existsSync(path)) return path;
  }
}
