// Tiny worlds, one per thing that a policy may trip over. Each is a problem small enough to be checked instant by instant.
import { pick, stream } from "#base/random.js";
import type { Problem } from "#model/problem.js";
import { type HostSketch, problemOf, type Sketch, type TaskSketch } from "../problem.js";

export interface Animal {
  readonly name: string;
  readonly problem: Problem;
  /** Builds may be lost with their host: then dependents fail under conducts that do not try again. */
  readonly lossy?: true;
}

const MB = 1e6;

/** A coordinator that builds, and three unequal builders. */
const FLEET: readonly HostSketch[] = [
  { name: "ai", cores: 4, speed: 1.6, maxJobs: 2, coresPerBuild: 4, up: 20 * MB, down: 20 * MB, internet: 10 * MB },
  {
    name: "a",
    cores: 4,
    speed: 1.2,
    maxJobs: 3,
    coresPerBuild: 4,
    connect: 0.2,
    latency: 0.002,
    up: 8 * MB,
    down: 9 * MB,
    internet: 5 * MB,
  },
  {
    name: "b",
    cores: 2,
    speed: 1,
    maxJobs: 2,
    coresPerBuild: 2,
    speedFactor: 2,
    connect: 0.25,
    latency: 0.001,
    up: 4 * MB,
    down: 5 * MB,
    internet: 5 * MB,
  },
  { name: "c", cores: 2, speed: 1.3, maxJobs: 1, coresPerBuild: 1, connect: 0.3, up: 2 * MB, down: 3 * MB, internet: 2 * MB },
];

/** The fleet with changes by name; `maxJobs: 0` on the coordinator is what -j0 is. */
function fleet(changes: Readonly<Record<string, Partial<HostSketch>>> = {}): HostSketch[] {
  return FLEET.map((host) => ({ ...host, ...changes[host.name] }));
}

function animal(name: string, tasks: readonly TaskSketch[], more: Partial<Sketch> = {}, lossy = false): Animal {
  const problem = problemOf({ tasks, hosts: fleet(), ...more });
  return lossy ? { name, problem, lossy } : { name, problem };
}

const letters = (count: number): string[] => Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i));

/** A layered graph of drawn shape; `extra` adds to each task. */
function drawn(seed: number, count: number, extra: (roll: () => number, t: number) => Partial<TaskSketch>): TaskSketch[] {
  const roll = stream(seed, "zoo");
  return Array.from({ length: count }, (_, t) => ({
    name: `d${String(pick(roll, 90) + 10)}-${t}`,
    work: Math.round(roll() * 80) / 10,
    inputs: t === 0 ? [] : Array.from({ length: pick(roll, 4) }, () => pick(roll, t)),
    ...extra(roll, t),
  })).map(({ inputs, ...task }, _, all) => ({ ...task, needs: [...new Set(inputs)].map((input) => all[input]!.name) }));
}

const GRAHAM: TaskSketch[] = [3, 2, 2, 2, 4, 4, 4, 4, 9].map((seconds, i) => ({
  name: `t${i + 1}`,
  seconds,
  needs: i === 8 ? ["t1"] : i >= 4 ? ["t4"] : [],
}));

