// Made-up but coherent results for the tests of reports: a from-scratch system for three platforms on the book's fleet,
// placed by a tiny greedy scheduler, so that a trace has real phases, lanes and a critical chain. Same call, same data.
import { draw } from "#base/random.js";
import { BUILT, FAILED, Trace } from "#dispatch/trace.js";
import {
  BUSY_PARTS,
  type CompareResult,
  type CriticalStep,
  type HostUse,
  IDLE_CAUSES,
  type Ladder,
  type Ranked,
  type RunResult,
} from "#metrics/result.js";
import type { Problem } from "#model/problem.js";
import { lanes, phasesOf } from "#report/lanes.js";
import type { ReportInput } from "#report/report-input.js";

export interface SampleShape {
  /** Packages per system. */
  readonly packages: number;
  readonly systems: readonly string[];
  readonly hosts: readonly { readonly name: string; readonly slots: number; readonly cores: number; readonly speed: number }[];
}

export const BOOK: SampleShape = {
  packages: 60,
  systems: ["x86_64-linux", "aarch64-linux", "riscv64-linux"],
  hosts: [
    { name: "ai", slots: 20, cores: 14, speed: 1.6 },
    { name: "aquamarine", slots: 3, cores: 8, speed: 1.2 },
    { name: "ruby", slots: 2, cores: 6, speed: 1.1 },
    { name: "kana", slots: 2, cores: 8, speed: 1.3 },
  ],
};

const PACKAGES = [
  "binutils",
  "gcc-pass1",
  "linux-headers",
  "glibc",
  "libstdc++",
  "m4",
  "ncurses",
  "bash",
  "coreutils",
  "diffutils",
  "file",
  "findutils",
  "gawk",
  "grep",
  "gzip",
  "make",
  "patch",
  "sed",
  "tar",
  "xz",
  "gettext",
  "bison",
  "perl",
  "python",
  "texinfo",
  "util-linux",
  "openssl",
  "linux",
];

