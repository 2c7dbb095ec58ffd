// Recorded runs of real Nix (test/fixtures/traces, our own testbed: four hosts on one machine, sleeps as builds) as
// problems: graph, fleet and connect times as recorded, nothing else. What Nix did stands in `rows`.
import { readdirSync, readFileSync } from "node:fs";
import type { Problem } from "#model/problem.js";
import { type HostSketch, problemOf } from "../problem.js";

export interface RecordedRow {
  readonly node: string;
  readonly host: string;
  readonly ready: number;
  readonly accepted: number;
  readonly start: number;
  readonly stop: number;
  readonly copied_back: number | null;
  readonly done: number;
  readonly first_postponed: number | null;
  readonly connect_start: number | null;
  readonly connect_end: number | null;
}

interface TraceFile {
  readonly name: string;
  readonly nix: string;
  readonly graph: {
    readonly nodes: readonly {
      readonly name: string;
      readonly system: string;
      readonly duration_s: number;
      readonly out_kb?: number;
      readonly deps: readonly string[];
      readonly features?: readonly string[];
      readonly preferLocal?: boolean;
    }[];
  };
  readonly fleet: { readonly machines_file: string; readonly coordinator: string; readonly args: readonly string[] };
  readonly trace: { readonly makespan_s: number; readonly rows: readonly RecordedRow[] };
}

export interface RecordedRun {
  readonly name: string;
  /** Seconds from the start of the first hook to the end of the last build: as the simulator counts. */
  readonly makespan: number;
  /** Seconds from the start of the process to that of the first hook: start-up and evaluation. */
  readonly begin: number;
  readonly rows: readonly RecordedRow[];
}

/** One graph on one fleet, with its repetitions. */
export interface Configuration {
  readonly name: string;
  readonly version: string;
  readonly problem: Problem;
  /** Median seconds from an accept to the next connect, where one question follows the other: the hook's start. */
  readonly hook: number;
  readonly runs: readonly RecordedRun[];
}

const ROOT = new URL("../fixtures/traces/", import.meta.url);
/** Copies between hosts of one machine: 3 MB in 0.10 s, 0.5 MB in 5 ms. */
const LOOPBACK = 40e6;

export function configurations(): Configuration[] {
  const files = new Map<string, TraceFile[]>();
  for (const folder of readdirSync(ROOT).sort()) {
    for (const name of readdirSync(new URL(`${folder}/`, ROOT)).sort()) {
      const file = JSON.parse(readFileSync(new URL(`${folder}/${name}`, ROOT), "utf8")) as TraceFile;
      const configuration = `${folder} ${file.name.replace(/\.r\d+$/, "")}`;
      files.set(configuration, [...(files.get(configuration) ?? []), file]);
    }
  }
  return [...files].map(([name, repetitions]) => configurationOf(name, repetitions));
}

function configurationOf(name: string, repetitions: readonly TraceFile[]): Configuration {
  const rows = repetitions.flatMap((file) => file.trace.rows.filter((row) => row.connect_start !== null));
  const hook = median(repetitions.flatMap((file) => hookStarts(file.trace.rows)));
  return {
    name,
    version: repetitions[0]!.nix,
    problem: problemIn(repetitions[0]!, median(rows.map((row) => row.connect_end! - row.connect_start!))),
    hook,
    runs: repetitions.map((file) => {
      const begin = Math.min(...file.trace.rows.map((row) => row.connect_start ?? Number.POSITIVE_INFINITY)) - hook;
      return { name: file.name, begin, makespan: Math.max(...file.trace.rows.map((row) => row.done)) - begin, rows: file.trace.rows };
    }),
  };
}

/** Accept to next connect, where nothing else can lie between them. */
function hookStarts(rows: readonly RecordedRow[]): number[] {
  return rows.flatMap((row, i) => {
    const gap = (rows[i + 1]?.connect_start ?? Number.NaN) - row.accepted;
    return gap < 0.2 ? [gap] : [];
  });
}

function problemIn(file: TraceFile, connect: number): Problem {
  return problemOf({
    tasks: file.graph.nodes.map((node) => ({
      name: node.name,
      needs: node.deps,
      system: node.system,
      seconds: node.duration_s,
      cpu: 0,
      output: (node.out_kb ?? 0) * 1000,
      features: node.features ?? [],
      preferLocal: node.preferLocal ?? false,
    })),
    hosts: [coordinator(file), ...builders(file, connect)],
  });
}

function coordinator({ fleet }: TraceFile): HostSketch {
  return {
    name: fleet.coordinator,
    cores: 4,
    maxJobs: Number(fleet.args[fleet.args.indexOf("-j") + 1]),
    systems: { "x86_64-linux": 1 },
    features: ["benchmark", "big-parallel", "kvm"],
  };
}

/** Lines of the machines file: URI, systems, key, maxJobs, speedFactor, features, mandatory features. */
function builders({ fleet }: TraceFile, connect: number): HostSketch[] {
  const listed = (field: string): string[] => (field === "-" ? [] : field.split(","));
  return fleet.machines_file
    .trim()
    .split("\n")
    .map((line) => {
      const [uri, systems, , maxJobs, speedFactor, features, mandatory] = line.split(/\s+/) as string[];
      return {
        name: uri!.slice(uri!.indexOf("@") + 1),
        cores: 4,
        maxJobs: Number(maxJobs),
        speedFactor: Number(speedFactor),
        systems: Object.fromEntries(listed(systems!).map((system) => [system, 1])),
        features: listed(features!),
        mandatory: listed(mandatory!),
        connect,
        up: LOOPBACK,
        down: LOOPBACK,
      };
    });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
