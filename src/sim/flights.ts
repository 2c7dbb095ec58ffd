// Attempts under way, in columns: which task, where, in which phase. A flight is an id below a fixed capacity, reused
// once its attempt is over. Knows no rules.

/** What an attempt is doing now. */
export const FREE = 0;
export const ASKED = 1;
/** Waits for an input that is on its way to the coordinator. */
export const AWAITING = 2;
export const QUEUED = 3;
export const SUBSTITUTING = 4;
export const REACHING = 5;
export const UPLOADING = 6;
export const STARTING = 7;
export const SQUEEZED = 8;
export const BUILDING = 9;
export const FINISHING = 10;
export const LEAVING = 11;
export const DOWNLOADING = 12;
export const NOTICING = 13;
export const RETRYING = 14;
export const UNANSWERED = 15;
/** No attempt at all, but an output on its way ahead of builds. */
export const STAGE_REACHING = 16;
export const STAGING = 17;

export class Flights {
  readonly task: Int32Array;
  readonly host: Int32Array;
  readonly row: Int32Array;
  /** Which client asked for it. */
  readonly client: Uint16Array;
  readonly phase: Uint8Array;
  private readonly freed: Int32Array;
  private freedCount = 0;
  private fresh = 0;
  /** Attempts under way. */
  count = 0;

  constructor(readonly capacity: number) {
    this.task = new Int32Array(capacity);
    this.host = new Int32Array(capacity);
    this.row = new Int32Array(capacity);
    this.client = new Uint16Array(capacity);
    this.phase = new Uint8Array(capacity);
    this.freed = new Int32Array(capacity);
  }

  /** Every id that was ever used is below this. */
  get used(): number {
    return this.fresh;
  }

  open(task: number, host: number, row: number, phase: number, client: number): number {
    const flight = this.freedCount > 0 ? this.freed[--this.freedCount]! : this.fresh++;
    this.count++;
    this.task[flight] = task;
    this.host[flight] = host;
    this.row[flight] = row;
    this.client[flight] = client;
    this.phase[flight] = phase;
    return flight;
  }

  close(flight: number): void {
    this.phase[flight] = FREE;
    this.freed[this.freedCount++] = flight;
    this.count--;
  }
}
