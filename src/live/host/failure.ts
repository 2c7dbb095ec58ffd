// What a failed build says of its cause: its own fault, which is final, or its host's, which is tried elsewhere.
// Rule: Nix's BuildResult::Status, and the words that Nix, SQLite and the system use for a full disk or a host that
// refuses what the fleet promises of it. Knows no connections.
import type { BuildResult } from "./serve.js";

export type Verdict =
  | { readonly kind: "built" }
  | { readonly kind: "build"; readonly why: string }
  | { readonly kind: "host"; readonly why: string; readonly isFull: boolean };

/** Built, Substituted, AlreadyValid, ResolvesToAlreadyValid. */
const GOOD: ReadonlySet<number> = new Set([0, 1, 2, 13]);
const TRANSIENT = 6;
const MISCELLANEOUS = 9;
const NAMES = [
  "built",
  "substituted",
  "already valid",
  "the builder failed",
  "an input is rejected",
  "an output is rejected",
  "a passing failure",
  "a failure that is remembered",
  "it took too long",
  "a failure",
  "a dependency failed",
  "its log is too long",
  "it is not deterministic",
  "already valid",
  "nobody substitutes it",
];

const FULL = /No space left on device|database or disk is full|Disk quota exceeded|lack of free disk space/;
/** The host's own configuration says no: features, systems, users, trust. */
const REFUSES =
  /is required to build|required system or feature|not privileged to|lacks a (valid )?signature|build users group|Exec format error/;

/** Nix colours names in its messages. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** `tail`: the last words of its log. */
export function verdictOn({ status, message: coloured }: BuildResult, tail: string): Verdict {
  const message = coloured.replace(COLOURS, "");
  if (isGood({ status })) return { kind: "built" };
  const why = message === "" ? (NAMES[status] ?? `status ${status}`) : message;
  if (isFull(`${message}\n${tail}`)) return { kind: "host", why, isFull: true };
  if (status === TRANSIENT || (status === MISCELLANEOUS && REFUSES.test(message))) return { kind: "host", why, isFull: false };
  return { kind: "build", why };
}

/** Its outputs are there. */
export function isGood({ status }: Pick<BuildResult, "status">): boolean {
  return GOOD.has(status);
}

export function isFull(words: string): boolean {
  return FULL.test(words);
}
