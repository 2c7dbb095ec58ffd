// Who cleans up after a drvfleet that was killed outright: a small shell that waits for the end of its input, which comes
// with the end of drvfleet, and then runs one command. Told "done" it runs nothing. The command comes as words, which no
// shell reads again.
import type { Shell } from "./shell.js";

const SCRIPT = 'read -r said; [ "$said" = done ] || "$@"';

export interface Guard {
  dismiss(): Promise<void>;
}

export function guard(shell: Shell, words: readonly string[]): Guard {
  const program = shell.start(["sh", "-c", SCRIPT, "drvfleet-guard", ...words]);
  program.output.resume();
  program.errors.resume();
  return {
    async dismiss() {
      program.input.end("done\n");
      await program.ended;
    },
  };
}
