// Lints of settings that cost time one day: ssh's patience, room on the disk, what the coordinator's own Nix cannot read. Rules:
// reference sections 2.2 and 4.1.
import { atLeast, nixVersion } from "#model/nix-version.js";
import type { ProbedHost } from "#model/probed-host.js";
import { builders, type LintFinding, listed, type Pair, warning } from "./lint-finding.js";

/** ssh itself sets none: a host that is off holds up Nix's only loop as long as TCP tries, once for every build. */
export function noConnectTimeout(pairs: readonly Pair[]): LintFinding[] {
  const names = namesOf(pairs, ({ connectTimeout }) => connectTimeout === null);
  if (names === "") return [];
  return [
    warning(
      "",
      `no ConnectTimeout for ${names}: a host that is off holds up every start for about two minutes`,
      "set ConnectTimeout 5 in ssh_config",
    ),
  ];
}

/** Seconds of silence after which a build should be given up. */
const SILENCE_MAX = 120;

export function noAliveInterval(pairs: readonly Pair[]): LintFinding[] {
  const names = namesOf(pairs, ({ aliveInterval, aliveCountMax }) => aliveInterval === 0 || aliveInterval * aliveCountMax > SILENCE_MAX);
  if (names === "") return [];
  return [
    warning(
      "",
      `no ServerAliveInterval for ${names}, or a long one: a silent link holds its builds for long`,
      "set ServerAliveInterval 15 in ssh_config",
    ),
  ];
}

function namesOf(pairs: readonly Pair[], matters: (ssh: NonNullable<ProbedHost["ssh"]>) => boolean): string {
  const names = builders(pairs).flatMap(({ host, probed }) =>
    probed !== null && probed.ssh !== null && matters(probed.ssh) ? [host.name] : [],
  );
  return listed(names);
}

/** Assumed: below this the next larger build fills it. */
const DISK_MIN = 2 * 2 ** 30;
const INODES_MIN = 20_000;

export function littleDisk(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) => {
    const { diskFreeBytes = null, inodesFree = null } = probed?.hardware ?? {};
    const little = [
      ...(diskFreeBytes !== null && diskFreeBytes < DISK_MIN ? [`${Math.floor(diskFreeBytes / 2 ** 20)} MiB`] : []),
      ...(inodesFree !== null && inodesFree < INODES_MIN ? [`${inodesFree} inodes`] : []),
    ];
    if (little.length === 0) return [];
    return [
      warning(
        host.name,
        `its store has ${little.join(" and ")} left: a full host takes every job and fails it`,
        "nix-collect-garbage there; min-free in nix.conf",
      ),
    ];
  });
}

/** What the coordinator's own Nix cannot read of the machines file. */
export function oldCoordinator(pairs: readonly Pair[]): LintFinding[] {
  const version = nixVersion(pairs[0]!.probed?.nix?.version ?? "");
  if (version === undefined) return [];
  return builders(pairs).flatMap(({ host }) => [
    ...(!atLeast(version, "2.20") && !Number.isInteger(host.speedFactor ?? 1)
      ? [warning(host.name, `Nix before 2.20, as here, stops at its speedFactor ${host.speedFactor}`, "write a whole number")]
      : []),
    ...(!atLeast(version, "2.31") && /:\d+(\?|\/|$)/.test((host.uri ?? "").replace(/^\w+:\/\//, ""))
      ? [warning(host.name, "Nix before 2.31, as here, does not read a port in the address", "set Port in ssh_config")]
      : []),
  ]);
}
