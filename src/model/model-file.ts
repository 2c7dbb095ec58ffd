// The shape of a `drvfleet.model/1` file: what calibration found of hosts and of the client that drives them, each figure
// with its interval and its basis, and what the traces could not tell. Written by `calibrate`, used by scenarios.
import type { Quantity } from "./fleet-file.js";
import type { Workload } from "./graph-file.js";

/** A figure alone, or with its 95 % interval and what it was fitted to. */
export type FigureFile<V extends Quantity> =
  | V
  | {
      readonly value: V;
      readonly low?: V;
      readonly high?: V;
      /** Stage differences that were counted, and the runs that they come from. */
      readonly observations?: number;
      readonly runs?: number;
    };

/** By place, then by figure. */
export type FigureGroups = Readonly<Record<string, Readonly<Record<string, FigureFile<Quantity>>>>>;

/** A machine that hosts share. */
export interface ModelMachineFile {
  readonly speed?: FigureFile<number>;
  /** How its speed differs from one run to the next: a coefficient of variation. */
  readonly speedCv?: FigureFile<number>;
  /** How the processor time of a build differs from its work: a coefficient of variation, as the next. */
  readonly workCv?: FigureFile<number>;
  /** How unevenly builds of a host share processors of which they want more than it has. */
  readonly shareCv?: FigureFile<number>;
  /** How much longer the client's hooks take to start while builds keep all its processors busy. */
  readonly contention?: FigureFile<number>;
}

/** Fields of a host in a fleet file: those that the fleet leaves out are taken from here. */
export interface ModelHostFile {
  readonly connect?: FigureFile<Quantity>;
  readonly connectCpu?: FigureFile<Quantity>;
  readonly copyUp?: FigureFile<Quantity>;
  readonly copyDown?: FigureFile<Quantity>;
  readonly up?: FigureFile<Quantity>;
  readonly down?: FigureFile<Quantity>;
  readonly latency?: FigureFile<Quantity>;
  readonly speed?: FigureFile<number>;
}

export interface ModelFile {
  readonly schema: "drvfleet.model/1";
  readonly name?: string;
  readonly about?: string;
  /** By the name of a conduct, without its parameters: fields of its timing, and pollSeconds. */
  readonly conducts?: Readonly<Record<string, Readonly<Record<string, FigureFile<number>>>>>;
  /** By the name of a machine that hosts share. */
  readonly machines?: Readonly<Record<string, ModelMachineFile>>;
  /** Slowdowns, by the name of a machine or of a host, then by system and workload (`emulatedKind`). */
  readonly emulation?: Readonly<Record<string, Readonly<Record<string, FigureFile<number>>>>>;
  /** By host name. */
  readonly hosts?: Readonly<Record<string, ModelHostFile>>;
  /** What the traces could not tell, and why. */
  readonly unknown?: readonly { readonly what: string; readonly why: string }[];
}

/** What a slowdown is of: `riscv64-linux compile`. */
export function emulatedKind(system: string, workload: Workload): string {
  return `${system} ${workload}`;
}
