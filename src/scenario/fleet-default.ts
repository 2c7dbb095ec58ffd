// What a fleet file may leave out, and what is then assumed. Each default is a figure that nobody gave for that fleet:
// using one adds a sentence to the assumptions that the report prints.

export interface FleetDefault<T> {
  readonly value: T;
  /** Coefficient of variation from site to site; absent: nobody knows. */
  readonly cv?: number;
  /** As the report says it: "link rate: 1 Gbit/s". */
  readonly says: string;
  readonly source: string;
}

const MBIT = 1e6 / 8;

export const FLEET_DEFAULTS = {
  speed: { value: 1, says: "processors as fast as the reference core", source: "assumed" },
  rate: { value: 1000 * MBIT, says: "link rate 1 Gbit/s", source: "a wired home or office network" },
  latency: { value: 0.0003, says: "latency 0.3 ms", source: "one switch between the hosts" },
  /** On four machines (scenarios/recorded/sites) 0.24 to 0.33 s with OpenSSH 9.2, 0.12 to 0.24 s with OpenSSH 10. */
  connect: { value: 0.235, cv: 0.4, says: "SSH connect 0.235 s, ± 40 %", source: "measured: Nix 2.8, OpenSSH 9.2, quiet machine" },
  internet: { value: 100 * MBIT, says: "internet 100 Mbit/s", source: "assumed" },
  memory: { value: Number.POSITIVE_INFINITY, says: "memory never short", source: "assumed" },
  /** Nix's default system-features of a machine without KVM. */
  coordinatorFeatures: {
    value: ["nixos-test", "benchmark", "big-parallel"],
    says: "features nixos-test, benchmark, big-parallel",
    source: "Nix's default system-features, kvm left out",
  },
  closure: {
    value: "direct",
    says: "only the outputs of direct dependencies travel",
    source: "assumed: runtime closures are not in the graph",
  },
} as const satisfies Readonly<Record<string, FleetDefault<unknown>>>;

/** Defaults that were used, by what they say, with the hosts they were used for. */
export class Ledger {
  private readonly uses = new Map<string, string[]>();

  use<T>(host: string, preset: FleetDefault<T>): T {
    const key = `${preset.says} (${preset.source})`;
    const hosts = this.uses.get(key);
    if (hosts === undefined) this.uses.set(key, [host]);
    else if (!hosts.includes(host)) hosts.push(host);
    return preset.value;
  }

  sentences(hostCount: number): string[] {
    return [...this.uses].map(
      ([says, hosts]) => `${hosts.length === hostCount && hostCount > 1 ? "all hosts" : hosts.join(", ")}: ${says}`,
    );
  }
}
