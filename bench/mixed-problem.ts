// A problem in which every policy has something to decide: three systems, hosts of different cores, speed, slots and
// links, some emulating what others build natively, outputs that travel, fetches. From a fixed congruence, no files.
import type { Demand } from "#model/demand.js";
import type { Hosts } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";
import { benchProblem, lehmer } from "./problem.js";

const SYSTEMS = ["x86_64-linux", "aarch64-linux", "riscv64-linux"];
const BUILDERS = 15;
const HOSTS = BUILDERS + 1;
const EMULATED = 9;

export function mixedProblem(count: number): Problem {
  const roll = lehmer(20261123);
  const base = benchProblem(count, 0);
  const column = (value: () => number): Float64Array => Float64Array.from({ length: count }, value);
  const fetch = Uint8Array.from({ length: count }, (_, t) => (base.graph.predStart[t] === base.graph.predStart[t + 1] ? 1 : 0));
  return {
    ...base,
    tasks: {
      ...base.tasks,
      outputBytes: column(() => 1e6 + Math.floor(roll() * 2e7)),
      sourceBytes: Float64Array.from(fetch, (isFetch) => (isFetch === 1 ? 1e6 + Math.floor(roll() * 2e7) : 0)),
      fetch,
      classOf: Int32Array.from({ length: count }, () => Math.floor(roll() * SYSTEMS.length)),
    },
    hosts: hostsOf(base.hosts, roll),
    demand: demandOf(),
  };
}

function hostsOf(like: Hosts, roll: () => number): Hosts {
  const column = (value: (host: number) => number): Float64Array => Float64Array.from({ length: HOSTS }, (_, h) => value(h));
  const cores = column(() => 4 * (1 + Math.floor(roll() * 4)));
  const links = column(() => 125e5 * (1 + Math.floor(roll() * 10)));
  return {
    ...like,
    count: HOSTS,
    names: like.names.slice(0, HOSTS),
    uris: like.uris.slice(0, HOSTS),
    cores,
    speed: column(() => 0.5 + Math.floor(roll() * 8) / 4),
    maxJobs: Int32Array.from({ length: HOSTS }, () => 2 + Math.floor(roll() * 4)),
    coresPerBuild: cores,
    speedFactor: column(() => 1 + Math.floor(roll() * 3)),
    memoryBytes: column(() => Number.POSITIVE_INFINITY),
    up: links,
    down: links,
    latency: column(() => 0.0003),
    connect: column((h) => (h === 0 ? 0 : 0.4)),
    internet: column(() => 125e5),
    price: column(() => 0),
    wattsIdle: column(() => 0),
    wattsBusy: column(() => 0),
  };
}

/** Host h builds system h mod 3 natively; every other host also emulates the rest. */
function demandOf(): Demand {
  const slowdown = new Float64Array(SYSTEMS.length * HOSTS).fill(1);
  const denied = new Uint8Array(SYSTEMS.length * HOSTS);
  for (let c = 0; c < SYSTEMS.length; c++) {
    for (let h = 0; h < HOSTS; h++) {
      if (h % SYSTEMS.length === c) continue;
      slowdown[c * HOSTS + h] = EMULATED;
      denied[c * HOSTS + h] = h % 2;
    }
  }
  return {
    classes: SYSTEMS.length,
    hosts: HOSTS,
    slowdown,
    slowdownCv: null,
    denied,
    labels: SYSTEMS,
    systems: SYSTEMS,
    workloads: SYSTEMS.map(() => "compile"),
    features: SYSTEMS.map(() => []),
    rows: null,
  };
}
