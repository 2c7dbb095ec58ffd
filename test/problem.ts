// Problems for tests from short sketches: tasks by name, hosts in order (the first is the coordinator), edges by name.
// Fills what a compiled scenario would fill, by the same rules: ids by level, then name bytes; denials by class.
import { compareText } from "#base/order.js";
import { type HostId, micros } from "#base/units.js";
import { DENIALS, type Demand } from "#model/demand.js";
import type { Graph } from "#model/graph.js";
import { arrivalOf, clientsOf } from "#scenario/requests.js";
import type { Hosts, Machines } from "#model/hosts.js";
import type { Problem, Transport } from "#model/problem.js";

export interface TaskSketch {
  readonly name: string;
  readonly needs?: readonly string[];
  /** Wall seconds on any host, or by host name. */
  readonly seconds?: number | Readonly<Record<string, number>>;
  readonly cpu?: number;
  readonly work?: number;
  readonly maxCores?: number;
  readonly serial?: number;
  readonly memory?: number;
  readonly output?: number;
  readonly source?: number;
  readonly fetch?: boolean;
  readonly preferLocal?: boolean;
  readonly system?: string;
  readonly features?: readonly string[];
  /** Seconds. */
  readonly arrival?: number;
  readonly root?: boolean;
  readonly cv?: number;
}

export interface MachineSketch {
  readonly cores: number;
  readonly workCv?: number;
  readonly shareCv?: number;
  readonly contention?: number;
}

export interface HostSketch {
  readonly name: string;
  readonly cores?: number;
  readonly speed?: number;
  readonly maxJobs?: number;
  readonly coresPerBuild?: number;
  readonly speedFactor?: number;
  readonly memory?: number;
  readonly up?: number;
  readonly down?: number;
  readonly latency?: number;
  readonly connect?: number;
  readonly connectCpu?: number;
  readonly queueing?: number;
  /** Name of the machine that it is on. */
  readonly on?: string;
  /** Of a core of that machine. Absent: its speed. */
  readonly share?: number;
  readonly copyUp?: number;
  readonly copyDown?: number;
  readonly connectTimeout?: number;
  readonly internet?: number;
  /** Slowdown by system, 1 = native; absent = every system is native. */
  readonly systems?: Readonly<Record<string, number>>;
  readonly features?: readonly string[];
  readonly mandatory?: readonly string[];
  /** [from, to] in seconds. */
  readonly outages?: readonly (readonly [number, number])[];
}

export interface EdgeSketch {
  readonly from: string;
  readonly to: string;
  readonly bytes?: number;
}

/** Requests of one client: names of tasks, seconds. */
export interface ClientSketch {
  readonly name: string;
  readonly roots: readonly string[];
  readonly at?: number;
}

export interface Sketch {
  readonly tasks: readonly TaskSketch[];
  readonly edges?: readonly EdgeSketch[];
  readonly hosts: readonly HostSketch[];
  readonly transport?: Partial<Transport>;
  /** By name, of speed 1; a number is its cores. */
  readonly machines?: Readonly<Record<string, MachineSketch | number>>;
  /** Absent: one client asks for everything at 0. */
  readonly clients?: readonly ClientSketch[];
}

export function problemOf(sketch: Sketch): Problem {
  const edges = [
    ...sketch.tasks.flatMap((task) => (task.needs ?? []).map((from) => ({ from, to: task.name }) as EdgeSketch)),
    ...(sketch.edges ?? []),
  ];
  const { graph, order } = graphOf(asRequested(sketch), edges);
  const column = (value: (task: TaskSketch) => number): Float64Array => Float64Array.from(order, value);
  const { demand, classOf } = demandOf(order, sketch.hosts);
  return {
    graph,
    tasks: {
      work: column((t) => t.work ?? 0),
      maxCores: column((t) => t.maxCores ?? Number.POSITIVE_INFINITY),
      serial: column((t) => t.serial ?? 0),
      memoryBytes: column((t) => t.memory ?? 0),
      outputBytes: column((t) => t.output ?? 0),
      sourceBytes: column((t) => t.source ?? 0),
      seconds: column((t) => (typeof t.seconds === "number" ? t.seconds : Number.NaN)),
      cpu: column((t) => t.cpu ?? 1),
      fetch: Uint8Array.from(order, (t) => (t.fetch ? 1 : 0)),
      preferLocal: Uint8Array.from(order, (t) => (t.preferLocal ? 1 : 0)),
      classOf,
      provenance: new Uint8Array(order.length),
      cv: column((t) => t.cv ?? 0),
    },
    hosts: {
      ...hostsOf(sketch.hosts),
      machines: sketch.machines === undefined ? null : machinesOf(sketch.hosts, sketch.machines),
      uncertain: null,
    },
    demand,
    transport: { route: "coordinator", closure: "direct", substitutable: null, substituterBandwidth: 0, ...sketch.transport },
    ...requestsOf(graph, sketch.clients ?? [], order.some((t) => t.arrival !== undefined) ? column((t) => micros(t.arrival ?? 0)) : null),
  };
}

