// What is wrong with a fleet although each of its fields is right: names that stand twice, machines that nobody described, quotas of
// nothing. And what is odd.
import { type Fault, fault, suggest } from "#base/fault.js";
import type { HostFile } from "#model/fleet-file.js";
import type { FleetSource } from "./compiled.js";

/** `given`: the coordinator, then the builders. */
export function fleetFaults(given: readonly HostFile[], source: FleetSource): Fault[] {
  return [...namedTwice(given, source), ...nowhere(given, source), ...quotas(given, source)];
}

function namedTwice(given: readonly HostFile[], source: FleetSource): Fault[] {
  return given.flatMap((host, h) => {
    const first = given.findIndex((other) => other.name === host.name);
    if (first === h) return [];
    const found = `found the host name ${host.name} a second time (first: ${first === 0 ? "coordinator" : `builders[${first - 1}]`}), expected each once`;
    return [
      fault(
        "input",
        source.where(["builders", h - 1, "name"]),
        found,
        "two lines of a machines file for one host are one host with several systems here",
      ),
    ];
  });
}

function nowhere(given: readonly HostFile[], source: FleetSource): Fault[] {
  const names = Object.keys(source.file.machines ?? {});
  return given.flatMap(({ name, on }, h) => {
    if (on === undefined || names.includes(on)) return [];
    const known = names.length === 0 ? "machines: {NAME: {cores: 2}} beside builders" : `one of ${names.join(", ")}`;
    const place = h === 0 ? ["coordinator", "on"] : ["builders", h - 1, "on"];
    return [
      fault(
        "input",
        source.where(place),
        `found ${name} on the unknown machine ${JSON.stringify(on)}, expected ${known}`,
        suggest(on, names),
      ),
    ];
  });
}

function quotas(given: readonly HostFile[], source: FleetSource): Fault[] {
  return given.flatMap(({ name, on, speed, quota }, h) => {
    if (quota === undefined || (on !== undefined && speed === undefined)) return [];
    const [found, expected] =
      speed === undefined ? ["no machine that it is a part of", "on: MACHINE beside it"] : ["a speed besides", "one of the two"];
    return [
      fault(
        "input",
        source.where([...(h === 0 ? ["coordinator"] : ["builders", h - 1]), "quota"]),
        `found a quota for ${name} and ${found}, expected ${expected}`,
      ),
    ];
  });
}

/** Warnings. */
export function sharedUris(given: readonly HostFile[]): string[] {
  return given.flatMap((host, h) => {
    const first = given.findIndex((other) => other.uri !== undefined && other.uri === host.uri);
    if (first < 0 || first === h) return [];
    return [`${host.name} has the same URI as ${given[first]!.name} (${host.uri}): Nix would let them share slots, here each has its own`];
  });
}
