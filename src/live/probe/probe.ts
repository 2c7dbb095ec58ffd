// `drvfleet check`'s hands: climbs the ladder of steps at one host, in the order in which things go wrong, and stops at the
// first rung without which the next cannot be tried. What went wrong is data. Knows no fleet file and no report.
import type { ProbedHost } from "#model/probed-host.js";
import { place, probeConnection, probeSettings } from "./connect.js";
import { probeLink } from "./link.js";
import { probeInventory, probeProtocol } from "./nix.js";
import { probeSessions } from "./sessions.js";
import { type ProbeMeans, type ProbeTarget, Site } from "./site.js";
import { probeSpeed } from "./speed.js";
import { probeFeatures, probeStore, probeSystems, probeTrust } from "./trials.js";

interface Rung {
  readonly climb: (site: Site) => Promise<void>;
  /** Whether a failure here ends the climb. */
  readonly bears: boolean;
  /** Rungs of a connection do not exist on this machine. */
  readonly remoteOnly: boolean;
}

const LADDER: readonly Rung[] = [
  { climb: probeSettings, bears: true, remoteOnly: true },
  { climb: probeConnection, bears: true, remoteOnly: false },
  { climb: probeInventory, bears: true, remoteOnly: false },
  { climb: probeProtocol, bears: true, remoteOnly: false },
  { climb: probeStore, bears: true, remoteOnly: false },
  { climb: probeTrust, bears: true, remoteOnly: false },
  { climb: probeSystems, bears: false, remoteOnly: false },
  { climb: probeFeatures, bears: false, remoteOnly: false },
  { climb: probeSessions, bears: false, remoteOnly: true },
  { climb: probeSpeed, bears: false, remoteOnly: false },
  { climb: probeLink, bears: false, remoteOnly: true },
];

export async function probeHost(target: ProbeTarget, means: ProbeMeans): Promise<ProbedHost> {
  const site = new Site(target, means);
  for (const { climb, bears, remoteOnly } of LADDER) {
    if (remoteOnly && site.isLocal) continue;
    await climb(site);
    if (bears && site.hasFailed) break;
  }
  await site.close();
  return {
    name: target.address.name,
    destination: place(target.address, site.found.ssh ?? null),
    steps: site.steps,
    ssh: site.found.ssh ?? null,
    identity: site.found.identity ?? null,
    hardware: site.found.hardware ?? null,
    nix: site.found.nix ?? null,
    systems: site.found.systems ?? [],
    features: site.found.features ?? null,
    speed: site.found.speed ?? null,
    link: site.found.link ?? null,
    sessions: site.found.sessions ?? null,
    connections: site.found.connections ?? null,
  };
}