export function sampleProblem(shape: SampleShape = BOOK): Problem {
  const { systems, packages, hosts } = shape;
  const count = packages * systems.length;
  const systemOf = Array.from({ length: count }, (_, t) => t % systems.length);
  const names = systemOf.map((s, t) => {
    const k = Math.floor(t / systems.length);
    return `${PACKAGES[k % PACKAGES.length]}-${1 + (k % 7)}.${k % 23}${k >= PACKAGES.length ? `-stage${1 + Math.floor(k / PACKAGES.length)}` : ""}-${systems[s]!.split("-")[0]}`;
  });
  const pred: number[] = [];
  const predStart = new Int32Array(count + 1);
  for (let t = 0; t < count; t++) {
    const k = Math.floor(t / systems.length);
    if (k > 0) {
      const parents = new Set<number>();
      for (let i = 0; i < 2; i++) parents.add(Math.max(0, k - 1 - Math.floor(draw(7, "parent", names[t]!, i) * Math.min(k, 9))));
      for (const parent of [...parents].sort((a, b) => a - b)) pred.push(parent * systems.length + systemOf[t]!);
    }
    predStart[t + 1] = pred.length;
  }
  const order = names.map((_, t) => t).sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
  const nameRank = new Int32Array(count);
  order.forEach((t, rank) => {
    nameRank[t] = rank;
  });
  const big = (t: number): boolean => names[t]!.startsWith("gcc") || names[t]!.startsWith("linux-");
  const classes = systems.flatMap((system) => [
    { system, features: [] as string[] },
    { system, features: ["big-parallel"] },
  ]);
  const column = (of: (t: number) => number): Float64Array => Float64Array.from({ length: count }, (_, t) => of(t));
  const row = (of: (h: (typeof hosts)[number]) => number): Float64Array => Float64Array.from(hosts, of);
  return {
    graph: {
      count,
      names,
      keys: names.map((name, t) => `/nix/store/${String(t).padStart(32, "0")}-${name}.drv`),
      nameRank,
      goalRank: nameRank,
      level: new Int32Array(count),
      succStart: new Int32Array(count + 1),
      succ: new Int32Array(0),
      predStart,
      pred: Int32Array.from(pred),
      predBytes: null,
      root: new Uint8Array(count).fill(1),
      fileIndex: Int32Array.from(names, (_, t) => t),
    },
    tasks: {
      work: column((t) => (20 + 400 * draw(7, "work", names[t]!) ** 2) * (big(t) ? 12 : 1)),
      maxCores: column(() => 8),
      serial: column(() => 0.1),
      memoryBytes: column(() => 0),
      outputBytes: column((t) => Math.round(4e6 + 8e7 * draw(7, "size", names[t]!))),
      sourceBytes: column(() => 0),
      seconds: column(() => Number.NaN),
      cpu: column(() => 1),
      fetch: new Uint8Array(count),
      preferLocal: new Uint8Array(count),
      classOf: Int32Array.from(names, (_, t) => systemOf[t]! * 2 + (big(t) ? 1 : 0)),
      provenance: Uint8Array.from(names, (_, t) => (t % 5 === 0 ? 3 : 1)),
      cv: column(() => 0.47),
    },
    hosts: {
      count: hosts.length,
      names: hosts.map(({ name }) => name),
      uris: hosts.map(({ name }) => `ssh-ng://${name}`),
      cores: row(({ cores }) => cores),
      speed: row(({ speed }) => speed),
      maxJobs: Int32Array.from(hosts, ({ slots }) => slots),
      coresPerBuild: row(({ cores }) => cores),
      speedFactor: row(() => 1),
      memoryBytes: row(() => Number.POSITIVE_INFINITY),
      up: row(() => 125e6),
      down: row(() => 125e6),
      latency: row(() => 0.0003),
      connect: row(() => 0.4),
      connectCpu: row(() => 0),
      queueing: row(() => 0),
      connectTimeout: row(() => 0.4),
      internet: row(() => 12.5e6),
      price: row(() => 0),
      wattsIdle: row(() => 0),
      wattsBusy: row(() => 0),
      outages: [],
      machines: null,
      uncertain: null,
    },
    demand: {
      classes: classes.length,
      hosts: hosts.length,
      slowdown: Float64Array.from(classes.flatMap(({ system }) => hosts.map(() => (system.startsWith("x86") ? 1 : 8)))),
      slowdownCv: null,
      denied: new Uint8Array(classes.length * hosts.length),
      labels: classes.map(({ system, features }) => [system, "compile", ...features].join(" ")),
      systems: classes.map(({ system }) => system),
      workloads: classes.map(() => "compile"),
      features: classes.map(({ features }) => features),
      rows: null,
    },
    transport: { route: "coordinator", closure: "direct", substitutable: null, substituterBandwidth: 0 },
    arrival: null,
    clients: [],
  };
}

/** Greedy in order of ids: each task goes where it would end first. Every phase of an attempt has a length. */
export function sampleTrace(problem: Problem): { trace: Trace; critical: CriticalStep[] } {
  const { graph, tasks, hosts, demand } = problem;
  const trace = new Trace(graph.count);
  const slots = Array.from({ length: hosts.count }, (_, h) => ({
    h,
    free: new Float64Array(hosts.maxJobs[h]!),
    last: new Int32Array(hosts.maxJobs[h]!).fill(-1),
  }));
  const done = new Float64Array(graph.count);
  const rowOf = new Int32Array(graph.count);
  const before = new Int32Array(graph.count).fill(-1);
  for (let t = 0; t < graph.count; t++) {
    let ready = 0;
    let lastInput = -1;
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
      if (done[graph.pred[e]!]! > ready) {
        ready = done[graph.pred[e]!]!;
        lastInput = rowOf[graph.pred[e]!]!;
      }
    }
    const seconds = slots.map(
      ({ h }) => ((tasks.work[t]! * demand.slowdown[tasks.classOf[t]! * hosts.count + h]!) / hosts.speed[h]!) * 0.3,
    );
    const best = slots
      .map(({ h, free }) => ({ h, slot: free.indexOf(Math.min(...free)), at: Math.min(...free) }))
      .reduce((a, b) => (Math.max(ready, a.at) + seconds[a.h]! * 1e6 <= Math.max(ready, b.at) + seconds[b.h]! * 1e6 ? a : b));
    const host = slots[best.h]!;
    const asked = Math.max(ready, best.at);
    const r = trace.open(t, 0, best.h, best.slot, hosts.coresPerBuild[best.h]!, ready, asked);
    const remote = best.h === 0 ? 0 : 1;
    let at = asked;
    const step = (length: number): number => (at = Math.round(at + length * 1e6));
    trace.accepted[r] = step(0.42 * remote);
    trace.uploadFrom[r] = step(2 * remote * draw(7, "lock", graph.names[t]!));
    trace.uploaded[r] = step(20 * remote * draw(7, "upload", graph.names[t]!));
    trace.started[r] = step(0.05);
    trace.built[r] = step(seconds[best.h]!);
    trace.returned[r] = step((tasks.outputBytes[t]! / 12e6) * remote);
    trace.slotFreed[r] = at;
    trace.noticed[r] = step(0.02);
    trace.outcome[r] = BUILT;
    trace.bytesIn[r] = remote * 3 * tasks.outputBytes[t]!;
    trace.bytesOut[r] = remote * tasks.outputBytes[t]!;
    trace.coreSeconds[r] = seconds[best.h]! * 0.35 * 8 * draw(7, "cores", graph.names[t]!);
    before[r] = best.at > ready ? host.last[best.slot]! : lastInput;
    host.free[best.slot] = trace.slotFreed[r]!;
    host.last[best.slot] = r;
    rowOf[t] = r;
    done[t] = trace.noticed[r]!;
    trace.makespan = Math.max(trace.makespan, done[t]!);
  }
  return { trace, critical: criticalOf(problem, trace, before) };
}

