// Reads a file that somebody else is still writing, piece by piece as it grows: what Nix says to a hook, what Nix's own hook
// says to us. The system tells of changes; a slow look beside it serves where it cannot.
import { closeSync, type FSWatcher, openSync, readSync, watch } from "node:fs";

const LOOK_MS = 200;
const PIECE = 65536;

export class GrowingFile {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(PIECE);
  private watcher: FSWatcher | null = null;
  private readonly timer: NodeJS.Timeout;
  private at = 0;
  private closed = false;

  /** The file exists. `grew` is called from here on, never from within the constructor. */
  constructor(
    path: string,
    private readonly grew: (piece: Uint8Array) => void,
  ) {
    this.file = openSync(path, "r");
    this.timer = setInterval(() => this.look(), LOOK_MS);
    try {
      this.watcher = watch(path, () => this.look());
      this.watcher.on("error", () => {});
    } catch {
      this.watcher = null;
    }
  }

  /** Tells what has come since the last look. */
  look(): void {
    while (!this.closed) {
      const count = readSync(this.file, this.buffer, 0, PIECE, this.at);
      if (count === 0) return;
      this.at += count;
      this.grew(Uint8Array.prototype.slice.call(this.buffer, 0, count));
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    this.watcher?.close();
    closeSync(this.file);
  }
}
