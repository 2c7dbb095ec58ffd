// The words of ssh commands: the user's own OpenSSH with the user's own configuration, keys, agent, jump hosts and known
// hosts. Only what a program without a person needs is laid over it. Host keys are checked as the user has it.
// Host names stand after `--`, so that none can be an option; the remote command is made of words that are quoted here.
import type { Address } from "./address.js";

/** Seconds of silence after which ssh gives a connection up: interval × count. */
const ALIVE_INTERVAL = 5;
const ALIVE_COUNT = 3;
export const SILENCE_MAX = ALIVE_INTERVAL * ALIVE_COUNT;

/**
 * Whether a connection is the first of its host, which the others share, shares one (or has its own where nobody listens there),
 * stands alone (for bulk), or shares what the user's configuration says.
 */
export type Sharing =
  | { readonly kind: "master" | "guest"; readonly socket: string }
  | { readonly kind: "alone" }
  | { readonly kind: "theirs" };

/** Where the connection to the host of that number that is ours listens. */
export function ownSocket(directory: string, number: number): string {
  return `${directory}/${number}`;
}

/** `ssh … -- host command`: the command is one string for the remote user's shell. */
export function sshWords({ ssh }: Address, sharing: Sharing, command: readonly string[]): readonly string[] {
  if (ssh === null) return command;
  return [
    "ssh",
    "-x",
    "-a",
    ...option("BatchMode=yes"),
    ...option("ClearAllForwardings=yes"),
    ...option("PermitLocalCommand=no"),
    ...option("RemoteCommand=none"),
    ...option("RequestTTY=no"),
    ...option(`ServerAliveInterval=${ALIVE_INTERVAL}`),
    ...option(`ServerAliveCountMax=${ALIVE_COUNT}`),
    ...option(`ControlMaster=${sharing.kind === "master" ? "yes" : "no"}`),
    ...controlPath(sharing),
    ...option("ControlPersist=no"),
    ...target(ssh),
    command.map(quoted).join(" "),
  ];
}

/** Prints what the user's own ssh would do to reach it, and connects to nothing. */
export function settingsWords({ ssh }: Address): readonly string[] {
  return ["ssh", "-G", ...target(ssh!)];
}

function target({ host, knownHosts, keyFile, port, user }: NonNullable<Address["ssh"]>): readonly string[] {
  return [
    ...(knownHosts === null ? [] : option(`UserKnownHostsFile=${knownHosts}`)),
    ...(keyFile === null ? [] : ["-i", keyFile]),
    ...(port === null ? [] : ["-p", String(port)]),
    ...(user === null ? [] : ["-l", user]),
    "--",
    host,
  ];
}

function controlPath(sharing: Sharing): readonly string[] {
  if (sharing.kind === "theirs") return [];
  return option(`ControlPath=${sharing.kind === "alone" ? "none" : sharing.socket}`);
}

function option(text: string): readonly string[] {
  return ["-o", text];
}

/** A word as POSIX shells, fish and csh read it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
