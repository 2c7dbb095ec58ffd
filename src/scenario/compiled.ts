// What goes into compile and what comes out: the two ends of this folder, for those who call it. Estimates, the
// emulation table and files arrive as functions, so that this folder needs neither the estimate room nor a disk.
import type { Result } from "#base/fault.js";
import type { HostId } from "#base/units.js";
import type { FleetFile } from "#model/fleet-file.js";
import type { FilledNode } from "#model/filled-node.js";
import type { GraphFile, NodeFile, Workload } from "#model/graph-file.js";
import type { ModelFile } from "#model/model-file.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import type { NormalScenario } from "./normal.js";

/** Reads a file (and gunzips it). `path` is what messages should call it. */
export type Load = (path: string) => Result<{ readonly path: string; readonly bytes: Uint8Array }>;

/** Fills the nodes in order; the caller has bound the history. */
export type Fill = (nodes: readonly NodeFile[]) => readonly FilledNode[];

/** Slowdown of that system under qemu-user on a host of another, where the fleet file does not say, and how it spreads. */
export type EmulationDefault = (system: string, workload: Workload) => { readonly slowdown: number; readonly cv: number };

/** One graph, perhaps merged from several files, with the key of each node. */
export interface GraphSource {
  readonly file: GraphFile;
  readonly keys: readonly string[];
  /** Begins the place of a fault: the path, or the place in the scenario. */
  readonly where: string;
}

export interface FleetSource {
  readonly name: string;
  readonly file: FleetFile;
  /** Coefficients of variation of figures that a model gave, by host, then by field, or by system and workload where that is a slowdown. Absent: none. */
  readonly uncertain?: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** The place of a part of it, for messages: `fleet.yaml:12:7 builders[1].name`. */
  where(path: readonly (string | number)[]): string;
}

/** A scenario with its files read: compile it once per fleet. */
export interface LoadedScenario {
  readonly scenario: NormalScenario;
  readonly graph: GraphSource;
  /** What they leave out is filled in from the model. */
  readonly fleets: readonly FleetSource[];
  /** Null = the scenario has none. */
  readonly model: ModelFile | null;
  /** Defaults and repairs that reading has made. */
  readonly warnings: readonly string[];
}

/** What one fleet's Problem is made of. */
export interface CompileInput {
  readonly scenario: NormalScenario;
  readonly graph: GraphSource;
  readonly fleet: FleetSource;
  readonly fill: Fill;
  readonly emulationDefault: EmulationDefault;
}

export interface Compiled {
  readonly name: string;
  readonly about: string;
  readonly fleetName: string;
  /** Durations are medians: what a policy sees by default. */
  readonly problem: Problem;
  /** Hosts of --prefer, in the order of the wish. */
  readonly prefer: readonly HostId[];
  readonly models: Models;
  readonly scenario: NormalScenario;
  /** Figures that nobody gave, one sentence each: the report prints them. */
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}
