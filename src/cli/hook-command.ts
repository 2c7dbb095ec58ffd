// `drvfleet hook`: how to make Nix ask the agent, the hook's script itself, and being the hook. The work is loaded when it runs.
import type { Command } from "commander";

interface HookFlags {
  readonly runtime?: string;
  readonly nix?: string;
  readonly write?: string;
  readonly json?: boolean;
}

export function hookCommand(program: Command): void {
  program
    .command("hook")
    .description("Nix's build hook that asks the agent: says how to use it, or writes it; with a number it is the hook")
    .argument("[verbosity]", "as Nix starts it: the hook itself")
    .option("--write <file>", "write the hook there, for a build-hook line that outlives a restart of the machine")
    .option("--nix <file>", "the nix whose own build hook copies and builds; default: that of PATH")
    .option("--runtime <dir>", "the agent's directory")
    .action(async (verbosity: string | undefined, _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<HookFlags>();
      const { beHook, explainHook } = await import("./hook.js");
      process.exitCode = await (verbosity === undefined ? explainHook(flags) : beHook(verbosity, flags));
    });
}
