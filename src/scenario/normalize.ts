// A fleet file → hosts as columns with no optionals left, and who can build what. Every default that was used is told
// as an assumption. Knows no graph and no scenario.
import { fail, ok, type Result } from "#base/fault.js";
import type { HostFile, SystemFile } from "#model/fleet-file.js";
import type { Hosts } from "#model/hosts.js";
import type { Closure } from "#model/problem.js";
import type { FleetSource } from "./compiled.js";
import { FLEET_DEFAULTS, Ledger } from "./fleet-default.js";
import { fleetFaults, sharedUris } from "./fleet-faults.js";
import { amountOf, hostsOf } from "./fleet-hosts.js";

/** What a host can build; index = HostId. */
export interface Ability {
  readonly systems: Readonly<Record<string, SystemFile>>;
  /** Supported or mandatory, as in Nix. */
  readonly features: ReadonlySet<string>;
  /** A job must require all of these. */
  readonly mandatory: readonly string[];
  /** Coefficients of variation of slowdowns that a model gave, by system and workload. */
  readonly uncertain: Readonly<Record<string, number>>;
}

export interface NormalFleet {
  readonly name: string;
  readonly hosts: Hosts;
  readonly abilities: readonly Ability[];
  readonly route: "coordinator" | "direct";
  readonly closure: Closure;
  readonly substituter: { readonly bandwidth: number; readonly hits: number | readonly string[] } | null;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

export function normalizeFleet(source: FleetSource): Result<NormalFleet> {
  const { file } = source;
  const given = [file.coordinator, ...file.builders];
  const faults = fleetFaults(given, source);
  if (faults.length > 0) return fail(...faults);
  const ledger = new Ledger();
  const closure = file.closure ?? FLEET_DEFAULTS.closure.value;
  return ok({
    name: source.name,
    hosts: hostsOf(source, given, ledger),
    abilities: given.map((host, h) => abilityOf(host, h, ledger, source.uncertain?.get(host.name) ?? {})),
    route: file.route ?? "coordinator",
    closure: closure as Closure,
    substituter:
      file.substituter === undefined ? null : { bandwidth: amountOf(file.substituter.bandwidth, "rate"), hits: file.substituter.hits },
    assumptions: [
      ...ledger.sentences(given.length),
      ...(file.closure === undefined ? [`${FLEET_DEFAULTS.closure.says} (${FLEET_DEFAULTS.closure.source})`] : []),
    ],
    warnings: sharedUris(given),
  });
}

function abilityOf(host: HostFile, h: number, ledger: Ledger, uncertain: Ability["uncertain"]): Ability {
  const mandatory = host.mandatoryFeatures ?? [];
  const supported = host.features ?? (h === 0 ? ledger.use(host.name, FLEET_DEFAULTS.coordinatorFeatures) : []);
  return { systems: host.systems, features: new Set([...supported, ...mandatory]), mandatory, uncertain };
}
