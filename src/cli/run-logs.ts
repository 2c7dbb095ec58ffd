// The log of each attempt in the RUN, as the builder printed it, and its end for whoever shows a failure.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import type { Log } from "#live/run/life.js";
import { makeDirectory } from "./files.js";

export class Logs {
  private readonly latest = new Map<string, string>();

  constructor(private readonly directory: string) {
    makeDirectory(directory);
  }

  /** `key` is the path of the derivation. A later attempt has its own file. */
  open(key: string, host: string): Log {
    const stem = basename(key).replace(/\.drv$/, "");
    let path = "";
    let file = -1;
    for (let k = 1; file < 0; k++) {
      path = join(this.directory, `${stem}.${k}.${host.replace(/[^\w.-]/g, "_")}.log`);
      try {
        file = openSync(path, "wx");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    this.latest.set(key, path);
    return { write: (bytes) => void writeSync(file, bytes), close: () => closeSync(file) };
  }

  path(key: string): string | undefined {
    return this.latest.get(key);
  }

  /** The last lines, control characters aside. */
  tail(key: string, lines: number): readonly string[] {
    const path = this.latest.get(key);
    if (path === undefined) return [];
    const text = readFileSync(path, "utf8").replace(/\n+$/, "");
    return text === ""
      ? []
      : text
          .split("\n")
          .slice(-lines)
          .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, " "));
  }
}
