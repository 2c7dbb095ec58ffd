// A node with every blank filled: its own value where it has one, else history, else the prior. Made by the estimate
// room, laid into columns by the scenario room.
import type { Workload } from "./graph-file.js";
import type { Provenance } from "./tasks.js";

export interface FilledNode {
  /** Core-seconds on a core of speed 1: the median. */
  readonly work: number;
  /** Coefficient of variation of the truth around the median; 0 = known. */
  readonly cv: number;
  /** Infinity = unbounded. */
  readonly maxCores: number;
  readonly serial: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  readonly sourceBytes: number;
  readonly workload: Workload;
  /** Of the duration. */
  readonly provenance: Provenance;
}
