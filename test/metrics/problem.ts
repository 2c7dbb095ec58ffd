// Small problems for tests of metrics, from plain lists. Tasks must be given in topological order: ids are indices.
import type { Demand } from "#model/demand.js";
import type { Graph } from "#model/graph.js";
import type { Hosts } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";

export interface TaskSketch {
  readonly name?: string;
  readonly needs?: readonly number[];
  readonly work?: number;
  readonly maxCores?: number;
  readonly serial?: number;
  /** Wall seconds on any host, or by host. */
  readonly seconds?: number | readonly number[];
  readonly cpu?: number;
  readonly fetchBytes?: number;
  readonly memory?: number;
  readonly kind?: number;
  readonly arrival?: number;
  readonly provenance?: number;
}

export interface HostSketch {
  readonly name?: string;
  readonly cores?: number;
  readonly speed?: number;
  readonly maxJobs?: number;
  readonly memory?: number;
  readonly internet?: number;
  /** Reason index by class, 0 = may. */
  readonly denied?: readonly number[];
  readonly slowdown?: readonly number[];
}

export function problemOf(tasks: readonly TaskSketch[], hosts: readonly HostSketch[], classes = 1): Problem {
  const column = (value: (task: TaskSketch) => number): Float64Array => Float64Array.from(tasks, value);
  const hostColumn = (value: (host: HostSketch) => number): Float64Array => Float64Array.from(hosts, value);
  const count = tasks.length;
  return {
    graph: graphOf(tasks),
    tasks: {
      work: column((t) => t.work ?? 0),
      maxCores: column((t) => t.maxCores ?? Number.POSITIVE_INFINITY),
      serial: column((t) => t.serial ?? 0),
      memoryBytes: column((t) => t.memory ?? 0),
      outputBytes: new Float64Array(count),
      sourceBytes: column((t) => t.fetchBytes ?? 0),
      seconds: column((t) => (typeof t.seconds === "number" ? t.seconds : Number.NaN)),
      cpu: column((t) => t.cpu ?? 1),
      fetch: Uint8Array.from(tasks, (t) => (t.fetchBytes === undefined ? 0 : 1)),
      preferLocal: new Uint8Array(count),
      classOf: Int32Array.from(tasks, (t) => t.kind ?? 0),
      provenance: Uint8Array.from(tasks, (t) => t.provenance ?? 0),
      cv: new Float64Array(count),
    },
    hosts: hostsOf(hosts, hostColumn),
    demand: demandOf(tasks, hosts, classes),
    transport: { route: "coordinator", closure: "direct", substitutable: null, substituterBandwidth: 0 },
    arrival: tasks.some((t) => t.arrival !== undefined) ? column((t) => (t.arrival ?? 0) * 1e6) : null,
    clients: [],
  };
}

function hostsOf(hosts: readonly HostSketch[], column: (value: (host: HostSketch) => number) => Float64Array): Hosts {
  const zero = new Float64Array(hosts.length);
  const infinite = new Float64Array(hosts.length).fill(Number.POSITIVE_INFINITY);
  return {
    count: hosts.length,
    names: hosts.map((h, i) => h.name ?? `h${i}`),
    uris: hosts.map(() => ""),
    cores: column((h) => h.cores ?? 1),
    speed: column((h) => h.speed ?? 1),
    maxJobs: Int32Array.from(hosts, (h) => h.maxJobs ?? 1),
    coresPerBuild: column((h) => h.cores ?? 1),
    speedFactor: column(() => 1),
    memoryBytes: column((h) => h.memory ?? Number.POSITIVE_INFINITY),
    up: infinite,
    down: infinite,
    latency: zero,
    connect: zero,
    connectCpu: zero,
    queueing: zero,
    connectTimeout: zero,
    internet: column((h) => h.internet ?? Number.POSITIVE_INFINITY),
    price: zero,
    wattsIdle: zero,
    wattsBusy: zero,
    outages: [],
    machines: null,
    uncertain: null,
  };
}

function demandOf(tasks: readonly TaskSketch[], hosts: readonly HostSketch[], classes: number): Demand {
  const slowdown = new Float64Array(classes * hosts.length);
  const denied = new Uint8Array(classes * hosts.length);
  for (let c = 0; c < classes; c++) {
    for (const [h, host] of hosts.entries()) {
      slowdown[c * hosts.length + h] = host.slowdown?.[c] ?? 1;
      denied[c * hosts.length + h] = host.denied?.[c] ?? 0;
    }
  }
  const rowStart = [0];
  const rowHost: number[] = [];
  const rowSeconds: number[] = [];
  for (const task of tasks) {
    if (typeof task.seconds === "object") {
      for (const [h, wall] of task.seconds.entries()) {
        rowHost.push(h);
        rowSeconds.push(wall);
      }
    }
    rowStart.push(rowHost.length);
  }
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  return {
    classes,
    hosts: hosts.length,
    slowdown,
    slowdownCv: null,
    denied,
    labels: names,
    systems: names.map(() => "x86_64-linux"),
    workloads: names.map(() => ""),
    features: names.map(() => []),
    rows:
      rowHost.length === 0
        ? null
        : { rowStart: Int32Array.from(rowStart), rowHost: Int32Array.from(rowHost), rowSeconds: Float64Array.from(rowSeconds) },
  };
}

function graphOf(tasks: readonly TaskSketch[]): Graph {
  const count = tasks.length;
  const needs = tasks.map((t) => [...(t.needs ?? [])].sort((a, b) => a - b));
  const feeds: number[][] = tasks.map(() => []);
  const level = new Int32Array(count);
  for (const [t, inputs] of needs.entries()) {
    for (const input of inputs) {
      feeds[input]!.push(t);
      level[t] = Math.max(level[t]!, level[input]! + 1);
    }
  }
  const names = tasks.map((t, i) => t.name ?? `t${i}`);
  return {
    count,
    names,
    keys: names.map((name, i) => `${name}#${i}`),
    nameRank: Int32Array.from(names, (_, i) => i),
    goalRank: Int32Array.from(names, (_, i) => i),
    level,
    predStart: starts(needs),
    pred: Int32Array.from(needs.flat()),
    succStart: starts(feeds),
    succ: Int32Array.from(feeds.flat()),
    predBytes: null,
    root: Uint8Array.from(feeds, (list) => (list.length === 0 ? 1 : 0)),
    fileIndex: Int32Array.from(names, (_, i) => i),
  };
}

function starts(lists: readonly (readonly number[])[]): Int32Array {
  const starts = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) starts[i + 1] = starts[i]! + list.length;
  return starts;
}
