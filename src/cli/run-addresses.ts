// Hosts of a fleet → where the live engine finds them: URIs as Nix reads them, keys of a machines file included. A store
// that is not behind ssh is served on this machine, as Nix does for `localhost`.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { type MachineUri, parseMachineUri } from "#ingest/machine-uri.js";
import type { Address } from "#live/host/address.js";
import type { Peer } from "#live/host/peer.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";

const PROGRAM = "nix-store";

export interface Addresses {
  /** By HostId. */
  readonly of: readonly Address[];
  /** By HostId: where each is for the other builders; null = nowhere. */
  readonly peers: readonly (Peer | null)[];
  /** Lines for known_hosts files, by the name that `Address.ssh.knownHosts` has: to be written before connecting. */
  readonly knownHosts: ReadonlyMap<string, string>;
}

/** `directory`: private, for known_hosts files. */
export function addressesOf(fleet: FleetFile, directory: string): Result<Addresses> {
  const faults: Fault[] = [];
  const knownHosts = new Map<string, string>();
  const local = (name: string): Address => ({ name, ssh: null, store: null, program: PROGRAM });
  const of = [
    local(fleet.coordinator.name),
    ...fleet.builders.map((host, i) => {
      const found = addressOf(host, `${directory}/known-${i + 1}`, knownHosts);
      if (!("what" in found)) return found;
      faults.push(found);
      return local(host.name);
    }),
  ];
  const peers = [null, ...fleet.builders.map((host, i) => peerOf(host, of[i + 1]!, faults))];
  return faults.length > 0 ? fail(...faults) : ok({ of, peers, knownHosts });
}

/** Keys of the coordinator are not the builders': theirs are their own. */
function peerOf(host: HostFile, { store, program }: Address, faults: Fault[]): Peer | null {
  const uri = parseMachineUri(host.peerUri ?? host.uri ?? `ssh://${host.name}`);
  if (uri !== undefined && isPlain(uri)) return { host: uri.host, user: uri.user ?? null, port: uri.port ?? null, store, program };
  if (host.peerUri !== undefined)
    faults.push(
      fault(
        "input",
        `builders ${host.name} peerUri`,
        `found ${JSON.stringify(host.peerUri)}, expected a host behind ssh`,
        "ssh://user@host",
      ),
    );
  return null;
}

/** Words that ssh would take for options: some Nix hands them on as they are. */
function isPlain({ scheme, host, user }: MachineUri): boolean {
  return scheme.startsWith("ssh") && host !== "localhost" && /^\w[\w.:%-]*$/.test(host) && user?.startsWith("-") !== true;
}

function addressOf(host: HostFile, knownFile: string, knownHosts: Map<string, string>): Address | Fault {
  const uri = parseMachineUri(host.uri ?? `ssh://${host.name}`);
  const where = `builders ${host.name} uri`;
  if (uri === undefined) return fault("input", where, `found ${JSON.stringify(host.uri)}, expected a store URI such as ssh://user@host`);
  const { params } = uri;
  if (uri.scheme !== "ssh" && uri.scheme !== "ssh-ng")
    return fault("input", where, `found ${JSON.stringify(uri.text)}, expected a host behind ssh`, "ssh://user@host");
  const key = params["base64-ssh-public-host-key"];
  // Under any name, for ssh_config may give it another; the file is this host's alone.
  if (key !== undefined) knownHosts.set(knownFile, `* ${Buffer.from(key, "base64").toString("utf8").trim()}\n`);
  return {
    name: host.name,
    ssh:
      uri.host === "localhost"
        ? null
        : {
            host: uri.host,
            user: uri.user ?? null,
            port: uri.port ?? null,
            keyFile: params["ssh-key"] ?? null,
            knownHosts: key === undefined ? null : knownFile,
          },
    store: params["remote-store"] ?? null,
    program: uri.scheme === "ssh" ? (params["remote-program"] ?? PROGRAM) : PROGRAM,
  };
}
