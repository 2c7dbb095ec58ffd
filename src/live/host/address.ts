// Where a store is: on this machine, or behind OpenSSH. Settled by whoever reads URIs; here only the words of commands
// are made of it. Knows no protocol.

export interface Address {
  /** As the fleet calls the host. */
  readonly name: string;
  /** Null: no ssh, this very machine. */
  readonly ssh: {
    /** Host, alias or address, as for `ssh`. */
    readonly host: string;
    readonly user: string | null;
    readonly port: number | null;
    readonly keyFile: string | null;
    /** A known_hosts file that holds the key from the machines file; null = the user's own. */
    readonly knownHosts: string | null;
  } | null;
  /** Store that `nix-store` is told to serve; null = its own. */
  readonly store: string | null;
  /** Program that serves it. */
  readonly program: string;
}
