// What a person should know besides the answer, on standard error: warnings, and with --verbose all of them and what was
// assumed. Nothing when quiet.
import type { CompareResult } from "#metrics/result.js";

export type Loudness = "quiet" | "normal" | "verbose";

const SHOWN_MAX = 8;

export function loudnessOf({ quiet, verbose }: { readonly quiet?: boolean; readonly verbose?: boolean }): Loudness {
  return quiet === true ? "quiet" : verbose === true ? "verbose" : "normal";
}

export function notes({ warnings, assumptions }: Pick<CompareResult, "warnings" | "assumptions">, loudness: Loudness): void {
  if (loudness === "quiet") return;
  const shown = loudness === "verbose" ? warnings : warnings.slice(0, SHOWN_MAX);
  for (const warning of shown) say("note", warning);
  if (warnings.length > shown.length) say("note", `and ${warnings.length - shown.length} more (--verbose shows them)`);
  if (loudness === "verbose") for (const assumption of assumptions) say("assumed", assumption);
}

/** Names come from input: no control character reaches the terminal. */
export function say(what: string, text: string): void {
  process.stderr.write(`${what}: ${text.replace(/[\p{Cc}\p{Cf}]/gu, " ")}\n`);
}

/** Whether standard output may have colours. */
export function colored(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}
