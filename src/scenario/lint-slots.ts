// Lints of who builds how much: hosts that are no builders of their own, and more builds than processors. Rules: reference
// sections 2.2 and 2.6, and the threads of users that each lint names.
import { coreShare, type FleetFile } from "#model/fleet-file.js";
import { APART, builders, type LintFinding, listed, type Pair, warning } from "./lint-finding.js";

/** Nix's build-remote locks outputs, then the remote side, being the same store, waits for that lock for ever (upstream #2029). */
export function ownBuilder(pairs: readonly Pair[]): LintFinding[] {
  const own = builders(pairs).filter(({ host, probed }) => {
    const target = /^\w[\w+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/:?]*)/.exec(host.uri ?? "")?.[1] ?? host.name;
    const { client, server } = probed?.identity ?? { client: "", server: "" };
    return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(target) || (client !== "" && client === server.split(" ")[0]);
  });
  return own.map(({ host }) => ({
    severity: "error",
    host: host.name,
    what: "it is this very machine: Nix would wait for its own locks for ever",
    hint: "leave it out, and set max-jobs in nix.conf here",
  }));
}

export function sameHost(pairs: readonly Pair[]): LintFinding[] {
  const seen = new Map<string, string>();
  const findings: LintFinding[] = [];
  for (const { host, probed } of builders(pairs)) {
    const { node, server } = probed?.identity ?? { node: "", server: "" };
    if (server === "") continue;
    const key = `${node} ${server}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, host.name);
    else
      findings.push(
        warning(
          host.name,
          `it is the same machine as ${other}: slots are counted apart, its cores are there once`,
          "keep one of the two lines",
        ),
      );
  }
  return findings;
}

/** Eligible but never free: what only such hosts can build is asked for again and again. */
export function noSlots(pairs: readonly Pair[]): LintFinding[] {
  return builders(pairs)
    .filter(({ host }) => host.maxJobs === 0)
    .map(({ host }) =>
      warning(host.name, "its maxJobs is 0: Nix finds it fit and never free, and waits", "leave it out, or give it a slot"),
    );
}

/** Builds at once × cores that each believes to have (nixpkgs #198668). */
export function overcommitted(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) => {
    const cores = probed?.hardware?.processors ?? host.cores;
    const told = probed?.nix?.cores ?? host.coresPerBuild ?? 0;
    const perBuild = told === 0 ? cores : told;
    if (host.maxJobs < 2 || host.maxJobs * perBuild <= 2 * cores) return [];
    const wanted = Math.max(1, Math.floor(cores / host.maxJobs));
    return [
      warning(
        host.name,
        `${host.maxJobs} builds at once that each use ${perBuild} cores make ${host.maxJobs * perBuild} processes for ${cores} cores`,
        `set cores = ${wanted} in nix.conf there, or lower maxJobs`,
      ),
    ];
  });
}

/** Guests that could keep more cores busy than their machine has: Nix counts their slots as if each had its own. */
export function crowdedMachines(fleet: FleetFile): LintFinding[] {
  const { coordinator, builders, machines = {} } = fleet;
  return Object.entries(machines).flatMap(([name, { cores }]) => {
    const guests = [coordinator, ...builders].filter(({ on, maxJobs }) => on === name && maxJobs > 0);
    const wanted = guests.reduce((sum, host) => {
      const perBuild = host.coresPerBuild === undefined || host.coresPerBuild === 0 ? host.cores : host.coresPerBuild;
      return sum + Math.min(host.cores, host.maxJobs * perBuild) * coreShare(fleet, host);
    }, 0);
    if (wanted <= APART * cores) return [];
    const names = listed(guests.map((host) => host.name));
    return [
      warning(
        "",
        `${names} can keep ${Math.round(wanted)} cores of the machine ${name} busy, which has ${cores}`,
        "lower their maxJobs or cores, or expect them to slow each other down",
      ),
    ];
  });
}
