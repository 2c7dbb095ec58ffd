// The decisions of a round, in columns that are reused. Written by the dispatcher, performed by an executor.
import type { Decisions } from "./executor.js";

export class DecisionBuffer implements Decisions {
  count = 0;
  task = new Int32Array(64);
  host = new Int32Array(64);
  cores = new Float64Array(64);
  row = new Int32Array(64);
  stageTask = new Int32Array(16);
  stageHost = new Int32Array(16);
  stageCount = 0;
  refused = 0;
  hook = false;
  wakeAt = Number.POSITIVE_INFINITY;
  cancel = new Int32Array(16);
  cancelCount = 0;
  retry = new Int32Array(16);
  retryAt = new Float64Array(16);
  retryCount = 0;

  constructor(readonly client: number) {}

  clear(): void {
    this.count = 0;
    this.stageCount = 0;
    this.refused = 0;
    this.hook = false;
    this.wakeAt = Number.POSITIVE_INFINITY;
  }

  /** Cancels and retries may be decided while an observation is told: they stand until they are performed. */
  performed(): void {
    this.cancelCount = 0;
    this.retryCount = 0;
  }

  start(task: number, host: number, cores: number, row: number): void {
    if (this.count === this.task.length) {
      this.task = grownInt(this.task);
      this.host = grownInt(this.host);
      this.row = grownInt(this.row);
      this.cores = grownDouble(this.cores);
    }
    const i = this.count++;
    this.task[i] = task;
    this.host[i] = host;
    this.cores[i] = cores;
    this.row[i] = row;
  }

  stage(task: number, host: number): void {
    if (this.stageCount === this.stageTask.length) {
      this.stageTask = grownInt(this.stageTask);
      this.stageHost = grownInt(this.stageHost);
    }
    this.stageTask[this.stageCount] = task;
    this.stageHost[this.stageCount++] = host;
  }

  cancelLater(task: number): void {
    if (this.cancelCount === this.cancel.length) this.cancel = grownInt(this.cancel);
    this.cancel[this.cancelCount++] = task;
  }

  retryLater(task: number, at: number): void {
    if (this.retryCount === this.retry.length) {
      this.retry = grownInt(this.retry);
      this.retryAt = grownDouble(this.retryAt);
    }
    this.retry[this.retryCount] = task;
    this.retryAt[this.retryCount++] = at;
  }
}

function grownInt(old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(old.length * 2);
  grown.set(old);
  return grown;
}

function grownDouble(old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(old.length * 2);
  grown.set(old);
  return grown;
}
