// Progress on standard error: a line that is rewritten on a terminal, a line now and then elsewhere, nothing when quiet.
import type { Loudness } from "./notes.js";

export interface Progress {
  step(done: number, of: number): void;
  /** Clears the line. */
  end(): void;
}

export const QUIET: Progress = { step: () => {}, end: () => {} };
const EVERY_MS = 10_000;

export function progressOf(what: string, loudness: Loudness): Progress {
  if (loudness === "quiet") return QUIET;
  const terminal = process.stderr.isTTY === true;
  let last = Date.now();
  return {
    step(done, of) {
      if (terminal) process.stderr.write(`\r${what} ${done}/${of}\u001b[K`);
      else if (Date.now() - last > EVERY_MS) {
        last = Date.now();
        process.stderr.write(`${what} ${done}/${of}\n`);
      }
    },
    end() {
      if (terminal) process.stderr.write("\r\u001b[K");
    },
  };
}