function criticalOf(problem: Problem, trace: Trace, before: Int32Array): CriticalStep[] {
  const steps: CriticalStep[] = [];
  let row = 0;
  for (let r = 1; r < trace.rows; r++) if (trace.noticed[r]! > trace.noticed[row]!) row = r;
  let to = trace.makespan;
  while (row >= 0) {
    const from = before[row] === -1 ? 0 : trace.asked[row]!;
    steps.unshift({
      task: problem.graph.names[trace.task[row]!]!,
      row,
      host: problem.hosts.names[trace.host[row]!]!,
      phase: "build",
      because: before[row] === -1 ? "start" : trace.asked[row] === trace.ready[row] ? "input" : "slot",
      from: from / 1e6,
      to: to / 1e6,
    });
    to = from;
    row = before[row]!;
  }
  return steps;
}

/** Busy parts from the trace; idle time split by fixed weights, so that all parts fill slots × makespan. */
export function sampleHosts(problem: Problem, trace: Trace): HostUse[] {
  const bars = lanes(trace, problem);
  return problem.hosts.names.map((host, h) => {
    const busy = Object.fromEntries(BUSY_PARTS.map((part) => [part, 0])) as Record<(typeof BUSY_PARTS)[number], number>;
    let idle = (problem.hosts.maxJobs[h]! * trace.makespan) / 1e6;
    let builds = 0;
    let coreSeconds = 0;
    let bytesIn = 0;
    let bytesOut = 0;
    for (const bar of bars.filter((one) => one.host === h)) {
      builds++;
      coreSeconds += trace.coreSeconds[bar.row]!;
      bytesIn += trace.bytesIn[bar.row]!;
      bytesOut += trace.bytesOut[bar.row]!;
      for (const { part, from, to } of phasesOf(trace, bar)) {
        busy[part] += (to - from) / 1e6;
        idle -= (to - from) / 1e6;
      }
    }
    const weights: Record<string, number> = { dispatch: 0.06, postponed: 0.09, system: 0.02, feature: 0.03, end: 0.2 };
    const parts = Object.fromEntries(IDLE_CAUSES.map((cause) => [cause, (weights[cause] ?? 0) * idle])) as Record<
      (typeof IDLE_CAUSES)[number],
      number
    >;
    parts.waiting = 0.6 * idle;
    return {
      host,
      slots: problem.hosts.maxJobs[h]!,
      cores: problem.hosts.cores[h]!,
      builds,
      busy,
      idle: parts,
      waitedFor: [
        { task: "gcc-pass1-2.1-riscv64", seconds: 0.4 * idle },
        { task: "glibc-4.3-riscv64", seconds: 0.2 * idle },
      ],
      coreSeconds,
      coreSecondsUnused: coreSeconds * 0.8,
      coreLosses: { copying: coreSeconds * 0.2, "upload-lock": 0, overhead: 0, "max-cores": coreSeconds * 0.4, serial: coreSeconds * 0.2 },
      bytesIn,
      bytesOut,
    };
  });
}

