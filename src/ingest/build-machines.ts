// NixOS's option `nix.buildMachines` as JSON (`nix eval --json …config.nix.buildMachines`) → the text of the machines
// file that NixOS would write, so that one grammar reads both. Rule: nixpkgs nix-remote-build.nix, reference 4.3.
import * as z from "zod";
import { fail, type Fault, fault, ok, type Result, suggest } from "#base/fault.js";

const word = z.string().regex(/^[^\s;#]+$/, "expected text without spaces, ; or #");
const wordList = z.array(word.regex(/^[^,]+$/, "expected text without commas"));

const FIELDS = {
  hostName: word,
  protocol: word.nullable(),
  sshUser: word.nullable(),
  system: word.nullable(),
  systems: wordList,
  sshKey: word.nullable(),
  maxJobs: z.int().nonnegative(),
  speedFactor: z.number().nonnegative(),
  supportedFeatures: wordList,
  mandatoryFeatures: wordList,
  publicHostKey: word.nullable(),
} as const;

const MACHINE = z.strictObject(FIELDS).partial().required({ hostName: true });
type BuildMachine = z.infer<typeof MACHINE>;

/** `value` is the parsed JSON: a list of machines, or an object with that list under `buildMachines`. */
export function buildMachinesText(value: unknown, file: string): Result<string> {
  const list = isObject(value) && "buildMachines" in value ? value.buildMachines : value;
  if (!Array.isArray(list)) {
    return fail(
      fault(
        "input",
        file,
        "found no list, expected nix.buildMachines as a JSON list",
        "nix eval --json .#nixosConfigurations.HOST.config.nix.buildMachines",
      ),
    );
  }
  const lines: string[] = [];
  const faults: Fault[] = [];
  for (const [i, item] of list.entries()) {
    const checked = MACHINE.safeParse(item);
    if (checked.success) lines.push(lineOf(checked.data));
    else faults.push(...checked.error.issues.flatMap((issue) => faultsOf(issue, item, `${file} [${i}]`)));
  }
  return faults.length > 0 ? fail(...faults) : ok(lines.join("\n"));
}

function lineOf(machine: BuildMachine): string {
  const { protocol = "ssh", sshUser, systems = [], supportedFeatures = [], mandatoryFeatures = [] } = machine;
  const orDash = (text: string | null | undefined) => (text === "" || text === null || text === undefined ? "-" : text);
  return [
    `${protocol === null ? "" : `${protocol}://`}${sshUser === null || sshUser === undefined ? "" : `${sshUser}@`}${machine.hostName}`,
    orDash(machine.system ?? systems.join(",")),
    orDash(machine.sshKey),
    String(machine.maxJobs ?? 1),
    factor(machine.speedFactor ?? 1),
    orDash([...supportedFeatures, ...mandatoryFeatures].join(",")),
    orDash(mandatoryFeatures.join(",")),
    orDash(machine.publicHostKey),
  ].join(" ");
}

/** Nix's toString: a float has six decimals, which Nix before 2.20 cannot read. */
function factor(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6);
}

function faultsOf(issue: z.core.$ZodIssue, item: unknown, where: string): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      fault("input", `${where}.${key}`, "found an unknown option of nix.buildMachines", suggest(key, Object.keys(FIELDS))),
    );
  }
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], item);
  return [fault("input", [where, ...issue.path.map(String)].join("."), `found ${JSON.stringify(found) ?? "nothing"}: ${issue.message}`)];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
