// What calibration is given: recorded runs with the problem that was built and the conduct that drove it; and how it reads
// them: rows that built something, in the order of the asks, instants in seconds.
import { COORDINATOR } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import { BUILT, type Stage, type Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";

export interface RecordedRun {
  /** Of its configuration: runs of one name are repetitions. */
  readonly name: string;
  readonly problem: Problem;
  /** Without anything calibrated: what stays where the traces tell nothing. */
  readonly conduct: Conduct;
  readonly trace: Trace;
}

/** Two asks of one client are never told so far into each other, seconds. */
const OVERLAP = 0.005;

export interface Row {
  readonly task: number;
  /** Who asked for it; −1 where one client asked for everything. */
  readonly client: number;
  /** Index in the problem; 0 = the coordinator. */
  readonly host: number;
  /** Seconds; NaN = not seen. */
  readonly at: (stage: Stage) => number;
  /** As the trace says, NaN = it does not. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly coreSeconds: number;
  readonly cores: number;
  readonly built: boolean;
}

/** Rows in the order of their asks, those of one instant as they stand. */
export function rowsOf({ trace }: RecordedRun): readonly Row[] {
  return Array.from({ length: trace.rows }, (_, row): Row => {
    const host = trace.host[row]!;
    return {
      task: trace.task[row]!,
      client: trace.client[row]!,
      host,
      at: (stage) => trace[stage][row]! / 1e6,
      bytesIn: trace.bytesIn[row]!,
      bytesOut: trace.bytesOut[row]!,
      coreSeconds: trace.coreSeconds[row]!,
      cores: trace.cores[row]!,
      built: trace.outcome[row] === BUILT,
    };
  }).toSorted((a, b) => a.at("asked") - b.at("asked"));
}

/** Of each host that built something its rows, in the order of their asks. */
export function rowsByHost(run: RecordedRun): readonly (readonly Row[])[] {
  const rows = rowsOf(run);
  return run.problem.hosts.names.map((_, host) => rows.filter((row) => row.host === host)).filter((own) => own.length > 0);
}

export function isRemote({ host }: Row): boolean {
  return host !== COORDINATOR;
}

/** Seconds between two stages; NaN where one of them is not seen. */
export function took(row: Row, from: Stage, to: Stage): number {
  return row.at(to) - row.at(from);
}

/** Of each client its own rows, in the order of their asks; one list where one client asked for everything. */
export function rowsByClient(run: RecordedRun): readonly (readonly Row[])[] {
  const rows = rowsOf(run);
  return [...new Set(rows.map(({ client }) => client))].sort((a, b) => a - b).map((client) => rows.filter((row) => row.client === client));
}

/** Whether each client asked one question at a time: what lies between two of its asks is its own. */
export function isSerial(run: RecordedRun): boolean {
  if (run.conduct.timing.ask !== "serial") return false;
  return rowsByClient(run).every((rows) => {
    const asks = rows.filter(isRemote);
    return asks.every((row, i) => i === 0 || !(row.at("asked") < asks[i - 1]!.at("accepted") - OVERLAP));
  });
}
