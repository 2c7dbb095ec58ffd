// The configuration that follows from a fleet: `/etc/nix/machines`, and NixOS's `nix.buildMachines`. speedFactor is made of
// the speeds: the slowest is 1, rounded as the coordinator's Nix can read it. Text only. Rule: reference sections 4.1, 4.3.
import type { HostFile } from "#model/fleet-file.js";
import { atLeast, type NixVersion } from "#model/nix-version.js";

export interface MachinesInput {
  readonly builders: readonly HostFile[];
  /** The coordinator's Nix; before 2.20 it reads whole speed factors only. */
  readonly version: NixVersion;
  /** Hosts that are left out, and why. */
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

export function machinesText(input: MachinesInput): string {
  const factors = speedFactors(input);
  const lines = input.builders.map((host, b) => {
    const uri = host.uri ?? `ssh://${host.name}`;
    return [
      uri,
      list(Object.keys(host.systems)),
      "-",
      host.maxJobs,
      factors[b],
      list(host.features),
      list(host.mandatoryFeatures),
      "-",
    ].join(" ");
  });
  return [...lines, ...leftOut(input)].map((line) => `${line}\n`).join("");
}

/** A module for configuration.nix: what the machines file says, in NixOS's words. */
export function buildMachinesText(input: MachinesInput): string {
  const factors = speedFactors(input);
  const machines = input.builders.map((host, b) => {
    const { protocol, user, name, key, publicKey } = partsOf(host);
    const fields: readonly (readonly [string, string])[] = [
      ["hostName", nixString(name)],
      ["protocol", nixString(protocol)],
      ...(user === "" ? [] : [["sshUser", nixString(user)] as const]),
      ...(key === "" ? [] : [["sshKey", nixString(key)] as const]),
      ...(publicKey === "" ? [] : [["publicHostKey", nixString(publicKey)] as const]),
      ["systems", nixList(Object.keys(host.systems))],
      ["maxJobs", String(host.maxJobs)],
      ["speedFactor", String(factors[b])],
      // The module writes supportedFeatures ++ mandatoryFeatures into the first of the two fields.
      ["supportedFeatures", nixList((host.features ?? []).filter((feature) => !host.mandatoryFeatures?.includes(feature)))],
      ["mandatoryFeatures", nixList(host.mandatoryFeatures ?? [])],
    ];
    return ["    {", ...fields.map(([field, value]) => `      ${field} = ${value};`), "    }"].join("\n");
  });
  const fraction = factors.some((factor) => !Number.isInteger(factor));
  return [
    "{",
    "  nix.distributedBuilds = true;",
    ...(fraction ? ["  # nixpkgs before the middle of 2026 takes whole speed factors only"] : []),
    "  nix.buildMachines = [",
    ...machines,
    "  ];",
    ...leftOut(input).map((line) => `  ${line}`),
    "}",
    "",
  ].join("\n");
}

function speedFactors({ builders, version }: MachinesInput): number[] {
  const speeds = builders.map(({ speed }) => speed ?? 1);
  const slowest = Math.min(...speeds);
  const digits = atLeast(version, "2.20") ? 10 : 1;
  return speeds.map((speed) => Math.round((speed / slowest) * digits) / digits);
}

/** No semicolon: Nix before 2.29 would take what stands behind it for a machine. */
function leftOut({ left }: MachinesInput): string[] {
  return left.map(({ name, why }) => `# ${name} is left out: ${why}`.replace(/[;\n]/g, ","));
}

function list(words: readonly string[] = []): string {
  return words.length === 0 ? "-" : words.join(",");
}

interface Parts {
  readonly protocol: string;
  readonly user: string;
  readonly name: string;
  readonly key: string;
  readonly publicKey: string;
}

/** What NixOS wants apart; parameters that it has no option for stay with the name, where Nix finds them. */
function partsOf(host: HostFile): Parts {
  const match = /^([A-Za-z][\w+.-]*):\/\/(?:([^@/]*)@)?([^?]*)(?:\?(.*))?$/.exec(host.uri ?? `ssh://${host.name}`);
  if (match === null) return { protocol: "ssh", user: "", name: host.uri ?? host.name, key: "", publicKey: "" };
  const params = (match[4] ?? "").split("&").filter((pair) => pair !== "");
  const value = (name: string) => {
    const pair = params.find((candidate) => candidate.startsWith(`${name}=`));
    return pair === undefined ? "" : decodeURIComponent(pair.slice(name.length + 1));
  };
  const others = params.filter((pair) => !/^(ssh-key|base64-ssh-public-host-key)=/.test(pair));
  return {
    protocol: match[1]!,
    user: match[2] ?? "",
    name: `${match[3]!}${others.length === 0 ? "" : `?${others.join("&")}`}`,
    key: value("ssh-key"),
    publicKey: value("base64-ssh-public-host-key"),
  };
}

function nixString(text: string): string {
  return `"${text.replace(/["\\]|\$\{/g, (special) => `\\${special}`)}"`;
}

function nixList(words: readonly string[]): string {
  return words.length === 0 ? "[ ]" : `[ ${words.map(nixString).join(" ")} ]`;
}
