// The book's fleet as the testbed had it: aquamarine, ruby, kana with 3, 2, 2 slots, one coordinator, ssh connects as
// measured. For the small cases that real Nix was put through.
import { type ClientSketch, type HostSketch, problemOf, type TaskSketch } from "../problem.js";
import type { Offering } from "#dispatch/conduct.js";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { type Run, run } from "../run.js";

export const VERSIONS = ["2.8", "2.26", "2.34"] as const;
export type Version = (typeof VERSIONS)[number];

/** Versions that were read and not run. */
export type ReadVersion = "2.30" | "2.32" | "2.33" | "2.35.0" | "2.35.2";

/** Seconds of one ssh connect there: the ssh release, not Nix. */
const CONNECT: Readonly<Partial<Record<string, number>>> = { "2.8": 0.235, "2.26": 0.119, "2.34": 0.111 };

export interface Case {
  readonly version: Version | ReadVersion;
  /** -j */
  readonly local: number;
  readonly tasks: readonly TaskSketch[];
  readonly builders: readonly HostSketch[];
  /** build-poll-interval */
  readonly poll?: number;
  readonly connect?: number;
  readonly seed?: number;
  /** nix.conf's. */
  readonly substitute?: boolean;
  /** --keep-going */
  readonly keepGoing?: boolean;
  /** Names of builds that fail once their work is done. */
  readonly failing?: readonly string[];
  readonly clients?: readonly ClientSketch[];
}

export function nixRun(one: Case): Run {
  const { version, local, tasks, builders, poll = 5, connect = CONNECT[version] ?? 0.111 } = one;
  const { seed = 1, substitute = false, keepGoing = false, failing = [], clients = [] } = one;
  const problem = problemOf({
    tasks,
    clients,
    hosts: [
      { name: "L", cores: 8, maxJobs: local, systems: { "x86_64-linux": 1 } },
      ...builders.map((host) => ({ cores: 8, connect, ...host })),
    ],
  });
  const { offering, ...conduct } = nixConduct(nixVersion(version)!, substitute);
  return run(problem, {
    policy: "nix",
    params: { version, substitute },
    // On the machine of which the conduct's figures are.
    conduct: {
      ...conduct,
      offering: { ...offering, pollSeconds: poll } as Offering,
      reaction: { ...conduct.reaction, keepGoing },
      timing: { ...conduct.timing, siteCv: 0 },
    },
    seed,
    failures: { rate: 1, mayFail: Uint8Array.from(problem.graph.names, (name) => (failing.includes(name) ? 1 : 0)), after: 1 },
  });
}

export function bookFleet(factors: readonly [number, number, number]): HostSketch[] {
  return [
    { name: "A", maxJobs: 3, speedFactor: factors[0] },
    { name: "R", maxJobs: 2, speedFactor: factors[1] },
    { name: "K", maxJobs: 2, speedFactor: factors[2] },
  ];
}

/** Sleeps of equal length: n01, n02 … */
export function sleeps(count: number, seconds: number): TaskSketch[] {
  return Array.from({ length: count }, (_, i) => ({ name: `n${String(i + 1).padStart(2, "0")}`, seconds, cpu: 0 }));
}

/** A shell that sleeps takes this much longer: those that were recorded slept in one. */
export const SHELL = 0.04;

/** Where each went, by name: "A R K". */
export function placed(done: Run): string {
  return [...done.rows]
    .sort((a, b) => (a.task < b.task ? -1 : 1))
    .map((row) => row.host)
    .join(" ");
}

/** Names by the instant at which they started. */
export function started(done: Run): string[] {
  return [...done.rows].sort((a, b) => a.started - b.started).map((row) => row.task);
}
