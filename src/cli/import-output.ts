// How every import ends: the data to its file or standard output, notes and a summary to standard error, or the faults.
import type { Fault } from "#base/fault.js";
import { printFaults } from "./exit.js";
import { writeWhole } from "./files.js";

export interface OutputFlags {
  readonly output: string;
  readonly quiet?: boolean;
}

export function write(text: string, summary: string, notes: readonly string[], flags: OutputFlags): void {
  const broken = flags.output === "-" ? null : writeWhole(flags.output, text);
  if (broken !== null) return explain([broken]);
  if (flags.output === "-") process.stdout.write(text);
  if (flags.quiet === true) return;
  for (const note of notes) process.stderr.write(`note: ${note.replace(/\p{Cc}/gu, " ")}\n`);
  process.stderr.write(`${flags.output === "-" ? "" : `${flags.output}: `}${summary}\n`);
}

export function explain(faults: readonly Fault[]): void {
  process.exitCode = printFaults(faults);
}