const POLICIES = [
  { policy: "heft", factor: 1, conduct: "run" },
  { policy: "list[priority=critical-path,placement=earliest-finish]", factor: 1.004, conduct: "run" },
  { policy: "list[priority=longest,placement=locality]", factor: 1.09, conduct: "run" },
  { policy: "hydra-rust[step=critical-path,machine=speed,free=static]", factor: 1.12, conduct: "hydra-rust" },
  { policy: "local-first", factor: 1.21, conduct: "run" },
  { policy: "fastest-free", factor: 1.3, conduct: "run" },
  { policy: "nix", factor: 1.46, conduct: "nix" },
  { policy: "nix[version=2.8]", factor: 1.49, conduct: "nix" },
  { policy: "random", factor: 1.9, conduct: "run" },
] as const;

export function sampleCompare(problem: Problem, trace: Trace, fleets: readonly string[] = ["book"], worlds = 20): CompareResult {
  const base = trace.makespan / 1e6;
  const hosts = sampleHosts(problem, trace);
  const rows: Ranked[] = fleets
    .flatMap((fleet, f) => POLICIES.map((one) => ranked(one, fleet, base * (1 + 0.2 * f), hosts, worlds)))
    .sort((a, b) => fleets.indexOf(a.fleet) - fleets.indexOf(b.fleet) || a.makespan.mean - b.makespan.mean);
  return {
    schema: "drvfleet.compare/1",
    scenario: {
      name: "book",
      digest: "3f2a9c0d51e4",
      graph: "lfs-three-systems.json.gz",
      tasks: problem.graph.count,
      edges: problem.graph.pred.length,
      fetches: 0,
      systems: [...new Set(problem.demand.systems)],
    },
    version: "0.1.0",
    seeds: Array.from({ length: worlds }, (_, i) => i + 1),
    fleets,
    baseline: "nix",
    estimates: "default",
    ranking: rows,
    verdict: {
      winner: "heft",
      fleet: fleets[0]!,
      runnerUp: "list[priority=critical-path,placement=earliest-finish]",
      insideNoise: worlds > 1,
      sentences: [
        "heft finishes first on book, 32 % sooner than nix (29–34 %).",
        "It is inside the noise of list[priority=critical-path,placement=earliest-finish]: take either.",
        "Of its gap to the bound, order and placement are the largest part.",
      ],
    },
    guessed: { criticalPath: 0.22, work: 0.2, tasks: 0.2 },
    assumptions: ["ai: 14 cores, speed 1.6 (i5-13600KF), assumed", "conduct run: 0.42 s per build, assumed, not measured"],
    warnings: ["riscv64-linux is emulated on every host"],
  };
}

function ranked(one: (typeof POLICIES)[number], fleet: string, base: number, hosts: readonly HostUse[], worlds: number): Ranked {
  const mean = base * one.factor;
  const ladder: Ladder = {
    bound: base * 0.81,
    order: mean * 0.07,
    transfers: base * 0.02,
    estimates: one.policy === "heft" ? -base * 0.011 : base * 0.03,
    conduct: 0,
  };
  const conduct = mean - ladder.bound - ladder.order - ladder.transfers - ladder.estimates;
  const many = worlds > 1;
  const scale = one.factor / 1.46;
  return {
    policy: one.policy,
    fleet,
    conduct: one.conduct,
    conductMeasured: one.conduct !== "run",
    makespan: {
      mean,
      p5: mean * (many ? 0.93 : 1),
      p50: mean * (many ? 0.99 : 1),
      p95: mean * (many ? 1.09 : 1),
      min: mean * (many ? 0.9 : 1),
      max: mean * (many ? 1.14 : 1),
    },
    interval: many ? { low: mean * 0.982, high: mean * 1.023 } : null,
    unbuilt: 0,
    ratio:
      one.policy === "nix"
        ? null
        : {
            mean: scale,
            interval: many ? { low: scale * 0.97, high: scale * 1.025 } : null,
            insideNoise: many && one.policy === "nix[version=2.8]",
          },
    probabilityBest: one.policy === "heft" ? 0.61 : one.factor === 1.004 ? 0.39 : 0,
    worldsWon: one.policy === "heft" ? 0.55 : one.factor === 1.004 ? 0.45 : 0,
    ladder: { ...ladder, conduct },
    boundRatio: mean / ladder.bound,
    utilization: 0.62 / one.factor,
    bytesMoved: 3.2e9 * one.factor,
    hosts: one.policy === "heft" ? hosts : hosts.map((use) => shifted(use, one.factor)),
  };
}

