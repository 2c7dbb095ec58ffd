// What became of an attempt of Nix's own hook, from its exit and its words: it says 1 for everything that goes wrong far
// away, so that a failed build, a lost host and a full disk are told apart by their messages. Texts: Nix 2.8 to 2.36,
// build-remote.cc, legacy-ssh-store.cc and derivation goals; a message that is not known counts as the host's failure,
// which is tried elsewhere.

export type Verdict =
  | { readonly kind: "built" }
  /** The build itself failed: final. `exit` is what Nix knows the kind by. */
  | { readonly kind: "failed"; readonly exit: 100 | 101 }
  /** All slots of the machine are somebody else's. */
  | { readonly kind: "busy" }
  /** The machine takes builds, but never this one. */
  | { readonly kind: "unfit"; readonly why: string }
  /** The host, its link or its disk. */
  | { readonly kind: "lost"; readonly why: string };

const FULL = /No space left on device|disk is full|disk quota exceeded|lack of free disk space/i;
const UNFIT = /(?:is|are) required to build|required system or feature not available|unsupported system|Exec format error/i;
const TIMED_OUT = /timed out after \d+ seconds/;
const FAILED =
  /failed with exit code|failed due to signal|failed to produce output path|hash mismatch|is not allowed to refer to|output check|contains an illegal reference|log (?:data )?limit|cycle detected in/i;
/** Nix's number of a result that is a line of a builder's log. */
const BUILD_LOG_LINE = 101;
const MESSAGE = /^@nix (\{.*\})$/;

/** The answer that Nix's own hook gave, all that it said as plain text, and the end of what the builder printed. */
export interface Said {
  readonly answer: string;
  readonly text: string;
  readonly log: string;
}

/** Reads its standard error. The line after `# accept` is the machine's name. */
export function saidBy(lines: readonly string[], log: string): Said {
  let answer = "";
  const texts: string[] = [];
  for (const line of lines) {
    if (line.startsWith("# ")) answer = line.slice(2);
    else texts.push(messageOf(line)?.text ?? (line.startsWith("@nix ") ? "" : line));
  }
  return { answer, text: plain(texts.filter((text) => text !== "").join("\n")), log: plain(log) };
}

export function verdictOf(code: number, { answer, text, log }: Said): Verdict {
  if (answer === "accept" && code === 0) return { kind: "built" };
  if (answer === "postpone") return { kind: "busy" };
  for (const words of [text, log]) if (FULL.test(words)) return { kind: "lost", why: reason(words, FULL) };
  if (UNFIT.test(text)) return { kind: "unfit", why: reason(text, UNFIT) };
  if (answer === "accept" && TIMED_OUT.test(text)) return { kind: "failed", exit: 101 };
  if (answer === "accept" && FAILED.test(text)) return { kind: "failed", exit: 100 };
  return { kind: "lost", why: reason(text, /error|cannot|failed|unexpected|refused|timed out/i) };
}

/** A message of Nix's log stream; undefined for anything else. Level 0 is an error, 1 a warning. */
export function messageOf(line: string): { readonly level: number; readonly text: string } | undefined {
  const json = MESSAGE.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const { action, level, msg } = JSON.parse(json) as { action?: unknown; level?: unknown; msg?: unknown };
    return action === "msg" && typeof msg === "string" ? { level: typeof level === "number" ? level : 0, text: msg } : undefined;
  } catch {
    return undefined;
  }
}

/** What a builder printed, one line of it; undefined for anything else in Nix's log stream. */
export function logLineOf(line: string): string | undefined {
  const json = MESSAGE.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const { action, type, fields } = JSON.parse(json) as { action?: unknown; type?: unknown; fields?: readonly unknown[] };
    return action === "result" && type === BUILD_LOG_LINE ? String(fields?.[0] ?? "") : undefined;
  } catch {
    return undefined;
  }
}

/** A message as Nix's hooks send it, on one line. Level 1 is a warning, 3 what a user sees. */
export function messageLine(level: number, text: string): string {
  return `@nix ${JSON.stringify({ action: "msg", level, msg: text })}`;
}

/** The first line that says it, without what Nix puts around. */
function reason(text: string, pattern: RegExp): string {
  const line = text.split("\n").find((one) => pattern.test(one)) ?? text.split("\n")[0] ?? "";
  return line.replace(/^\s*(?:error|warning): /, "").slice(0, 200) || "it ended without a word";
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
