// The version of the package, read from beside the program.
import { readFileSync } from "node:fs";

interface Manifest {
  readonly version: string;
}

export const VERSION = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest).version;
