// Scenario files for the tests of this folder: a fleet, a graph, a loader that reads from a table.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { emulationDefault } from "#estimate/emulation.js";
import { fillGraph } from "#estimate/fill.js";
import { compileAll } from "#scenario/compile.js";
import type { Compiled, Load, LoadedScenario } from "#scenario/compiled.js";
import type { Flags } from "#scenario/flags.js";
import { loadScenario } from "#scenario/load.js";
import type { Known } from "#scenario/normalize-scenario.js";

export const FLEET = `
schema: drvfleet.fleet/1
name: book
coordinator:
  name: ai
  cores: 14
  speed: 1.6
  maxJobs: 20
  systems: {x86_64-linux: native, riscv64-linux: {emulated: {compile: 12, shell: 11}}}
builders:
  - name: kana
    cores: 8
    speed: 1.3
    maxJobs: 2
    speedFactor: 2
    systems: {x86_64-linux: native, riscv64-linux: {emulated: 9.5}}
    features: [benchmark, big-parallel, kvm]
    memory: 16 GiB
    link: {up: 100 Mbit/s, down: 50 MB/s, latency: 2 ms, connect: 0.4 s}
    internet: 10 MiB/s
    outages: [{at: 10 min, for: 30 s}]
  - name: board
    cores: 4
    speed: 0.2
    maxJobs: 1
    systems: {riscv64-linux: native}
    mandatoryFeatures: [native]
`;

export const GRAPH = JSON.stringify({
  schema: "drvfleet.graph/1",
  name: "small",
  nodes: [
    { name: "src.tar.gz", system: "x86_64-linux", fixedOutput: true, sourceBytes: 1e6 },
    { name: "gcc-13", system: "x86_64-linux", work: 1000, serial: 0.1, maxCores: 8, outputBytes: 5e8 },
    { name: "linux-6.9", system: "riscv64-linux", work: 600, workload: "compile" },
    { name: "test-vm", system: "x86_64-linux", work: 60, features: ["kvm"] },
    { name: "hello", system: "builtin", seconds: { "*": 2, kana: 1 }, cpu: 0 },
  ],
  edges: { from: [0, 1, 1], to: [1, 2, 3], bytes: [null, 100, null] },
});

const BASE: Readonly<Record<string, string>> = { "s/fleet.yaml": FLEET, "s/graph.json": GRAPH };

export const HEAD = "schema: drvfleet.scenario/1\ngraph: graph.json\nfleet: fleet.yaml\n";

export function loader(files: Readonly<Record<string, string>>): Load {
  return (path) => {
    const text = files[path] ?? BASE[path];
    if (text === undefined) return fail(fault("input", path, "found no such file"));
    return ok({ path, bytes: new TextEncoder().encode(text) });
  };
}

/** `text` is `s/book.yaml`; more files by path. */
export function load(
  text: string,
  flags: Flags = {},
  files: Readonly<Record<string, string>> = {},
  known: Known = {},
): Result<LoadedScenario> {
  return loadScenario("s/book.yaml", loader({ "s/book.yaml": text, ...files }), flags, known);
}

export function compiled(text: string, flags: Flags = {}, files: Readonly<Record<string, string>> = {}): Result<readonly Compiled[]> {
  const loaded = load(text, flags, files);
  return loaded.ok ? compileAll(loaded.value, (nodes) => fillGraph(nodes, null), emulationDefault) : loaded;
}

export function one(text: string, flags: Flags = {}, files: Readonly<Record<string, string>> = {}): Compiled {
  return value(compiled(text, flags, files))[0]!;
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.faults.map((f) => `${f.where}: ${f.what}; ${f.hint}`).join("\n"));
  return result.value;
}

export function faults(result: Result<unknown>): readonly Fault[] {
  return result.ok ? [] : result.faults;
}
