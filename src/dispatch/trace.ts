// What happened, as columns: one row per attempt, in the order of the asks, and intervals that belong to no build. The
// simulator, the live executor and the importers of real logs all write it; metrics read it and the Problem, no more.
// Rule: product.md "Trace". Seconds in files, integer microseconds here; NaN = a stage the source cannot see.
import { NONE } from "#base/units.js";

export const OUTCOMES = ["built", "failed", "host-lost", "cancelled", "memory", "running"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const BUILT = 0;
export const FAILED = 1;
export const HOST_LOST = 2;
export const CANCELLED = 3;
export const OUT_OF_MEMORY = 4;
export const RUNNING = 5;

/** The instants of an attempt, in the order in which they happen. */
export const STAGES = [
  "ready",
  "asked",
  "accepted",
  "uploadFrom",
  "uploaded",
  "started",
  "built",
  "returned",
  "slotFreed",
  "noticed",
] as const;
export type Stage = (typeof STAGES)[number];

export const SPAN_KINDS = ["dispatch", "postponed", "held", "down"] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** An interval that belongs to no attempt, µs. −1 where host or task does not apply. */
export interface TraceSpan {
  readonly kind: SpanKind;
  readonly host: number;
  readonly task: number;
  readonly from: number;
  readonly to: number;
}

/** The instant columns hold µs; index them by `row`. A built row of a task is its last. */
export class Trace {
  rows = 0;
  task: Int32Array;
  attempt: Int32Array;
  /** Which of `clients` asked, NONE where one client asks for everything. */
  client: Int32Array;
  host: Int32Array;
  slot: Int32Array;
  cores: Float64Array;
  outcome: Uint8Array;
  ready: Float64Array;
  asked: Float64Array;
  accepted: Float64Array;
  uploadFrom: Float64Array;
  uploaded: Float64Array;
  started: Float64Array;
  built: Float64Array;
  returned: Float64Array;
  slotFreed: Float64Array;
  noticed: Float64Array;
  bytesIn: Float64Array;
  bytesOut: Float64Array;
  /** Seconds of processors that the build really got. */
  coreSeconds: Float64Array;
  readonly spans: TraceSpan[] = [];
  /** Names of the clients, where several shared the hosts; else empty. */
  clients: readonly string[] = [];
  private readonly retracted: number[] = [];
  /** Instant at which everything requested was done (or had failed), µs. */
  makespan = 0;

  constructor(capacity: number) {
    const size = Math.max(16, capacity);
    this.task = new Int32Array(size);
    this.attempt = new Int32Array(size);
    this.client = new Int32Array(size).fill(NONE);
    this.host = new Int32Array(size);
    this.slot = new Int32Array(size);
    this.outcome = new Uint8Array(size);
    this.cores = new Float64Array(size);
    this.ready = new Float64Array(size);
    this.asked = new Float64Array(size);
    this.accepted = unknown(size);
    this.uploadFrom = unknown(size);
    this.uploaded = unknown(size);
    this.started = unknown(size);
    this.built = unknown(size);
    this.returned = unknown(size);
    this.slotFreed = unknown(size);
    this.noticed = unknown(size);
    this.bytesIn = new Float64Array(size);
    this.bytesOut = new Float64Array(size);
    this.coreSeconds = new Float64Array(size);
  }

  /** Opens a row and returns its index. Every instant but `ready` and `asked` starts unknown. */
  open(task: number, attempt: number, host: number, slot: number, cores: number, ready: number, asked: number): number {
    if (this.rows === this.task.length) this.grow();
    const row = this.rows++;
    this.task[row] = task;
    this.attempt[row] = attempt;
    this.client[row] = NONE;
    this.host[row] = host;
    this.slot[row] = slot;
    this.cores[row] = cores;
    this.outcome[row] = RUNNING;
    this.ready[row] = ready;
    this.asked[row] = asked;
    return row;
  }

  /** Takes a row back: its ask reached nobody. Rows that other clients have opened meanwhile keep their places until `close`. */
  retract(row: number): void {
    if (row === this.rows - 1) this.rows--;
    else this.retracted.push(row);
  }

  /** No more rows come: what was taken back gives up its place. */
  close(): void {
    const gone = new Set(this.retracted.splice(0));
    if (gone.size === 0) return;
    const columns = [
      this.task,
      this.attempt,
      this.client,
      this.host,
      this.slot,
      this.outcome,
      this.cores,
      ...STAGES.map((stage) => this[stage]),
    ];
    const kept = Array.from({ length: this.rows }, (_, row) => row).filter((row) => !gone.has(row));
    for (const column of [...columns, this.bytesIn, this.bytesOut, this.coreSeconds])
      kept.forEach((row, to) => void (column[to] = column[row]!));
    this.rows = kept.length;
  }

  private grow(): void {
    const size = this.task.length * 2;
    const int = (old: Int32Array): Int32Array => grown(new Int32Array(size), old);
    const double = (old: Float64Array): Float64Array => grown(new Float64Array(size), old);
    this.task = int(this.task);
    this.attempt = int(this.attempt);
    this.client = int(this.client);
    this.host = int(this.host);
    this.slot = int(this.slot);
    this.outcome = grown(new Uint8Array(size), this.outcome);
    this.cores = double(this.cores);
    for (const stage of STAGES) this[stage] = grown(unknown(size), this[stage]);
    this.bytesIn = double(this.bytesIn);
    this.bytesOut = double(this.bytesOut);
    this.coreSeconds = double(this.coreSeconds);
  }
}

function unknown(size: number): Float64Array {
  return new Float64Array(size).fill(Number.NaN);
}

function grown<A extends Int32Array | Float64Array | Uint8Array>(fresh: A, old: A): A {
  fresh.set(old);
  return fresh;
}
