// How the program ends: exit codes, and faults as people read them. Codes as in the product's description: 0 fine, 1 a
// build failed, 2 usage or input, 3 a --fail-if threshold, 4 nobody can build it, 5 host or SSH, 70 our bug, 130/143 signals.
import type { Fault, FaultCode } from "#base/fault.js";

export const EXIT = { fine: 0, buildFailed: 1, input: 2, threshold: 3, unbuildable: 4, host: 5, bug: 70 } as const;

const CODES: Readonly<Record<FaultCode, number>> = { usage: EXIT.input, input: EXIT.input, unbuildable: EXIT.unbuildable, host: EXIT.host };

/** Faults that are shown before the rest is only counted. */
const SHOWN_MAX = 20;

/** Prints the faults to stderr and returns the exit code of the gravest: input before unbuildable before host. */
export function printFaults(faults: readonly Fault[]): number {
  for (const { where, what, hint } of faults.slice(0, SHOWN_MAX)) {
    process.stderr.write(`error: ${printable(where)}: ${printable(what)}\n`);
    if (hint !== "") process.stderr.write(`  hint: ${printable(hint)}\n`);
  }
  if (faults.length > SHOWN_MAX) process.stderr.write(`error: and ${faults.length - SHOWN_MAX} more\n`);
  return Math.min(...faults.map((fault) => CODES[fault.code]));
}

/** Our own bug: the run's name and how to report it; the stack only with --debug. */
export function printBug(error: unknown, debug: boolean): number {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`drvfleet: a bug of ours: ${printable(text)}\n`);
  process.stderr.write("  hint: please report it with the command line and the input; --debug shows where\n");
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.bug;
}

/** Control characters from input never reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) =>
    c === "\n" || c === "\t" ? " " : `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
