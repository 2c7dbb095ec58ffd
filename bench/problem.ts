// The problem that ladder and floor share: n derivations with 3 inputs each, on 64 like hosts of 4 slots. Built straight
// into columns, from a fixed linear congruence, so that parsing and files stay out of the figures.
import type { Demand } from "#model/demand.js";
import type { Graph } from "#model/graph.js";
import type { Hosts } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";
import type { Tasks } from "#model/tasks.js";

export const HOSTS = 64;
export const SLOTS = 4;
const EDGES = 3;
/** Inputs lie at most this far behind: keeps some thousand derivations ready at once, as real graphs do. */
const REACH = 20_000;

/** Park and Miller 1988. */
export function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export function benchProblem(count: number, bytes: number): Problem {
  const roll = lehmer(20260823);
  const graph = layered(count, roll);
  return {
    graph,
    tasks: tasksOf(count, roll, bytes),
    hosts: hostsOf(),
    demand: demandOf(),
    transport: { route: "coordinator", closure: "direct", substitutable: null, substituterBandwidth: 0 },
    arrival: null,
    clients: [],
  };
}

function layered(count: number, roll: () => number): Graph {
  const predStart = new Int32Array(count + 1);
  const pred = new Int32Array(count * EDGES);
  const succStart = new Int32Array(count + 1);
  let edges = 0;
  for (let t = 0; t < count; t++) {
    const inputs =
      t < 256
        ? []
        : [...new Set(Array.from({ length: EDGES }, () => t - 1 - Math.floor(roll() * Math.min(t, REACH))))].sort((a, b) => a - b);
    for (const input of inputs) {
      pred[edges++] = input;
      succStart[input + 1]!++;
    }
    predStart[t + 1] = edges;
  }
  for (let t = 0; t < count; t++) succStart[t + 1]! += succStart[t]!;
  const fill = Int32Array.from(succStart);
  const succ = new Int32Array(edges);
  for (let t = 0; t < count; t++) for (let e = predStart[t]!; e < predStart[t + 1]!; e++) succ[fill[pred[e]!]!++] = t;
  const names = Array.from({ length: count }, (_, t) => `package-${t}-1.0`);
  return {
    count,
    names,
    keys: names,
    nameRank: Int32Array.from({ length: count }, (_, t) => t),
    goalRank: Int32Array.from({ length: count }, (_, t) => t),
    level: new Int32Array(count),
    succStart,
    succ,
    predStart,
    pred: pred.slice(0, edges),
    predBytes: null,
    root: new Uint8Array(count).map((_, t) => (succStart[t] === succStart[t + 1] ? 1 : 0)),
    fileIndex: Int32Array.from({ length: count }, (_, t) => t),
  };
}

function tasksOf(count: number, roll: () => number, bytes: number): Tasks {
  const column = (value: number): Float64Array => new Float64Array(count).fill(value);
  return {
    work: Float64Array.from({ length: count }, () => 1 + Math.floor(roll() * 600)),
    maxCores: Float64Array.from({ length: count }, () => 1 + Math.floor(roll() * 8)),
    serial: column(0.05),
    memoryBytes: column(0),
    outputBytes: column(bytes),
    sourceBytes: column(0),
    seconds: column(Number.NaN),
    cpu: column(1),
    fetch: new Uint8Array(count),
    preferLocal: new Uint8Array(count),
    classOf: new Int32Array(count),
    provenance: new Uint8Array(count),
    cv: column(0),
  };
}

function hostsOf(): Hosts {
  const count = HOSTS + 1;
  const column = (value: number): Float64Array => new Float64Array(count).fill(value);
  return {
    count,
    names: Array.from({ length: count }, (_, h) => `host-${h}`),
    uris: Array.from({ length: count }, (_, h) => `ssh://host-${h}`),
    cores: column(8),
    speed: column(1),
    maxJobs: new Int32Array(count).fill(SLOTS).fill(0, 0, 1),
    coresPerBuild: column(8),
    speedFactor: column(1),
    memoryBytes: column(Number.POSITIVE_INFINITY),
    up: column(125e6),
    down: column(125e6),
    latency: column(0),
    connect: column(0),
    connectCpu: column(0),
    queueing: column(0),
    connectTimeout: column(0),
    internet: column(125e6),
    price: column(0),
    wattsIdle: column(0),
    wattsBusy: column(0),
    outages: [],
    machines: null,
    uncertain: null,
  };
}

function demandOf(): Demand {
  return {
    classes: 1,
    hosts: HOSTS + 1,
    slowdown: new Float64Array(HOSTS + 1).fill(1),
    slowdownCv: null,
    denied: new Uint8Array(HOSTS + 1),
    labels: ["x86_64-linux"],
    systems: ["x86_64-linux"],
    workloads: [""],
    features: [[]],
    rows: null,
  };
}
