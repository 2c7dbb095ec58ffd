// Whether builders that a fleet lets talk to each other do: each one's own ssh is asked to reach each other one and to find
// its Nix there. One source after the other, its targets side by side. What went wrong is data.
import type { Address } from "#live/host/address.js";
import { type Peer, peerWords } from "#live/host/peer.js";
import type { Shell } from "#live/host/shell.js";
import { quoted, sshWords } from "#live/host/ssh.js";

/** A builder: how it is reached from here, and by the others; null = they cannot. */
export interface Party {
  readonly address: Address;
  readonly peer: Peer | null;
}

export interface DeafPair {
  readonly from: string;
  readonly to: string;
  /** What ssh said, one line. */
  readonly words: string;
}

/** Pairs of which the first does not reach the second, in the order of the parties. `patience`: milliseconds for each. */
export async function probePairs(parties: readonly Party[], shell: Shell, patience: number): Promise<readonly DeafPair[]> {
  const deaf: DeafPair[] = [];
  for (const { address } of parties.filter((party) => party.address.ssh !== null)) {
    const others = parties.filter((party) => party.address !== address);
    const words = await Promise.all(
      others.map(({ peer }) => (peer === null ? "its uri is no name that ssh takes" : reach(address, peer, shell, patience))),
    );
    for (const [i, said] of words.entries()) if (said !== null) deaf.push({ from: address.name, to: others[i]!.address.name, words: said });
  }
  return deaf;
}

/** Null when it does, else the last words. */
async function reach(from: Address, peer: Peer, shell: Shell, patience: number): Promise<string | null> {
  const there = `${quoted(peer.program)} --version`;
  const program = shell.start(sshWords(from, { kind: "alone" }, ["ssh", ...peerWords(peer), there]));
  let said = "";
  program.errors.on("data", (bytes: Buffer) => {
    said = (said + bytes.toString("utf8")).slice(-4096);
  });
  program.output.resume();
  program.input.end();
  const late = setTimeout(() => program.kill("SIGTERM"), patience);
  const { code, error } = await program.ended;
  clearTimeout(late);
  if (code === 0) return null;
  const lines = said.split("\n").map((line) => line.trim());
  return error || lines.findLast((line) => line !== "") || "no answer in time";
}
