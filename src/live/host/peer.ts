// Where a builder is for the other builders, and the words by which one of them reaches it: its own ssh, with its user's keys,
// known hosts and configuration, asked for nothing that a person would answer. Nothing of the coordinator's is lent to it.

export interface Peer {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
  readonly store: string | null;
  readonly program: string;
}

/** Seconds that one builder's connect to another may take. */
const CONNECT_MAX = 10;

export const BATCH: readonly string[] = ["-o", "BatchMode=yes", "-o", `ConnectTimeout=${CONNECT_MAX}`];

/** What follows `ssh` and its further options; a command may follow it. */
export function peerWords({ host, user, port }: Peer): readonly string[] {
  return [
    ...["-x", "-a", ...BATCH, "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RemoteCommand=none"],
    ...["-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3", "-o", "ControlPersist=no"],
    ...(port === null ? [] : ["-p", String(port)]),
    ...(user === null ? [] : ["-l", user]),
    "--",
    host,
  ];
}

/** For `nix copy`. The port goes to ssh in its options: before 2.31 Nix takes it for a part of the name. */
export function peerUri({ host, user, store, program }: Peer): string {
  const params = [
    ...(store === null ? [] : [`remote-store=${encodeURIComponent(store)}`]),
    ...(program === "nix-store" ? [] : [`remote-program=${encodeURIComponent(program)}`]),
  ];
  const place = `${user === null ? "" : `${user}@`}${host.includes(":") ? `[${host}]` : host}`;
  return `ssh://${place}${params.length === 0 ? "" : `?${params.join("&")}`}`;
}
