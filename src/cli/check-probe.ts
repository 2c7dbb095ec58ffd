// Probes a fleet: this machine first, while nothing else runs here, then all builders at once. What they need meanwhile, a
// folder for sockets and host keys, is ours alone and gone at the end, whatever ends us.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok, type Result } from "#base/fault.js";
import type { Address } from "#live/host/address.js";
import { Line } from "#live/host/line.js";
import { type DeafPair, probePairs } from "#live/probe/pairs.js";
import { probeHost } from "#live/probe/probe.js";
import type { ProbeMeans, ProbeTarget } from "#live/probe/site.js";
import { systemShell } from "#live/host/shell.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { builds, type ProbedHost } from "#model/probed-host.js";
import type { Progress } from "./progress.js";
import { addressesOf } from "./run-addresses.js";

export interface ProbeRequest {
  readonly fleet: FleetFile;
  /** Whether the file says what builders promise, and the coordinator too. */
  readonly promises: { readonly builders: boolean; readonly coordinator: boolean };
  /** Milliseconds for a step. */
  readonly patience: number;
  readonly progress: Progress;
}

export interface ProbedFleet {
  /** In the order of the fleet, the coordinator first. */
  readonly hosts: readonly ProbedHost[];
  /** Of builders that work, where the fleet lets them talk to each other. */
  readonly deaf: readonly DeafPair[];
}

export async function probeFleet({ fleet, promises, patience, progress }: ProbeRequest): Promise<Result<ProbedFleet>> {
  const folder = mkdtempSync(join(tmpdir(), "drvfleet-"));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", clear);
  try {
    const addresses = addressesOf(fleet, folder);
    if (!addresses.ok) return addresses;
    for (const [path, line] of addresses.value.knownHosts) writeFileSync(path, line);
    const [here, ...there] = addresses.value.of;
    const turns = new Line();
    const means: ProbeMeans = {
      shell: systemShell,
      folder,
      nonce: `${Date.now()} ${process.pid}`,
      patience,
      alone: (work) => turns.run(work),
    };
    const all = 1 + fleet.builders.length;
    let done = 0;
    const probe = async (target: ProbeTarget): Promise<ProbedHost> => {
      const host = await probeHost(target, means);
      progress.step(++done, all);
      return host;
    };
    progress.step(0, all);
    const coordinator = await probe(targetOf(fleet.coordinator, here!, promises.coordinator));
    const builders = await Promise.all(fleet.builders.map((host, b) => probe(targetOf(host, there[b]!, promises.builders))));
    const parties = there.flatMap((address, b) =>
      fleet.route === "direct" && builds(builders[b]!) ? [{ address, peer: addresses.value.peers[b + 1]! }] : [],
    );
    return ok({ hosts: [coordinator, ...builders], deaf: await probePairs(parties, systemShell, patience) });
  } finally {
    process.off("exit", clear);
    clear();
  }
}

function targetOf(host: HostFile, address: Address, promises: boolean): ProbeTarget {
  return {
    address,
    systems: promises ? Object.keys(host.systems) : [],
    features: promises ? [...new Set([...(host.features ?? []), ...(host.mandatoryFeatures ?? [])])] : [],
    slots: host.maxJobs,
  };
}
