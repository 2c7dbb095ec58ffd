// The grammar of `/etc/nix/machines` and of the setting `builders`: one machine a line or between `;`, eight fields,
// `@file` includes, comments. What differs between Nix versions (how comments meet `;`, whether speed is whole, …)
// follows the version given. Rule: reference section 4.1. Knows nothing of fleets; turning lines into hosts is
// fleet-of.ts's business.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { words } from "./derivation.js";
import { type MachineUri, parseMachineUri } from "./machine-uri.js";
import { atLeast, type NixVersion } from "./nix-version.js";
import type { TextLoader } from "./source-text.js";

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

export interface MachinesInput {
  readonly text: string;
  readonly file: string;
  readonly version: NixVersion;
  /** Reads `@file`; relative paths are the loader's business. A missing file means no machines, as in Nix. */
  readonly load: TextLoader;
}

export interface Machines {
  readonly machines: readonly Machine[];
  readonly notes: readonly string[];
}

interface Entry {
  readonly text: string;
  readonly where: string;
}

interface Reading {
  readonly entries: Entry[];
  readonly notes: string[];
  includes: number;
}

/** More than any fleet has: files that include each other end here. */
const INCLUDES_MAX = 1000;

export function parseMachines(input: MachinesInput): Result<Machines> {
  const reading: Reading = { entries: [], notes: [], includes: 0 };
  const broken = expand(input, [input.file], reading);
  if (broken !== undefined) return fail(broken);
  const { entries, notes } = reading;
  const parsed = entries.map((entry) => parseMachine(entry, input.version));
  const faults = parsed.flatMap((machine) => (machine.ok ? [] : machine.faults));
  if (faults.length > 0) return fail(...faults);
  return ok({ machines: parsed.map((machine) => (machine as { value: Machine }).value), notes });
}

/** Splits into entries, includes in place. Nix itself would loop for ever on a file that includes itself. */
function expand(input: MachinesInput, open: readonly string[], reading: Reading): Fault | undefined {
  for (const entry of split(input)) {
    if (!entry.text.startsWith("@")) {
      reading.entries.push(entry);
      continue;
    }
    const file = entry.text.slice(1).trim();
    if (open.includes(file) || ++reading.includes > INCLUDES_MAX) {
      return fault(
        "input",
        entry.where,
        `found @${file}, an include that never ends: ${[...open, file].slice(-5).join(" → ")}`,
        "remove one of the includes",
      );
    }
    const text = input.load(file);
    if (text === undefined) reading.notes.push(`${entry.where}: there is no file ${file}; Nix takes that as no machines`);
    const broken = text === undefined ? undefined : expand({ ...input, text, file }, [...open, file], reading);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** From 2.29 a comment is cut off before `;` splits; before that `;` splits first, and only an exactly empty rest is skipped. */
function split({ text, file, version }: MachinesInput): Entry[] {
  const stripsFirst = atLeast(version, 2, 29);
  return text.split("\n").flatMap((line, i) => {
    const uncommented = stripsFirst ? withoutComment(line) : line;
    return uncommented
      .split(";")
      .map((piece) => (stripsFirst ? piece.trim() : withoutComment(piece)))
      .filter((piece) => piece !== "")
      .map((piece) => ({ text: piece, where: `${file}:${i + 1}` }));
  });
}

function withoutComment(text: string): string {
  const hash = text.indexOf("#");
  return hash < 0 ? text : text.slice(0, hash);
}

function parseMachine({ text, where }: Entry, version: NixVersion): Result<Machine> {
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
  if (!atLeast(version, 2, 20)) {
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
