// Which of the systems that a host offers it runs itself, and which through qemu-user: Nix's configuration does not
// say, so the family of the first one is taken as the host's own. How much slower it emulates is left open: the defaults
// by kind of work, and that they are assumed, come in when the fleet is used (estimate/emulation).
import type { SystemFile } from "#model/fleet-file.js";

/** No figure of this host is known. */
const EMULATED: SystemFile = { emulated: {} };

const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(x86_64|i[3-6]86)/, "x86"],
  [/^(aarch64|arm)/, "arm"],
  [/^riscv/, "riscv"],
  [/^(powerpc|ppc)/, "powerpc"],
  [/^mips/, "mips"],
  [/^loongarch/, "loongarch"],
  [/^s390/, "s390"],
];

export interface HostSystems {
  readonly systems: Readonly<Record<string, SystemFile>>;
  /** Those assumed to be emulated. */
  readonly emulated: readonly string[];
}

/** `offered` in the order of the configuration; `builtin` runs anywhere and needs an entry only where it stands alone. */
export function systemsOf(offered: readonly string[]): HostSystems {
  const real = offered.filter((system) => system !== "builtin");
  if (real.length === 0) return { systems: { builtin: "native" }, emulated: [] };
  const own = family(real[0]!);
  const emulated = real.filter((system) => family(system) !== own);
  const entries = real.map((system) => [system, family(system) === own ? "native" : EMULATED] as const);
  return { systems: Object.fromEntries(entries), emulated };
}

function family(system: string): string {
  const processor = system.slice(0, system.lastIndexOf("-"));
  return FAMILIES.find(([pattern]) => pattern.test(processor))?.[1] ?? processor;
}
