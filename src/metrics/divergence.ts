// Whether two runs are the same, and if not, the first instant at which they differ. A digest covers every column and
// span of a trace; it rolls on per 1,000 instants of asking, so that two machines can compare checkpoints without the
// traces. Rule: architecture.md "Determinism". Instants in µs.
import { Digest } from "#base/digest.js";
import { STAGES, type Stage, type Trace } from "#dispatch/trace.js";

const INSTANTS_PER_CHECKPOINT = 1000;
const COLUMNS = ["task", "attempt", "host", "slot", "outcome"] as const;
const DOUBLES = ["cores", "bytesIn", "bytesOut", "coreSeconds", ...STAGES] as const;

/** The trace up to the rows asked at `until`; spans and makespan are in the last digest only. */
export interface Checkpoint {
  readonly until: number;
  readonly digest: string;
}

/** The digest of the whole trace: names a run's result. */
export function traceDigest(trace: Trace): string {
  return checkpoints(trace).at(-1)!.digest;
}

/** At least one, also of an empty trace. */
export function checkpoints(trace: Trace): Checkpoint[] {
  const digest = new Digest();
  const found: Checkpoint[] = [];
  let from = 0;
  for (let row = 0, instants = 0; row < trace.rows; row++) {
    if (row > 0 && trace.asked[row] === trace.asked[row - 1]) continue;
    if (instants++ < INSTANTS_PER_CHECKPOINT) continue;
    addRows(digest, trace, from, row);
    found.push({ until: trace.asked[row - 1]!, digest: digest.hex() });
    from = row;
    instants = 1;
  }
  addRows(digest, trace, from, trace.rows);
  for (const span of trace.spans) digest.text(span.kind).number(span.host).number(span.task).number(span.from).number(span.to);
  digest.number(trace.makespan);
  return [...found, { until: trace.makespan, digest: digest.hex() }];
}

function addRows(digest: Digest, trace: Trace, from: number, to: number): void {
  for (const column of COLUMNS) digest.integers(trace[column], from, to);
  for (const column of DOUBLES) digest.doubles(trace[column], from, to);
}

/** Two runs differ no later than `before` and were the same in the rows asked until `after`. Null: they are equal. */
export function divergentStretch(
  a: readonly Checkpoint[],
  b: readonly Checkpoint[],
): { readonly after: number; readonly before: number } | null {
  let after = 0;
  for (let k = 0; k < Math.max(a.length, b.length); k++) {
    const left = a[k];
    const right = b[k];
    if (left === undefined || right === undefined) return { after, before: (left ?? right)!.until };
    if (left.digest !== right.digest) return { after, before: Math.min(left.until, right.until) };
    after = left.until;
  }
  return null;
}

export interface Divergence {
  /** First instant that one run has and the other has not. */
  readonly at: number;
  /** Row in which it is, −1: a span or the makespan. */
  readonly row: number;
  /** The column that differs, "span" or "makespan". */
  readonly what: string;
  readonly left: string;
  readonly right: string;
}

/** The earliest difference of two traces of one problem; equal instants: the first row. Null: they are the same. */
export function firstDivergence(a: Trace, b: Trace): Divergence | null {
  let first: Divergence | null = null;
  const offer = (at: number, row: number, what: string, left: unknown, right: unknown): void => {
    if (first === null || at < first.at) first = { at, row, what, left: `${left}`, right: `${right}` };
  };
  const rows = Math.min(a.rows, b.rows);
  for (let row = 0; row < rows; row++) {
    for (const column of COLUMNS.slice(0, 4))
      if (a[column][row] !== b[column][row]) offer(asked(row), row, column, a[column][row], b[column][row]);
    // From the first other decision on, rows no longer stand for the same attempts.
    if (first !== null && (first as Divergence).row === row && !isStage((first as Divergence).what)) break;
    for (const stage of STAGES) compareStage(row, stage);
    for (const column of ["outcome", "cores", "bytesIn", "bytesOut", "coreSeconds"] as const) {
      if (!Object.is(a[column][row], b[column][row])) offer(ended(row), row, column, a[column][row], b[column][row]);
    }
  }
  if (a.rows !== b.rows)
    offer((a.rows > b.rows ? a : b).asked[rows]!, rows, "row", a.rows > rows ? "one more" : "none", b.rows > rows ? "one more" : "none");
  for (let i = 0; i < Math.max(a.spans.length, b.spans.length); i++) {
    const left = spanText(a, i);
    const right = spanText(b, i);
    if (left !== right) {
      offer(Math.min(a.spans[i]?.from ?? Number.POSITIVE_INFINITY, b.spans[i]?.from ?? Number.POSITIVE_INFINITY), -1, "span", left, right);
      break;
    }
  }
  if (a.makespan !== b.makespan) offer(Math.min(a.makespan, b.makespan), -1, "makespan", a.makespan, b.makespan);
  return first;

  function compareStage(row: number, stage: Stage): void {
    const left = a[stage][row]!;
    const right = b[stage][row]!;
    if (left === right || (left !== left && right !== right)) return;
    // A stage that only one run reached is seen at the instant at which it did.
    offer(left !== left ? right : right !== right ? left : Math.min(left, right), row, stage, left, right);
  }

  function asked(row: number): number {
    return Math.min(a.asked[row]!, b.asked[row]!);
  }

  function ended(row: number): number {
    const ends = STAGES.map((stage) => Math.max(a[stage][row]!, b[stage][row]!)).filter((at) => at === at);
    return Math.max(asked(row), ...ends);
  }
}

function isStage(what: string): boolean {
  return (STAGES as readonly string[]).includes(what);
}

function spanText(trace: Trace, i: number): string {
  const span = trace.spans[i];
  return span === undefined ? "none" : `${span.kind} host ${span.host} task ${span.task} ${span.from}…${span.to}`;
}