export const ZOO: readonly Animal[] = [
  animal("one task", [{ name: "only", work: 3 }]),
  animal(
    "chain",
    letters(6).map((name, i, all) => ({ name, seconds: 1.5, needs: i === 0 ? [] : [all[i - 1]!] })),
  ),
  animal("fork and join", [
    { name: "root", work: 2 },
    ...letters(9).map((name, i) => ({ name, work: 1 + i, needs: ["root"] })),
    { name: "zz", work: 1, needs: letters(9) },
  ]),
  animal("diamond", [
    { name: "top", work: 2, serial: 0.2 },
    { name: "left", work: 5, maxCores: 1, needs: ["top"] },
    { name: "right", work: 7, needs: ["top"] },
    { name: "bottom", seconds: 1, needs: ["left", "right"] },
  ]),
  animal(
    "in-tree",
    Array.from({ length: 15 }, (_, i) => ({ name: `n${i}`, seconds: 1 + (i % 3), needs: i < 7 ? [`n${2 * i + 1}`, `n${2 * i + 2}`] : [] })),
  ),
  animal("Graham's nine", GRAHAM),
  animal("builds of no length", [
    ...letters(8).map((name, i, all) => ({ name, seconds: i % 2 === 0 ? 0 : 1, needs: i < 3 ? [] : [all[i - 3]!] })),
    ...letters(5).map((name) => ({ name: `z-${name}`, work: 0, needs: [name] })),
  ]),
  animal(
    "two systems",
    drawn(2, 14, (roll) => ({ system: roll() < 0.5 ? "riscv64-linux" : "x86_64-linux" })),
    {
      hosts: fleet({
        ai: { systems: { "x86_64-linux": 1 } },
        a: { systems: { "x86_64-linux": 1 } },
        b: { systems: { "x86_64-linux": 1, "riscv64-linux": 8 } },
        c: { systems: { "riscv64-linux": 1 } },
      }),
    },
  ),
  animal(
    "features",
    drawn(3, 14, (roll) => ({ features: roll() < 0.3 ? ["big-parallel"] : roll() < 0.3 ? ["kvm"] : [] })),
    { hosts: fleet({ a: { features: ["big-parallel", "kvm"] }, b: { features: ["big-parallel"] }, c: { mandatory: ["kvm"] } }) },
  ),
  animal(
    "preferLocalBuild",
    drawn(4, 16, (roll) => ({ preferLocal: roll() < 0.4 })),
  ),
  animal(
    "preferLocalBuild, -j0",
    drawn(4, 16, (roll) => ({ preferLocal: roll() < 0.4 })),
    { hosts: fleet({ ai: { maxJobs: 0 } }) },
  ),
  animal(
    "memory",
    drawn(5, 16, (roll) => ({ memory: 1 + pick(roll, 7) })),
    { hosts: fleet({ ai: { memory: 8 }, a: { memory: 8 }, b: { memory: 5 }, c: { memory: 3 } }) },
  ),
  animal(
    "outputs that travel",
    drawn(6, 16, (roll) => ({ output: pick(roll, 6) * MB, source: pick(roll, 3) * MB })),
  ),
  animal(
    "outputs that travel straight",
    drawn(6, 16, (roll) => ({ output: pick(roll, 6) * MB, source: pick(roll, 3) * MB })),
    { transport: { route: "direct" } },
  ),
  animal(
    "outputs with all behind them",
    drawn(7, 16, (roll) => ({ output: pick(roll, 6) * MB })),
    { transport: { closure: "transitive" } },
  ),
  animal(
    "bytes on edges",
    letters(6).map((name) => ({ name, work: 3, output: 5 * MB })),
    {
      edges: [
        { from: "a", to: "c", bytes: 2 * MB },
        { from: "b", to: "c" },
        { from: "a", to: "d", bytes: 0 },
        { from: "c", to: "e" },
        { from: "d", to: "e", bytes: 7 * MB },
        { from: "a", to: "f" },
        { from: "d", to: "f" },
      ],
    },
  ),
  animal(
    "substitutes",
    drawn(8, 12, (roll) => ({ output: (1 + pick(roll, 6)) * MB })),
    { transport: { substitutable: Uint8Array.from({ length: 12 }, (_, t) => t % 2), substituterBandwidth: 4 * MB } },
  ),
  animal(
    "fetches",
    drawn(9, 18, (roll, t) => (t < 9 ? { fetch: true, source: (1 + pick(roll, 9)) * MB, output: MB } : { output: MB })),
  ),
  animal(
    "requests that arrive",
    drawn(10, 18, (roll) => ({ arrival: pick(roll, 4) * 3.5 })),
  ),
  animal(
    "a host that goes and comes back",
    drawn(11, 18, (roll) => ({ output: pick(roll, 4) * MB })),
    {
      hosts: fleet({
        a: { outages: [[2, 6]] },
        b: {
          outages: [
            [1, 1.5],
            [9, 10],
          ],
        },
      }),
    },
    true,
  ),
  animal(
    "everything at once",
    drawn(12, 30, (roll, t) => ({
      output: pick(roll, 4) * MB,
      memory: pick(roll, 4),
      serial: roll() / 2,
      maxCores: 1 + pick(roll, 4),
      preferLocal: roll() < 0.2,
      system: roll() < 0.3 ? "riscv64-linux" : "x86_64-linux",
      arrival: t % 7 === 0 ? 4 : 0,
    })),
    {
      hosts: fleet({
        ai: { systems: { "x86_64-linux": 1 }, memory: 8 },
        a: { systems: { "x86_64-linux": 1, "riscv64-linux": 6 }, memory: 5 },
        b: { systems: { "riscv64-linux": 1 }, memory: 5 },
      }),
    },
  ),
];
