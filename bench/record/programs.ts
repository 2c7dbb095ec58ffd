// The recorder's own programs in C, compiled where it runs: the witness for this machine, and the builder of graphs for each
// machine that one builds for. Static, so that every host can run them whatever its root folder is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Into a folder: `witness`, and `cell.MACHINE` of each. Throws what the compiler says. */
export function compilePrograms(folder: string, machines: readonly string[]): void {
  compile("gcc", "witness.c", join(folder, "witness"));
  for (const machine of machines)
    compile(machine === "x86_64" ? "gcc" : `${machine}-linux-gnu-gcc`, "cell.c", join(folder, `cell.${machine}`));
}

function compile(compiler: string, source: string, program: string): void {
  const { status, stderr, error } = spawnSync(compiler, ["-O2", "-static", "-o", program, join(sources(), source)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} ${source}: ${error?.message ?? stderr}`);
}

/** bench/record of the checkout, from a source file as from a compiled one. */
function sources(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json"))) at = dirname(at);
  return join(at, "bench/record");
}
