// A fleet → what Nix reads of it: the machines file of the coordinator, and the lines of each host's nix.conf that make it
// the host of the fleet file. Rule: reference sections 4.1 and 4.2.
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { NATIVE } from "./expression.js";

/** The host's address on the testbed: also the name of its slots. */
export function uriOf(host: string): string {
  return `ssh://root@${host}`;
}

export function machinesFile({ builders }: FleetFile, key: string): string {
  const listed = (names: readonly string[] | undefined) => (names === undefined || names.length === 0 ? "-" : names.join(","));
  return builders
    .map(({ name, systems, maxJobs, speedFactor = 1, features, mandatoryFeatures }) =>
      [uriOf(name), listed(Object.keys(systems)), key, maxJobs, speedFactor, listed(features), listed(mandatoryFeatures), "-"].join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** max-jobs is the client's own option on the coordinator; a builder takes what it is sent. */
export function nixConf({ systems, features = [], mandatoryFeatures = [] }: HostFile): string[] {
  const foreign = Object.keys(systems).filter((system) => system !== NATIVE);
  return [
    `system-features = ${[...features, ...mandatoryFeatures].join(" ")}`,
    ...(foreign.length > 0 ? [`extra-platforms = ${foreign.join(" ")}`] : []),
  ];
}
