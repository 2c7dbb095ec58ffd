// `drvfleet completion SHELL`: prints the shell's completion, made from the commands as they are.
import type { Command } from "commander";
import { fault, suggest } from "#base/fault.js";
import { printFaults } from "./exit.js";

export function completionCommand(program: Command): void {
  program
    .command("completion")
    .description("shell completion: bash, zsh, fish")
    .argument("<shell>", "such as in: source <(drvfleet completion bash)")
    .action(async (shell: string) => {
      const { SHELLS, wordsOf } = await import("./completion.js");
      if (!Object.hasOwn(SHELLS, shell)) {
        const hint = suggest(shell, Object.keys(SHELLS));
        process.exitCode = printFaults([fault("usage", "completion", `found the unknown shell ${JSON.stringify(shell)}`, hint)]);
        return;
      }
      process.stdout.write(SHELLS[shell as keyof typeof SHELLS](wordsOf(program)));
    });
}