/** The same builds in a longer run: all that is added is waiting and dispatch. */
function shifted(use: HostUse, factor: number): HostUse {
  const total = [...Object.values(use.busy), ...Object.values(use.idle)].reduce((a, b) => a + b, 0);
  const more = total * (factor - 1);
  return { ...use, idle: { ...use.idle, dispatch: use.idle.dispatch + more * 0.4, waiting: use.idle.waiting + more * 0.6 } };
}

export function sampleInput(shape: SampleShape = BOOK, fleets: readonly string[] = ["book"], worlds = 20): ReportInput {
  const problem = sampleProblem(shape);
  const { trace, critical } = sampleTrace(problem);
  const compare = sampleCompare(problem, trace, fleets, worlds);
  const winner = compare.ranking[0]!;
  return {
    compare,
    detail: { run: sampleRun(winner, trace.makespan / 1e6, trace.rows), problem, trace, critical },
    whatIf: [
      { label: "one more kana", makespan: winner.makespan.mean * 0.91, ratio: 0.91 },
      { label: "riscv64-linux native on kana", makespan: winner.makespan.mean * 0.44, ratio: 0.44 },
      { label: "coordinator link 2.5 Gbit/s", makespan: winner.makespan.mean * 0.998, ratio: 0.998 },
      { label: "one more slot on every builder", makespan: winner.makespan.mean * 1.02, ratio: 1.02 },
    ],
    foretold: null,
    modelError: { makespan: 0.043, source: "mixed44, wide42 (Nix 2.8, 18 runs)" },
  };
}

export function sampleRun(winner: Ranked, makespan: number, built: number): RunResult {
  return {
    policy: winner.policy,
    fleet: winner.fleet,
    seed: 1,
    makespan,
    ladder: winner.ladder,
    built,
    failed: 0,
    hosts: winner.hosts,
    digest: "9b1c44d0a7e2",
  };
}

/** A trace of three attempts, one failed and retried, with unknown stages. */
export function tinyTrace(): { problem: Problem; trace: Trace } {
  const problem = sampleProblem({
    packages: 2,
    systems: ["x86_64-linux"],
    hosts: [
      { name: "ai", slots: 1, cores: 4, speed: 1 },
      { name: "kana", slots: 1, cores: 4, speed: 1 },
    ],
  });
  const trace = new Trace(3);
  const failed = trace.open(0, 0, 1, 0, 4, 0, 1e6);
  trace.outcome[failed] = FAILED;
  trace.accepted[failed] = 1.25e6;
  trace.slotFreed[failed] = 3e6;
  const again = trace.open(0, 1, 1, 0, 4, 3e6, 4e6);
  trace.outcome[again] = BUILT;
  trace.accepted[again] = 4.5e6;
  trace.started[again] = 6e6;
  trace.built[again] = 16e6;
  trace.returned[again] = 17.5e6;
  trace.slotFreed[again] = 17.5e6;
  trace.noticed[again] = 17.6e6;
  trace.bytesIn[again] = 1000;
  trace.bytesOut[again] = 2048;
  trace.coreSeconds[again] = 32.5;
  const last = trace.open(1, 0, 0, 0, 4, 17.6e6, 17.6e6);
  trace.outcome[last] = BUILT;
  trace.accepted[last] = 17.6e6;
  trace.started[last] = 17.6e6;
  trace.built[last] = 20e6;
  trace.slotFreed[last] = 20e6;
  trace.noticed[last] = 20.000001e6;
  trace.spans.push({ kind: "postponed", host: -1, task: 0, from: 0, to: 1e6 });
  trace.spans.push({ kind: "down", host: 0, task: -1, from: 2e6, to: 5e6 });
  trace.makespan = 20.000001e6;
  return { problem, trace };
}
