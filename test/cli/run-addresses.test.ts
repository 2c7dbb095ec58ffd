// Where the hosts of a fleet are, for the coordinator and for each other: keys of the one are not the others', and no word is
// ever an option of ssh.
import { describe, expect, it } from "vitest";
import { addressesOf } from "#cli/run-addresses.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";

const host = (name: string, more: Partial<HostFile> = {}): HostFile => ({ name, cores: 1, maxJobs: 1, systems: { x: "native" }, ...more });
const fleet = (...builders: HostFile[]): FleetFile => ({ schema: "drvfleet.fleet/1", coordinator: host("home"), builders });
const peers = (...builders: HostFile[]) => {
  const found = addressesOf(fleet(...builders), "/nowhere");
  return found.ok ? found.value.peers : found.faults.map(({ where, what }) => `${where}: ${what}`);
};

describe("where builders are for each other", () => {
  it("is as their uri says, without the coordinator's keys, or as peerUri says", () => {
    const program = "nix-store";
    expect(
      peers(
        host("one", { uri: "ssh://me@one:2222?ssh-key=/root/key" }),
        host("two", { uri: "ssh://alias", peerUri: "ssh://10.0.0.2" }),
        host("three"),
      ),
    ).toEqual([
      null,
      { host: "one", user: "me", port: 2222, store: null, program },
      { host: "10.0.0.2", user: null, port: null, store: null, program },
      { host: "three", user: null, port: null, store: null, program },
    ]);
  });

  it("is nowhere where the word would be an option, or the store is the coordinator's", () => {
    expect(peers(host("odd", { uri: "ssh://-oProxyCommand=x" }), host("own", { uri: "ssh://localhost" }))).toEqual([null, null, null]);
  });

  it("is a fault where peerUri is no host behind ssh", () => {
    expect(peers(host("one", { peerUri: "ssh://-oProxyCommand=x" }))).toEqual([
      'builders one peerUri: found "ssh://-oProxyCommand=x", expected a host behind ssh',
    ]);
  });
});
