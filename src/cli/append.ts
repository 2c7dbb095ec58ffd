// Adds to files that runs share, history and ledger. What was built is built: where such a file cannot be written, that is a
// warning, and the run ends as it would have.
import { appendFileSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import { diskFault, makeDirectory } from "./files.js";
import { say } from "./notes.js";

/** `head`: what a new file begins with. */
export function append(path: string, head: string, text: string): void {
  try {
    makeDirectory(dirname(path));
    appendFileSync(path, `${existsSync(path) ? "" : head}${text}`);
  } catch (error) {
    const { where, what } = diskFault(path, error);
    say("warning", `${where}: ${what}; nothing was added to it`);
  }
}
