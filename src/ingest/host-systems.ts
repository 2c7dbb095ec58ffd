// Which of the systems that a host offers it runs itself, and which through qemu-user: Nix's configuration does not
// say, so the family of the first one is taken as the host's own. Emulation figures are measured ones for qemu-user
// on an x86-64 host (gcc -O2, shell, floating point, memory copies); other processors get a plain factor.
import type { SystemFile } from "#model/fleet-file.js";

/** Wall time under qemu-user ÷ native, measured by us (qemu-user, one x86-64 host, median of 5). Fetching waits for the network. */
const EMULATED: Readonly<Record<string, SystemFile>> = {
  arm: { emulated: { compile: 11.8, shell: 11.6, float: 4.4, memory: 1.2, fetch: 1, test: 11.8 } },
  riscv: { emulated: { compile: 13.2, shell: 8.6, float: 8.8, memory: 1, fetch: 1, test: 13.2 } },
};
/** Not measured: about the median of published qemu-user builds. */
const EMULATED_OTHER: SystemFile = { emulated: 11 };

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
  const entries = real.map((system) => [system, family(system) === own ? "native" : (EMULATED[family(system)] ?? EMULATED_OTHER)] as const);
  return { systems: Object.fromEntries(entries), emulated };
}

function family(system: string): string {
  const processor = system.slice(0, system.lastIndexOf("-"));
  return FAMILIES.find(([pattern]) => pattern.test(processor))?.[1] ?? processor;
}
