// The words of ssh commands: the user's own OpenSSH with the user's own configuration, keys, agent, jump hosts and known
// hosts. Only what a program without a person needs is laid over it. Host keys are checked as the user has it.
// Host names stand after `--`, so that none can be an option; the remote command is made of words that are quoted here.
import type { Address } from "./address.js";

/** Seconds of silence after which ssh gives a connection up: interval × count. */
const ALIVE_INTERVAL = 5;
const ALIVE_COUNT = 3;
export const SILENCE_MAX = ALIVE_INTERVAL * ALIVE_COUNT;

/** Whether a connection is the first of its host, which the others share, shares one, or stands alone (for bulk). */
export type Sharing = { readonly kind: "master" | "guest"; readonly socket: string } | { readonly kind: "alone" };

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
    ...option(`ControlPath=${sharing.kind === "alone" ? "none" : sharing.socket}`),
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

function option(text: string): readonly string[] {
  return ["-o", text];
}

/** A word as POSIX shells, fish and csh read it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
