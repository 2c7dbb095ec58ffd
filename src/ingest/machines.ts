// The eight fields of a machine in `/etc/nix/machines` or the setting `builders`, with Nix's defaults and checks. What
// differs between Nix versions (whether speed is whole) follows the version given. Rule: reference section 4.1. Knows
// nothing of fleets; turning machines into hosts is fleet-of.ts's business.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { words } from "./derivation.js";
import { type MachineEntry, machineEntries, type MachinesInput } from "./machine-entries.js";
import { type MachineUri, parseMachineUri } from "./machine-uri.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";

export interface Machine {
  readonly uri: MachineUri;
  /** Absent: the coordinator's own system. */
  readonly systems?: readonly string[];
  readonly sshKey?: string;
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly features: readonly string[];
  readonly mandatoryFeatures: readonly string[];
  /** Base64 of the host key's line. */
  readonly publicHostKey?: string;
  /** File and line, for texts. */
  readonly where: string;
}

export interface Machines {
  readonly machines: readonly Machine[];
  readonly notes: readonly string[];
}

export function parseMachines(input: MachinesInput): Result<Machines> {
  const found = machineEntries(input);
  if (!found.ok) return found;
  const { entries, notes } = found.value;
  const parsed = entries.map((entry) => parseMachine(entry, input.version));
  const faults = parsed.flatMap((machine) => (machine.ok ? [] : machine.faults));
  if (faults.length > 0) return fail(...faults);
  return ok({ machines: parsed.map((machine) => (machine as { value: Machine }).value), notes });
}

function parseMachine({ text, where }: MachineEntry, version: NixVersion): Result<Machine> {
  const fields = words(text);
  const given = (i: number) => (fields[i] === undefined || fields[i] === "-" ? undefined : fields[i]);
  const first = given(0);
  if (first === undefined) {
    const hint =
      fields.length === 0
        ? "Nix before 2.29 takes a line of blanks for a machine; make it empty"
        : "the first field is the host, for example ssh://builder";
    return fail(fault("input", where, `found no store URI in the first field of ${JSON.stringify(text)}`, hint));
  }
  const uri = parseMachineUri(first);
  const maxJobs = given(3) === undefined ? 1 : wholeNumber(given(3)!);
  const speedFactor = given(4) === undefined ? 1 : speedOf(given(4)!, version);
  const faults = [
    ...(uri === undefined
      ? [
          fault(
            "input",
            `${where} field 1`,
            `found ${JSON.stringify(first)}, expected a store URI`,
            "for example ssh-ng://user@host?compress=true",
          ),
        ]
      : []),
    ...(maxJobs === undefined
      ? [fault("input", `${where} field 4`, `found maxJobs ${JSON.stringify(given(3))}, expected a whole number from 0 to 4294967295`)]
      : []),
    ...(typeof speedFactor === "object" ? [{ ...speedFactor, where: `${where} field 5` }] : []),
    ...(/^[A-Za-z0-9+/]*(=.*)?$/.test(given(7) ?? "")
      ? []
      : [fault("input", `${where} field 8`, "found a host key that is not base64", "write base64 -w0 of the key's line")]),
  ];
  if (faults.length > 0) return fail(...faults);
  return ok({
    uri: uri!,
    ...(given(1) !== undefined && { systems: commaList(given(1)!) }),
    ...(given(2) !== undefined && { sshKey: given(2)! }),
    maxJobs: maxJobs!,
    // 0 means 1, in every version.
    speedFactor: (speedFactor as number) === 0 ? 1 : (speedFactor as number),
    features: commaList(given(5) ?? ""),
    mandatoryFeatures: commaList(given(6) ?? ""),
    ...(given(7) !== undefined && { publicHostKey: given(7)! }),
    where,
  });
}

function commaList(text: string): readonly string[] {
  return [...new Set(text.split(",").filter((item) => item !== ""))];
}

function wholeNumber(text: string): number | undefined {
  const value = /^\+?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= 0xffffffff ? value : undefined;
}

function speedOf(text: string, version: NixVersion): number | Fault {
  const shown = `found speedFactor ${JSON.stringify(text)}`;
  if (!atLeast(version, "2.20")) {
    return wholeNumber(text) ?? fault("input", "", `${shown}, expected a whole number`, "Nix before 2.20 stops at fractions");
  }
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && Number.isFinite(value)) return value;
  return fault("input", "", `${shown}, expected a number not below 0`, "1 is the usual speed");
}

/** The line that Nix reads back as the same machine. */
export function machineLine(machine: Machine): string {
  const list = (items: readonly string[] | undefined) => (items === undefined || items.length === 0 ? "-" : items.join(","));
  return [
    machine.uri.text,
    list(machine.systems),
    machine.sshKey ?? "-",
    String(machine.maxJobs),
    String(machine.speedFactor),
    list(machine.features),
    list(machine.mandatoryFeatures),
    machine.publicHostKey ?? "-",
  ].join(" ");
}
