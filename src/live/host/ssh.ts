// The words of ssh commands: the user's own OpenSSH with the user's own configuration, keys, agent, jump hosts and known
// hosts. Only what a program without a person needs is laid over it. Host keys are checked as the user has it.
// Host names stand after `--`, so that none can be an option; the remote command is made of words that are quoted here.
import type { Address } from "./address.js";

/** Seconds of silence after which ssh gives a connection up: interval × count. */
const ALIVE_INTERVAL = 5;
const ALIVE_COUNT = 3;

/** Whether a connection is the first of its host, which the others share, shares one, or stands alone (for bulk). */
export type Sharing = { readonly kind: "master" | "guest"; readonly socket: string } | { readonly kind: "alone" };

/** `ssh … -- host command`: the command is one string for the remote user's shell. */
export function sshWords({ ssh }: Address, sharing: Sharing, command: readonly string[]): readonly string[] {
  if (ssh === null) return command;
  const option = (text: string): readonly string[] => ["-o", text];
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
    ...(ssh.knownHosts === null ? [] : option(`UserKnownHostsFile=${ssh.knownHosts}`)),
    ...(ssh.keyFile === null ? [] : ["-i", ssh.keyFile]),
    ...(ssh.port === null ? [] : ["-p", String(ssh.port)]),
    ...(ssh.user === null ? [] : ["-l", ssh.user]),
    "--",
    ssh.host,
    command.map(quoted).join(" "),
  ];
}

/** A word as POSIX shells, fish and csh read it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
