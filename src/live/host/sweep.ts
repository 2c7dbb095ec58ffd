// What ends the processes that a session left on its host. They carry its mark in their environment, which Linux shows to
// their owner. Words of commands only: for us while we live, and for the guard that outlives us.
import type { Address } from "./address.js";
import { MARK } from "./session.js";
import { type Sharing, sshWords } from "./ssh.js";

/** Seconds for ending what is left on a host. */
export const SWEEP_MAX = 10;

const FIND = `for p in /proc/[0-9]*; do grep -qsF "$0" "$p/environ" && kill "\${p#/proc/}"; done; :`;
/** The first value of an option counts for ssh. */
const ELSE_LENT = `"$@" || { shift; timeout ${SWEEP_MAX} ssh -o "ControlPath=$0" "$@"; }`;

/** `mark`: of one session, or the beginning of those of a whole run. */
export function sweepWords(address: Address, sharing: Sharing, mark: string): readonly string[] {
  return sshWords(address, sharing, ["sh", "-c", FIND, `${MARK}=${mark}`]);
}

/**
 * For a guard where the user's own ssh lends that connection: over one of its own, since a lent one may be silent for as long as its
 * ssh lives; then over the lent one, which may be the only one that gets in.
 */
export function lentSweepWords(address: Address, lent: string, mark: string): readonly string[] {
  return ["sh", "-c", ELSE_LENT, lent, ...sweepWords(address, { kind: "alone" }, mark)];
}
