// May this task run there, and how much slower than native? Per class × host, so queues and tables stay small: a class
// is system × features × workload × pin. Sparse rows (task, host) → measured seconds override speed and slowdown.
import type { HostId, TaskId } from "#base/units.js";
import type { Workload } from "./graph-file.js";

/** Why a class may not run on a host; stored as the index, so 0 = may. The report needs the reason. */
export const DENIALS = ["ok", "system", "feature", "mandatory", "pinned", "excluded", "memory"] as const;
export type Denial = (typeof DENIALS)[number];

export interface Demand {
  readonly classes: number;
  readonly hosts: number;
  /** [class × hosts + host]: 1 = native, 7.5 = emulated. */
  readonly slowdown: Float64Array;
  /** [class × hosts + host]: coefficient of variation of the true slowdown around it. Null: all are as the fleet says. */
  readonly slowdownCv: Float64Array | null;
  /** [class × hosts + host]: index into DENIALS. */
  readonly denied: Uint8Array;
  /** What each class is, for people: "riscv64-linux compile big-parallel". */
  readonly labels: readonly string[];
  /** Nix system of each class. */
  readonly systems: readonly string[];
  /** Kind of work of each class, "" where it makes no difference: no host would emulate it. */
  readonly workloads: readonly (Workload | "")[];
  /** Required features of each class, sorted. */
  readonly features: readonly (readonly string[])[];
  /** Measured rows of task t: rowHost/rowSeconds[rowStart[t] … rowStart[t + 1]). Null: no task has any. */
  readonly rows: { readonly rowStart: Int32Array; readonly rowHost: Int32Array; readonly rowSeconds: Float64Array } | null;
}

/** Measured wall seconds of the task on that host, NaN when there is no row. */
export function rowSeconds(demand: Demand, task: TaskId, host: HostId): number {
  const rows = demand.rows;
  if (rows === null) return Number.NaN;
  for (let r = rows.rowStart[task]!; r < rows.rowStart[task + 1]!; r++) {
    if (rows.rowHost[r] === host) return rows.rowSeconds[r]!;
  }
  return Number.NaN;
}
