// Who cleans up after a drvfleet that was killed outright, or that ends while a host cannot be reached: one small shell that
// waits for the end of its input, which comes with the end of drvfleet, and then runs a command for each host that was met,
// until that succeeds, for some nine minutes at most beside what the command itself takes. Told "done" it runs nothing.
import type { HostLink } from "./host-link.js";
import { counted, forEach } from "./commands.js";
import type { Shell } from "./shell.js";

/** Lines of its input: a number to be remembered, "none" to forget all, "done". */
const LISTEN = 'met=" $1 "; shift; while read -r said; do case $said in done) exit ;; none) met=" " ;; *) met="$met$said " ;; esac; done';
const PATIENTLY = 'n=1; until "$@" >/dev/null 2>&1 || [ "$n" -gt 256 ]; do sleep "$n"; n=$((n * 2)); done';
const SCRIPT = `${LISTEN}; ${forEach(`case $met in *" $k "*) ${PATIENTLY} ;; esac`, "&")}`;

export interface Guard {
  /** From now on there may be something of that number to clean up. */
  met(number: number): void;
  /** Nothing is left but of these numbers: for them it does its work now, and may outlive us. */
  settle(left: readonly number[]): Promise<void>;
}

/** `commands`: by number; `tidy`: what is done in any case, unless it is settled. */
export function guard(shell: Shell, commands: readonly (readonly string[])[], tidy: readonly string[] | null): Guard {
  const always = tidy === null ? "" : String(commands.length);
  const words = counted(tidy === null ? commands : [...commands, tidy]);
  const program = shell.start(["sh", "-c", SCRIPT, "drvfleet-guard", always, ...words]);
  program.output.resume();
  program.errors.resume();
  return {
    met: (number) => void program.input.write(`${number}\n`),
    async settle(left) {
      if (left.length === 0) {
        program.input.end("done\n");
        await program.ended;
      } else {
        program.input.end(["none", ...left, ""].join("\n"));
        program.release();
      }
    },
  };
}

/** Closes the links, by their numbers. What may still run on a host that is down ends when it can be reached again. */
export async function closeAll(links: readonly HostLink[], guard: Guard): Promise<void> {
  const left = [...links.keys()].filter((h) => links[h]!.wasUp && !links[h]!.up);
  await Promise.all([guard.settle(left), ...links.map((link) => link.close())]);
}
