// What ssh is told beyond what every connection of ours is told, and what it tells of the user's own settings without
// connecting to anybody. Pure.
import type { SshSettings } from "#model/probed-host.js";
import type { Address } from "#live/host/address.js";
import { sshWords } from "#live/host/ssh.js";

/** Seconds to wait for a connection where ssh_config sets no ConnectTimeout. */
export const CONNECT_SECONDS = 10;

/** `ssh -G`: the settings as the user has them. */
export function settingsWords({ ssh }: Address): readonly string[] {
  if (ssh === null) return [];
  return [
    "ssh",
    "-G",
    ...(ssh.port === null ? [] : ["-p", String(ssh.port)]),
    ...(ssh.user === null ? [] : ["-l", ssh.user]),
    "--",
    ssh.host,
  ];
}

/** The connection whose socket others may use. */
export function openWords(address: Address, socket: string, settings: SshSettings | null, command: readonly string[]): readonly string[] {
  return patient(sshWords(address, { kind: "master", socket }, command), settings);
}

/** A session on that connection, or none: it is never opened on a connection of its own. */
export function sessionWords(address: Address, socket: string, command: readonly string[]): readonly string[] {
  return withOptions(sshWords(address, { kind: "guest", socket }, command), ["ProxyCommand=false"]);
}

export function loneWords(address: Address, settings: SshSettings | null, command: readonly string[]): readonly string[] {
  return patient(sshWords(address, { kind: "alone" }, command), settings);
}

function patient(words: readonly string[], settings: SshSettings | null): readonly string[] {
  const timeout = settings?.connectTimeout === null ? [`ConnectTimeout=${CONNECT_SECONDS}`] : [];
  // What it says at the end is wanted even where ssh_config keeps it quiet.
  return withOptions(words, ["LogLevel=INFO", ...timeout]);
}

/** Of two values of an option ssh takes the first. */
function withOptions([ssh, ...rest]: readonly string[], options: readonly string[]): readonly string[] {
  return [ssh!, ...options.flatMap((option) => ["-o", option]), ...rest];
}

/** What `ssh -G` printed. */
export function parseSettings(text: string): SshSettings {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0 && !found.has(line.slice(0, space))) found.set(line.slice(0, space), line.slice(space + 1).trim());
  }
  const number = (key: string, otherwise: number) => (/^\d+$/.test(found.get(key) ?? "") ? Number(found.get(key)) : otherwise);
  const timeout = number("connecttimeout", 0);
  return {
    hostname: found.get("hostname") ?? "",
    port: number("port", 22),
    user: found.get("user") ?? "",
    connectTimeout: timeout === 0 ? null : timeout,
    aliveInterval: number("serveraliveinterval", 0),
    aliveCountMax: number("serveralivecountmax", 3),
  };
}
