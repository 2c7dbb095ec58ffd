// What went on beside a question that a client had: copies that stood before it on a link with a queue, and on one machine
// bulky copies and the questions of other clients, which took processors from it. How long it then took says they, not it.
// Twins: sim/handshake.ts, sim/cpu.ts.
import { COORDINATOR } from "#base/units.js";
import type { RecordedRun, Row } from "./recorded-run.js";
import { isOnMachine } from "./shared-machine.js";

/** A client's ask, of that host, or the start of its hook, of the coordinator. Seconds. */
export interface Question {
  readonly client: number;
  readonly host: number;
  readonly from: number;
  readonly to: number;
}

/** Bytes of a copy that a processor is busy with for longer than a connect varies. */
const BULK = 2e5;

export function askOf(row: Row): Question {
  return { client: row.client, host: row.host, from: row.at("asked"), to: row.at("accepted") };
}

/** `rows`: of the whole run. */
export function isBesideOthers(run: RecordedRun, rows: readonly Row[], question: Question): boolean {
  return isBehindCopies(run, rows, question) || isBesideAnother(run, rows, question);
}

function isBehindCopies(run: RecordedRun, rows: readonly Row[], { host, from, to }: Question): boolean {
  const machine = isOnMachine(run, host);
  const queued = run.problem.hosts.queueing[host]! > 0;
  if (!queued && !machine) return false;
  const isInTheWay = (other: Row, bytes: number): boolean => (machine && bytes >= BULK) || (queued && other.host === host);
  const meets = (since: number, until: number): boolean => since < to && until > from;
  return rows.some(
    (other) =>
      (isInTheWay(other, other.bytesIn) && meets(other.at("uploadFrom"), other.at("uploaded"))) ||
      (isInTheWay(other, other.bytesOut) && meets(other.at("built"), other.at("returned"))),
  );
}

/** Another client asks. */
function isBesideAnother(run: RecordedRun, rows: readonly Row[], { client, from, to }: Question): boolean {
  if (!isOnMachine(run, COORDINATOR)) return false;
  return rows.some((other) => other.client !== client && other.at("asked") < to && other.at("accepted") > from);
}
