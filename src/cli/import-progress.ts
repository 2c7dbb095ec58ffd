// Tells on standard error how far a long import has come: one line rewritten on a terminal, a line now and then
// elsewhere, nothing for short ones.
import type { ByteProgress } from "./input-stream.js";

export interface ImportProgress {
  readonly bytes: ByteProgress;
  /** Derivations read so far. */
  count(derivations: number): void;
  /** Clears the line. */
  done(): void;
}

const FIRST_MS = 500;
const FIRST_PLAIN_MS = 2_000;
const TERMINAL_MS = 200;
const PLAIN_MS = 10_000;

export function importProgress(quiet: boolean, stream: NodeJS.WriteStream = process.stderr): ImportProgress {
  const pause = stream.isTTY ? TERMINAL_MS : PLAIN_MS;
  let next = Date.now() + (stream.isTTY ? FIRST_MS : FIRST_PLAIN_MS);
  let read = 0;
  let size: number | undefined;
  let derivations = 0;
  let shown = false;

  const tick = () => {
    if (quiet || Date.now() < next) return;
    next = Date.now() + pause;
    const share = size === undefined || size === 0 ? "" : ` of ${megabytes(size)} (${Math.floor((100 * read) / size)} %)`;
    const line = `import: ${derivations} derivations${read === 0 ? "" : `, ${megabytes(read)}${share}`}`;
    stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    shown = true;
  };
  return {
    bytes: (sofar, whole) => {
      read = sofar;
      size = whole;
      tick();
    },
    count: (sofar) => {
      derivations = sofar;
      if (sofar % 256 === 0) tick();
    },
    done: () => {
      if (shown && stream.isTTY) stream.write("\r\x1b[K");
      shown = false;
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
