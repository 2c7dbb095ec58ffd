// What `drvfleet check` found out about a host: how far it came on the ladder of steps, and what it measured. Made by the
// live world, judged by the fleet's lint, shown by reports. What could not be known is null. Rates in bytes per second.

/** In the order in which things go wrong on the way to a build. */
export const PROBE_STEPS = [
  "config",
  "resolve",
  "connect",
  "host-key",
  "login",
  "shell",
  "nix",
  "protocol",
  "store",
  "trust",
  "systems",
  "features",
  "sessions",
  "speed",
  "link",
] as const;
export type ProbeStep = (typeof PROBE_STEPS)[number];

/** `failed`: builds sent there would fail; `warning`: they work, but something should be known. */
export type Verdict = "ok" | "warning" | "failed";

export interface StepResult {
  readonly step: ProbeStep;
  readonly verdict: Verdict;
  /** One sentence; of a step that is well, what was found. */
  readonly what: string;
  /** What ssh, the shell or Nix said, one line; "" when they said nothing. */
  readonly words: string;
  /** What to change; "" where nothing need be. */
  readonly hint: string;
}

/** The user's own settings of the connection, as `ssh -G` tells them. */
export interface SshSettings {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** Seconds; null: none, so that ssh waits as long as TCP does. */
  readonly connectTimeout: number | null;
  /** Seconds between signs of life, 0 = never asked for. */
  readonly aliveInterval: number;
  readonly aliveCountMax: number;
}

/** How a host runs programs of a system. */
export interface ProbedSystem {
  readonly system: string;
  /** A derivation of that system was built there; null: not tried. */
  readonly builds: boolean | null;
  readonly emulated: boolean;
  /** Emulated ÷ native CPU time of one small program; null: native or not measured. */
  readonly slowdown: number | null;
}

export interface ProbedNix {
  /** As it calls itself, 2.26.3; "" where it does not start. */
  readonly version: string;
  /** Of `nix-store --serve`: "2.7". */
  readonly protocol: string | null;
  readonly system: string | null;
  /** What its configuration says; null: it does not tell. */
  readonly extraPlatforms: readonly string[] | null;
  readonly features: readonly string[] | null;
  /** null: not told; "auto" counts as the processors. */
  readonly maxJobs: number | null;
  /** Cores per build, 0 = all. */
  readonly cores: number | null;
  /** Through a daemon: what the user may do is up to its trusted-users. */
  readonly daemon: boolean;
}

export interface ProbedHardware {
  readonly kernel: string;
  readonly machine: string;
  readonly processors: number;
  readonly load: number | null;
  readonly memoryBytes: number | null;
  /** Of the file system that the store is on. */
  readonly diskBytes: number | null;
  readonly diskFreeBytes: number | null;
  readonly inodesFree: number | null;
}

/** Which machine it is, whatever it is called here; "" where it does not tell. */
export interface ProbedIdentity {
  /** Its own name. */
  readonly node: string;
  /** Addresses of the two ends of the connection as the host sees them; the server's with its port. */
  readonly client: string;
  readonly server: string;
}

export interface ProbedSpeed {
  /** Of one core, relative to the reference core. */
  readonly single: number;
  /** How many undisturbed cores all processors together were worth; null: not measured. */
  readonly worth: number | null;
}

export interface ProbedLink {
  /** Seconds from the start of ssh to the first answer of a shell. */
  readonly connect: number;
  /** Seconds there and back. */
  readonly roundTrip: number | null;
  /** Towards the host, and from it. */
  readonly down: number | null;
  readonly up: number | null;
}

/** How many were opened at once, of how many that were tried. */
export interface Opened {
  readonly tried: number;
  readonly opened: number;
}

export interface ProbedHost {
  readonly name: string;
  /** `user@host:port`, or "" for this machine. */
  readonly destination: string;
  readonly steps: readonly StepResult[];
  readonly ssh: SshSettings | null;
  readonly identity: ProbedIdentity | null;
  readonly hardware: ProbedHardware | null;
  readonly nix: ProbedNix | null;
  readonly systems: readonly ProbedSystem[];
  /** Of those that were tried, the ones of which a derivation was accepted and built; null: none were tried. */
  readonly features: readonly string[] | null;
  readonly speed: ProbedSpeed | null;
  readonly link: ProbedLink | null;
  /** Sessions on one connection (sshd's MaxSessions), connections at once (MaxStartups). */
  readonly sessions: Opened | null;
  readonly connections: Opened | null;
}

/** Load per processor above which measured speeds say little. Assumed. */
const LOAD_MAX = 0.5;

export function isBusy({ load, processors }: ProbedHardware): boolean {
  return load !== null && load > LOAD_MAX * processors;
}

/** Whether a derivation was built there: then the rest says only what it cannot build. */
export function builds({ systems }: ProbedHost): boolean {
  return systems.some((system) => system.builds === true);
}

export function failedStep({ steps }: ProbedHost): StepResult | undefined {
  return steps.find(({ verdict }) => verdict === "failed");
}
