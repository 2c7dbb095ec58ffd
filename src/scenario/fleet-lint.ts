// What is odd about a fleet, from its file and from what was found out about its hosts: mistakes that no single host shows,
// and settings that cost time one day. Each finding says what to change; the rooms lint-… say why. Pure.
import type { FleetFile } from "#model/fleet-file.js";
import type { ProbedHost } from "#model/probed-host.js";
import { busyHost, unusedFeatures, wrongFigures, wrongSpeedFactor, wrongSystems } from "./lint-figures.js";
import type { Lint, LintFinding } from "./lint-finding.js";
import { littleDisk, noAliveInterval, noConnectTimeout, oldCoordinator } from "./lint-settings.js";
import { crowdedMachines, noSlots, overcommitted, ownBuilder, sameHost } from "./lint-slots.js";

export type { LintFinding } from "./lint-finding.js";

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
