// `drvfleet explain RUN DRV`: its flags. The work is loaded when it runs.
import type { Command } from "commander";

export function explainCommand(program: Command): void {
  program
    .command("explain")
    .description("why this host, why not the others, what it waited for and how long")
    .argument("<run>", "directory that simulate or compare wrote with --out")
    .argument("<drv>", "derivation: its name, key, or a glob that matches one name")
    .option("--json", "the answer as JSON on standard output")
    .action(async (run: string, drv: string, _flags: unknown, self: Command) => {
      const { explain } = await import("./explain.js");
      process.exitCode = explain(run, drv, self.optsWithGlobals<{ json?: boolean }>().json === true);
    });
}
