// Who cleans up after a drvfleet that was killed outright, or that ends while a host cannot be reached: a small shell that
// waits for the end of its input, which comes with the end of drvfleet, and then runs one command until it succeeds, for
// some nine minutes at most beside what the command itself takes. Told "done" it runs nothing. The command comes as words,
// which no shell reads again.
import type { Shell } from "./shell.js";

const SCRIPT =
  'read -r said; [ "$said" = done ] && exit; n=1; ' + 'until "$@" >/dev/null 2>&1 || [ "$n" -gt 256 ]; do sleep "$n"; n=$((n * 2)); done';

export interface Guard {
  dismiss(): Promise<void>;
  /** It does its work now, and may outlive us. */
  leave(): void;
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
    leave() {
      program.input.end();
      program.release();
    },
  };
}
