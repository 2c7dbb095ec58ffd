// Hosts as the probe tells of them, for tests of what is made of it: a good one, with whatever a test changes.
import type { ProbedHost } from "#model/probed-host.js";

export function probed(name: string, changes: Partial<ProbedHost> = {}): ProbedHost {
  return {
    name,
    destination: `root@${name}`,
    steps: [{ step: "connect", verdict: "ok", what: "", words: "", hint: "" }],
    ssh: { hostname: name, port: 22, user: "root", connectTimeout: 5, aliveInterval: 15, aliveCountMax: 3 },
    identity: { node: name, client: "10.0.0.1", server: `10.0.0.${name.length} 22` },
    hardware: {
      kernel: "Linux",
      machine: "x86_64",
      processors: 8,
      load: 0.1,
      memoryBytes: 16 * 2 ** 30,
      diskBytes: 2 ** 40,
      diskFreeBytes: 2 ** 39,
      inodesFree: 1e6,
    },
    nix: {
      version: "2.26.3",
      protocol: "2.8",
      system: "x86_64-linux",
      extraPlatforms: [],
      features: ["benchmark"],
      maxJobs: 4,
      cores: 2,
      daemon: true,
    },
    systems: [{ system: "x86_64-linux", builds: true, emulated: false, slowdown: null }],
    features: ["benchmark"],
    speed: { single: 1.5, worth: 7.9 },
    link: { connect: 0.2, roundTrip: 0.001, down: 117.5e6, up: 62.5e6 },
    sessions: { tried: 2, opened: 2 },
    connections: { tried: 2, opened: 2 },
    ...changes,
  };
}
