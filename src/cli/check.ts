// Real hosts held against a fleet. Phases: read, probe, put what was measured into the fleet, lint, look for derivations
// that nobody can build, write, print, judge.
import { dirname } from "node:path";
import { emulationOnHost } from "#estimate/emulation.js";
import type { DeafPair } from "#live/probe/pairs.js";
import type { FleetFile, HostFile, SystemFile } from "#model/fleet-file.js";
import { NEWEST_NIX, nixVersion } from "#model/nix-version.js";
import { builds, failedStep, type ProbedHost } from "#model/probed-host.js";
import { type CheckFinding, type CheckResult, checkText, findingOf } from "#report/check-text.js";
import { buildMachinesText, type MachinesInput, machinesText } from "#report/nix-machines.js";
import { lintFleet } from "#scenario/fleet-lint.js";
import { coresOf, measuredFleet } from "#scenario/fleet-measured.js";
import { graphFaults } from "./check-graph.js";
import { type CheckInput, checkInput, chosen } from "./check-inputs.js";
import { probeFleet } from "./check-probe.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault, writeWhole } from "./files.js";
import { colored, type Loudness } from "./notes.js";
import { progressOf } from "./progress.js";
import { VERSION } from "./version.js";

export interface CheckRequest {
  readonly inputs: readonly string[];
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly graph: string | null;
  /** Milliseconds for a step. */
  readonly patience: number;
  readonly out: string | null;
  readonly print: "report" | "json" | "machines" | "nixos";
  readonly loudness: Loudness;
}

/** Returns the exit code. */
export async function check(request: CheckRequest): Promise<number> {
  const from = Date.now();
  const read = checkInput(request.inputs);
  if (!read.ok) return printFaults(read.faults);
  const picked = chosen(read.value.fleet, request.only, request.exclude);
  if (!picked.ok) return printFaults(picked.faults);
  const early = request.graph === null ? [] : graphFaults(request.graph, picked.value).filter(({ code }) => code !== "unbuildable");
  if (early.length > 0) return printFaults(early);
  const place = request.out === null ? null : directoryFault(dirname(request.out));
  if (place !== null) return printFaults([place]);

  const progress = progressOf("hosts", request.loudness);
  const { kind } = read.value;
  const promises = { builders: kind !== "names", coordinator: kind === "fleet" };
  const probed = await probeFleet({ fleet: picked.value, promises, patience: request.patience, progress });
  progress.end();
  if (!probed.ok) return printFaults(probed.faults);

  const { hosts, deaf } = probed.value;
  const asked = kind === "names" ? proposed(picked.value, hosts) : picked.value;
  const at = new Date(from).toISOString();
  const measured = measuredFleet(asked, hosts, at, emulated);
  const findings = [...findingsOf(asked, hosts, kind), ...deaf.map(pairFinding)];
  const result: CheckResult = {
    schema: "drvfleet.check/1",
    version: VERSION,
    fleet: read.value.name,
    at,
    seconds: (Date.now() - from) / 1000,
    hosts,
    findings,
  };
  if (request.out !== null) {
    const failed = writeWhole(request.out, `${JSON.stringify(measured, null, 2)}\n`);
    if (failed !== null) return printFaults([failed]);
  }
  process.stdout.write(printed(request.print, result, measured));
  const lost = request.graph === null ? [] : graphFaults(request.graph, withoutFailed(measured, hosts));
  if (lost.length > 0) return printFaults(lost);
  return findings.some(({ severity }) => severity === "error") ? EXIT.host : EXIT.fine;
}

/** What the ladder found, then what the lint found. This machine need not build where nobody said that it does. */
function findingsOf(fleet: FleetFile, probed: readonly ProbedHost[], kind: CheckInput["kind"]): CheckFinding[] {
  const here = fleet.coordinator.name;
  const mustBuild = kind === "fleet" && fleet.coordinator.maxJobs > 0;
  const climbed = probed.flatMap(({ name, steps }) => steps.flatMap((step) => findingOf(name, step) ?? []));
  const linted = lintFleet(fleet, probed, kind === "fleet" ? "written" : "assumed");
  return [
    ...climbed.map((finding) => (finding.host === here && !mustBuild ? { ...finding, severity: "warning" as const } : finding)),
    ...linted.map((finding) => ({ ...finding, step: "", words: "" })),
  ];
}

/** Its inputs then go through this machine: slower, not wrong. */
function pairFinding({ from, to, words }: DeafPair): CheckFinding {
  const hint = `a key of ${from}'s own in ${to}'s authorized_keys, and ${to} in its known_hosts; peerUri in the fleet where it is at another address`;
  return {
    severity: "warning",
    host: from,
    step: "peers",
    what: `its own ssh does not reach ${to}, though the route is direct`,
    words,
    hint,
  };
}

/** Bytes that a build is assumed to need, and cores: what slots are proposed from where nobody gave any. */
const BUILD_BYTES = 2 * 2 ** 30;
const BUILD_CORES = 4;

/** Slots and speed factors for hosts that only have a name: as many builds as cores and memory bear. */
function proposed(fleet: FleetFile, probed: readonly ProbedHost[]): FleetFile {
  const slowest = Math.min(...probed.slice(1).map(({ speed }) => speed?.single ?? Number.POSITIVE_INFINITY));
  const builders = fleet.builders.map((host): HostFile => {
    const found = probed.find(({ name }) => name === host.name)!;
    const byCores = Math.ceil(coresOf(found) / BUILD_CORES);
    const byMemory = Math.floor((found.hardware?.memoryBytes ?? Number.POSITIVE_INFINITY) / BUILD_BYTES);
    const factor = found.speed === null ? 1 : Math.round((found.speed.single / slowest) * 10) / 10;
    return { ...host, maxJobs: Math.max(1, Math.min(byCores, byMemory)), speedFactor: factor };
  });
  return { ...fleet, builders };
}

/** The defaults by kind of work, as much slower or faster as the loop is here; without a loop they stay open. */
function emulated(system: string, loopSlowdown: number | null): SystemFile {
  return { emulated: (loopSlowdown === null ? undefined : emulationOnHost(system, loopSlowdown)) ?? {} };
}

function withoutFailed(fleet: FleetFile, probed: readonly ProbedHost[]): FleetFile {
  const isFine = ({ name }: HostFile) => probed.every((host) => host.name !== name || builds(host));
  return { ...fleet, builders: fleet.builders.filter(isFine) };
}

function printed(what: CheckRequest["print"], result: CheckResult, fleet: FleetFile): string {
  if (what === "json") return `${JSON.stringify(result)}\n`;
  if (what === "report") return `${checkText(result, colored())}\n`;
  const failed = result.hosts.flatMap((host) => {
    const step = failedStep(host);
    return step === undefined || builds(host) ? [] : [{ name: host.name, why: `${step.step}: ${step.what}` }];
  });
  const input: MachinesInput = {
    builders: withoutFailed(fleet, result.hosts).builders,
    version: nixVersion(result.hosts[0]!.nix?.version ?? "") ?? NEWEST_NIX,
    left: failed.filter(({ name }) => name !== fleet.coordinator.name),
  };
  return what === "machines" ? machinesText(input) : buildMachinesText(input);
}