/** What clients ask for by name is what is requested, nothing else. */
function asRequested({ tasks, clients }: Sketch): readonly TaskSketch[] {
  if (clients === undefined || clients.length === 0) return tasks;
  const roots = new Set(clients.flatMap((client) => client.roots));
  return tasks.map((task) => ({ ...task, root: roots.has(task.name) }));
}

function requestsOf(graph: Graph, clients: readonly ClientSketch[], arrival: Float64Array | null): Pick<Problem, "arrival" | "clients"> {
  if (clients.length === 0) return { arrival, clients: [] };
  const wanted = clients.map(({ name, roots, at = 0 }) => {
    const own = roots.map((root) => [graph.fileIndex[graph.names.indexOf(root)]!, at] as const);
    return [name, new Map(own)] as const;
  });
  const all = new Map<number, number>();
  for (const [, own] of wanted) for (const [root, at] of own) all.set(root, Math.min(at, all.get(root) ?? Number.POSITIVE_INFINITY));
  return { arrival: arrivalOf(graph, all), clients: clientsOf(graph, new Map(wanted), true) };
}

export function taskNamed(problem: Problem, name: string): number {
  const task = problem.graph.names.indexOf(name);
  if (task < 0) throw new Error(`no task ${name}`);
  return task;
}

export function hostNamed(problem: Problem, name: string): HostId {
  const host = problem.hosts.names.indexOf(name);
  if (host < 0) throw new Error(`no host ${name}`);
  return host as HostId;
}

function graphOf(tasks: readonly TaskSketch[], edges: readonly EdgeSketch[]): { graph: Graph; order: TaskSketch[] } {
  const level = new Map<string, number>();
  const inputs = new Map<string, string[]>(tasks.map((task) => [task.name, []]));
  for (const edge of edges) inputs.get(edge.to)!.push(edge.from);
  const levelOf = (name: string): number => {
    const known = level.get(name);
    if (known !== undefined) return known;
    const own = inputs.get(name)!.reduce((most, input) => Math.max(most, levelOf(input) + 1), 0);
    level.set(name, own);
    return own;
  };
  const order = [...tasks].sort((a, b) => levelOf(a.name) - levelOf(b.name) || compareText(a.name, b.name));
  const goals = [...tasks].sort((a, b) => compareText(`${a.name}.drv`, `${b.name}.drv`));
  const goalRank = new Map(goals.map((task, r) => [task.name, r]));
  const id = new Map(order.map((task, t) => [task.name, t]));
  const byName = [...tasks].sort((a, b) => compareText(a.name, b.name));
  const rank = new Map(byName.map((task, r) => [task.name, r]));
  const sorted = edges
    .map((edge) => ({ from: id.get(edge.from)!, to: id.get(edge.to)!, bytes: edge.bytes ?? Number.NaN }))
    .sort((a, b) => a.to - b.to || a.from - b.from);
  const forward = [...sorted].sort((a, b) => a.from - b.from || a.to - b.to);
  const isInput = new Set(sorted.map((edge) => edge.from));
  const graph: Graph = {
    count: order.length,
    names: order.map((task) => task.name),
    keys: order.map((task) => task.name),
    nameRank: Int32Array.from(order, (task) => rank.get(task.name)!),
    goalRank: Int32Array.from(order, (task) => goalRank.get(task.name)!),
    level: Int32Array.from(order, (task) => levelOf(task.name)),
    predStart: starts(
      order.length,
      sorted.map((edge) => edge.to),
    ),
    pred: Int32Array.from(sorted, (edge) => edge.from),
    succStart: starts(
      order.length,
      forward.map((edge) => edge.from),
    ),
    succ: Int32Array.from(forward, (edge) => edge.to),
    predBytes: sorted.some((edge) => edge.bytes === edge.bytes) ? Float64Array.from(sorted, (edge) => edge.bytes) : null,
    root: Uint8Array.from(order, (task, t) => ((task.root ?? !isInput.has(t)) ? 1 : 0)),
    fileIndex: Int32Array.from(order, (task) => tasks.indexOf(task)),
  };
  return { graph, order };
}

/** Starts of the groups of an ascending list of owners. */
function starts(count: number, owners: readonly number[]): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const owner of owners) starts[owner + 1]!++;
  for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
  return starts;
}

