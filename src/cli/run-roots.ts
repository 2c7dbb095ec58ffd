// Keeps what was asked for from the garbage collector: an indirect root for each output in the RUN as soon as it is back, and
// `result` links as nix-build names them: LINK, LINK-2, … Where we may not make and register them as Nix does, its own nix-store does,
// which names several in the same way. Until then the connection that brought a path keeps it. A root that cannot be made is a warning.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { madeRoot } from "#live/host/indirect-root.js";
import { makeDirectory } from "./files.js";
import { say } from "./notes.js";

/** An output that was asked for; `suffix` is what nix-build puts behind the name of its link. */
export interface Asked {
  readonly path: string;
  readonly suffix: string;
}

/** Paths in one command line: well below any limit of its length. */
const PATHS_MAX = 500;

/** By `(output of the i-th wanted derivation, from 0)`: "", "-lib", "-2", "-2-lib". */
export function linkSuffix(index: number, output: string): string {
  return `${index === 0 ? "" : `-${index + 1}`}${output === "out" ? "" : `-${output}`}`;
}

export class Roots {
  private pending: string[] = [];
  private batch = 0;
  private under: Promise<void> | null = null;

  /** Links lie in `directory`, which is made when the first is. `mark` keeps them apart from those of an earlier part of the run. */
  constructor(
    private readonly directory: string,
    private readonly mark: string,
  ) {}

  /** Valid paths of this machine's store. */
  keep(paths: readonly string[]): void {
    this.pending.push(...paths);
    this.under ??= this.work();
  }

  /** All that were to be kept are. */
  async settled(): Promise<void> {
    await this.under;
  }

  private async work(): Promise<void> {
    while (this.pending.length > 0) {
      const paths = this.pending.splice(0, PATHS_MAX);
      const blocked = made(this.directory);
      const why = blocked ?? (await addRoot(join(this.directory, `${this.mark}-${++this.batch}`), paths));
      if (why !== null) say("warning", `${paths.length} outputs are not kept from the garbage collector: ${why}`);
    }
    this.under = null;
  }
}

/** `link`: an absolute path. */
export async function linkResults(link: string, asked: readonly Asked[]): Promise<void> {
  const isPlain = asked.length <= PATHS_MAX && asked.every(({ suffix }, i) => suffix === linkSuffix(i, "out"));
  const whys = isPlain
    ? [
        await addRoot(
          link,
          asked.map(({ path }) => path),
        ),
      ]
    : await asked.reduce<Promise<(string | null)[]>>(
        async (before, { path, suffix }) => [...(await before), await addRoot(`${link}${suffix}`, [path])],
        Promise.resolve([]),
      );
  const why = whys.find((one) => one !== null);
  if (why !== undefined) say("warning", `${link}: ${why}`);
}

function made(directory: string): string | null {
  try {
    makeDirectory(directory);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Null when it is there, else why not. */
function addRoot(link: string, paths: readonly string[]): Promise<string | null> {
  if (paths.every((path, i) => madeRoot(resolve(`${link}${linkSuffix(i, "out")}`), path))) return Promise.resolve(null);
  return new Promise((settle) => {
    const child = spawn("nix-store", ["--realise", "--add-root", link, "--indirect", ...paths], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    child.on("error", (error) => settle(error.message));
    child.on("close", (code) => settle(code === 0 ? null : (words.trim().split("\n").at(-1) ?? `nix-store ended with ${code}`)));
  });
}
