// What ends the processes that a session left on its host. They carry its mark in their environment, which Linux shows to
// their owner. Words of commands only: for us while we live, and for the guard that outlives us.
import type { Address } from "./address.js";
import { counted, EITHER } from "./commands.js";
import { MARK } from "./session.js";
import { ownSocket, type Sharing, sshWords } from "./ssh.js";

/** Seconds for ending what is left on a host. */
export const SWEEP_MAX = 10;

const FIND = `for p in /proc/[0-9]*; do grep -qsF "$0" "$p/environ" && kill "\${p#/proc/}"; done; :`;

/** `mark`: of one session, or the beginning of those of a whole run. */
export function sweepWords(address: Address, sharing: Sharing, mark: string): readonly string[] {
  return sshWords(address, sharing, ["sh", "-c", FIND, `${MARK}=${mark}`]);
}

/**
 * For a guard, who knows nothing of connections: over ours if it is still there, else over one of its own, for one that the user's
 * own ssh lends may be silent for as long as that lives; then as the user's ssh would, which may be the only one that gets in.
 */
function guardWords(address: Address, socket: string, mark: string): readonly string[] {
  const own = sweepWords(address, { kind: "guest", socket }, mark);
  if (address.ssh === null) return own;
  const theirs = ["timeout", String(SWEEP_MAX), ...sweepWords(address, { kind: "theirs" }, mark)];
  return ["sh", "-c", EITHER, "drvfleet-sweep", ...counted([own, theirs])];
}

/** What a guard does on each host of a run whose sockets lie in that directory. */
export function guardCommands(addresses: readonly Address[], sockets: string, run: string): readonly (readonly string[])[] {
  return addresses.map((address, host) => guardWords(address, ownSocket(sockets, host), markOn(address, run)));
}

/** Begins the marks of all processes of a run on a host. */
export function markOn({ name }: Address, run: string): string {
  return `${run}/${name}/`;
}