function machinesOf(hosts: readonly HostSketch[], given: Readonly<Record<string, MachineSketch | number>>): Machines {
  const names = Object.keys(given);
  const machines = Object.fromEntries(
    Object.entries(given).map(([name, one]) => [name, typeof one === "number" ? { cores: one } : one] as const),
  ) as Readonly<Record<string, MachineSketch>>;
  return {
    names,
    on: Int32Array.from(hosts, ({ on }) => (on === undefined ? -1 : names.indexOf(on))),
    cores: Float64Array.from(names, (name) => machines[name]!.cores),
    workCv: Float64Array.from(names, (name) => machines[name]!.workCv ?? 0),
    shareCv: Float64Array.from(names, (name) => machines[name]!.shareCv ?? 0),
    contention: Float64Array.from(names, (name) => machines[name]!.contention ?? 0),
    share: Float64Array.from(hosts, ({ speed = 1, share = speed }) => share),
    copyUp: Float64Array.from(hosts, ({ copyUp = Number.POSITIVE_INFINITY }) => copyUp),
    copyDown: Float64Array.from(hosts, ({ copyDown = Number.POSITIVE_INFINITY }) => copyDown),
  };
}

function hostsOf(hosts: readonly HostSketch[]): Omit<Hosts, "machines" | "uncertain"> {
  const column = (value: (host: HostSketch) => number): Float64Array => Float64Array.from(hosts, value);
  return {
    count: hosts.length,
    names: hosts.map((h) => h.name),
    uris: hosts.map((h) => `ssh://${h.name}`),
    cores: column((h) => h.cores ?? 1),
    speed: column((h) => h.speed ?? 1),
    maxJobs: Int32Array.from(hosts, (h) => h.maxJobs ?? 1),
    coresPerBuild: column((h) => h.coresPerBuild ?? h.cores ?? 1),
    speedFactor: column((h) => h.speedFactor ?? 1),
    memoryBytes: column((h) => h.memory ?? Number.POSITIVE_INFINITY),
    up: column((h) => h.up ?? Number.POSITIVE_INFINITY),
    down: column((h) => h.down ?? Number.POSITIVE_INFINITY),
    latency: column((h) => h.latency ?? 0),
    connect: column((h) => h.connect ?? 0),
    connectCpu: column((h) => h.connectCpu ?? 0),
    queueing: column((h) => h.queueing ?? 0),
    connectTimeout: column((h) => h.connectTimeout ?? 0.05),
    internet: column((h) => h.internet ?? Number.POSITIVE_INFINITY),
    price: column(() => 0),
    wattsIdle: column(() => 0),
    wattsBusy: column(() => 0),
    outages: hosts.flatMap((host, h) =>
      (host.outages ?? []).map(([from, to]) => ({ host: h as HostId, from: micros(from) as never, to: micros(to) as never })),
    ),
  };
}

function demandOf(tasks: readonly TaskSketch[], hosts: readonly HostSketch[]): { demand: Demand; classOf: Int32Array } {
  const labels: string[] = [];
  const kinds: { system: string; features: readonly string[] }[] = [];
  const classOf = Int32Array.from(tasks, (task) => {
    const kind = { system: task.system ?? "x86_64-linux", features: [...(task.features ?? [])].sort(compareText) };
    const label = [kind.system, ...kind.features].join(" ");
    if (!labels.includes(label)) {
      labels.push(label);
      kinds.push(kind);
    }
    return labels.indexOf(label);
  });
  const slowdown = new Float64Array(kinds.length * hosts.length).fill(1);
  const denied = new Uint8Array(kinds.length * hosts.length);
  for (const [c, { system, features }] of kinds.entries()) {
    for (const [h, host] of hosts.entries()) {
      const offered = [...(host.features ?? []), ...(host.mandatory ?? [])];
      const factor = host.systems === undefined ? 1 : host.systems[system];
      const at = c * hosts.length + h;
      slowdown[at] = factor ?? 1;
      if (factor === undefined) denied[at] = DENIALS.indexOf("system");
      else if (features.some((feature) => !offered.includes(feature))) denied[at] = DENIALS.indexOf("feature");
      else if ((host.mandatory ?? []).some((feature) => !features.includes(feature))) denied[at] = DENIALS.indexOf("mandatory");
    }
  }
  const demand: Demand = {
    classes: kinds.length,
    hosts: hosts.length,
    slowdown,
    slowdownCv: null,
    denied,
    labels,
    systems: kinds.map((kind) => kind.system),
    workloads: kinds.map(() => "compile"),
    features: kinds.map((kind) => kind.features),
    rows: rowsOf(tasks, hosts),
  };
  return { demand, classOf };
}

function rowsOf(tasks: readonly TaskSketch[], hosts: readonly HostSketch[]): Demand["rows"] {
  if (!tasks.some((task) => typeof task.seconds === "object")) return null;
  const rowStart = [0];
  const rowHost: number[] = [];
  const rowSeconds: number[] = [];
  for (const { seconds } of tasks) {
    if (typeof seconds === "object") {
      for (const [h, host] of hosts.entries()) {
        if (seconds[host.name] === undefined) continue;
        rowHost.push(h);
        rowSeconds.push(seconds[host.name]!);
      }
    }
    rowStart.push(rowHost.length);
  }
  return { rowStart: Int32Array.from(rowStart), rowHost: Int32Array.from(rowHost), rowSeconds: Float64Array.from(rowSeconds) };
}
