// What is odd about a fleet, from its file and from what was found out about its hosts: mistakes that no single host shows,
// and settings that cost time one day. Each finding says what to change. Pure. Rules: reference sections 2.2, 2.6, 4.1, and
// the threads of users that each lint is named after.
import { coreShare, type FleetFile, type HostFile } from "#model/fleet-file.js";
import { isBusy, type ProbedHost } from "#model/probed-host.js";
import { atLeast, nixVersion } from "#model/nix-version.js";

export interface LintFinding {
  /** An error makes builds fail or hang. */
  readonly severity: "error" | "warning";
  /** "" = the fleet as a whole. */
  readonly host: string;
  readonly what: string;
  readonly hint: string;
}

/** A host of the file and what was found out about it; null: it was not probed. */
interface Pair {
  readonly host: HostFile;
  readonly probed: ProbedHost | null;
  readonly isCoordinator: boolean;
}

type Lint = (pairs: readonly Pair[]) => readonly LintFinding[];

const LINTS: readonly Lint[] = [
  ownBuilder,
  sameHost,
  noSlots,
  overcommitted,
  wrongSpeedFactor,
  wrongSystems,
  unusedFeatures,
  noConnectTimeout,
  noAliveInterval,
  littleDisk,
  busyHost,
  oldCoordinator,
];

/** Where figures are only `assumed`, as of a machines file, they are not held against what was measured. */
export function lintFleet(fleet: FleetFile, probed: readonly ProbedHost[], figures: "written" | "assumed"): readonly LintFinding[] {
  const pairs = [fleet.coordinator, ...fleet.builders].map((host, h) => ({
    host,
    probed: probed.find(({ name }) => name === host.name) ?? null,
    isCoordinator: h === 0,
  }));
  return [...[...LINTS, ...(figures === "written" ? [wrongFigures] : [])].flatMap((lint) => lint(pairs)), ...crowdedMachines(fleet)];
}

const warning = (host: string, what: string, hint: string): LintFinding => ({ severity: "warning", host, what, hint });

const builders = (pairs: readonly Pair[]): readonly Pair[] => pairs.filter(({ isCoordinator }) => !isCoordinator);

/** Nix's build-remote locks outputs, then the remote side, being the same store, waits for that lock for ever (upstream #2029). */
function ownBuilder(pairs: readonly Pair[]): LintFinding[] {
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

function sameHost(pairs: readonly Pair[]): LintFinding[] {
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
function noSlots(pairs: readonly Pair[]): LintFinding[] {
  return builders(pairs)
    .filter(({ host }) => host.maxJobs === 0)
    .map(({ host }) =>
      warning(host.name, "its maxJobs is 0: Nix finds it fit and never free, and waits", "leave it out, or give it a slot"),
    );
}

/** Builds at once × cores that each believes to have (nixpkgs #198668). */
function overcommitted(pairs: readonly Pair[]): LintFinding[] {
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
function crowdedMachines(fleet: FleetFile): LintFinding[] {
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

/** Of two figures for one thing, further apart than this. */
const APART = 1.5;

function wrongSpeedFactor(pairs: readonly Pair[]): LintFinding[] {
  const known = builders(pairs).flatMap(({ host, probed }) =>
    probed?.speed === null || probed === null ? [] : [{ name: host.name, told: host.speedFactor || 1, measured: probed.speed!.single }],
  );
  const ratios = known.map(({ told, measured }) => told / measured);
  if (known.length < 2 || Math.max(...ratios) <= APART * Math.min(...ratios)) return [];
  const slowest = Math.min(...known.map(({ measured }) => measured));
  const shown = known.map(({ name, told, measured }) => `${name} ${told}, measured ${(measured / slowest).toFixed(1)}`);
  return [
    warning("", `speedFactor contradicts the measured speed: ${shown.join("; ")}`, "--machines and --nixos print factors as measured"),
  ];
}

/** Cores or speed of the file that the host does not have. */
function wrongFigures(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) => {
    const { hardware = null, speed = null } = probed ?? {};
    const wrong = [
      ...(hardware !== null && hardware.processors !== host.cores ? [`${host.cores} cores, it has ${hardware.processors}`] : []),
      ...(speed !== null && hardware !== null && !isBusy(hardware) && host.speed !== undefined && isApart(host.speed, speed.single)
        ? [`speed ${host.speed}, measured ${speed.single.toFixed(2)}`]
        : []),
    ];
    return wrong.length === 0
      ? []
      : [warning(host.name, `the fleet says ${wrong.join("; and ")}`, "--out FILE writes a fleet with what was measured")];
  });
}

function isApart(a: number, b: number): boolean {
  return Math.max(a, b) > APART * Math.min(a, b);
}

function wrongSystems(pairs: readonly Pair[]): LintFinding[] {
  return pairs.flatMap(({ host, probed }) =>
    (probed?.systems ?? []).flatMap(({ system, emulated, builds }) => {
      const told = host.systems[system];
      if (told === undefined || builds !== true || (told !== "native") === emulated) return [];
      return [
        emulated
          ? warning(host.name, `the fleet calls ${system} native there, but its processor emulates it`, `write ${system}: {emulated: 10}`)
          : warning(host.name, `the fleet calls ${system} emulated there, but its processor runs it`, `write ${system}: native`),
      ];
    }),
  );
}

/** What a host would accept and the fleet does not say: builds that need it go elsewhere, or nowhere. */
function unusedFeatures(pairs: readonly Pair[]): LintFinding[] {
  return builders(pairs).flatMap(({ host, probed }) => {
    const promised = new Set([...(host.features ?? []), ...(host.mandatoryFeatures ?? [])]);
    const unused = (probed?.nix?.features ?? []).filter((feature) => !promised.has(feature));
    if (unused.length === 0 || promised.size === 0) return [];
    return [
      warning(host.name, `it also accepts ${unused.join(" ")}, which the fleet does not say`, "add what builds may need to its features"),
    ];
  });
}

/** ssh itself sets none: a host that is off holds up Nix's only loop as long as TCP tries, once for every build. */
function noConnectTimeout(pairs: readonly Pair[]): LintFinding[] {
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

function noAliveInterval(pairs: readonly Pair[]): LintFinding[] {
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

function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}

/** Assumed: below this the next larger build fills it. */
const DISK_MIN = 2 * 2 ** 30;
const INODES_MIN = 20_000;

function littleDisk(pairs: readonly Pair[]): LintFinding[] {
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

/** Every figure of time is then too bad. */
function busyHost(pairs: readonly Pair[]): LintFinding[] {
  const busy = pairs.flatMap(({ host, probed }) =>
    probed?.hardware && isBusy(probed.hardware) ? [`${host.name} (load ${probed.hardware.load}, ${probed.hardware.processors} cores)`] : [],
  );
  return busy.length === 0
    ? []
    : [warning("", `measured while busy: ${busy.join(", ")}`, "check again when they are idle, before you keep the figures")];
}

/** What the coordinator's own Nix cannot read of the machines file. */
function oldCoordinator(pairs: readonly Pair[]): LintFinding[] {
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
