// How the benches measure: processor time of this process, because wall time also counts whoever else is on the machine;
// the threads of the collector and the compiler are in it. Garbage is collected when the engine wants to: a forced
// collection between runs would throw away compiled code. Medians; and a digest, so that nobody wins by changing the meaning.
import type { Trace } from "#dispatch/trace.js";

/** Processor seconds, user and system, of `times` runs. */
export function seconds(work: () => unknown, times = 1): number {
  const from = process.cpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Sum over instants: two runs that differ anywhere in time or place differ here. */
export function digest(trace: Trace): string {
  let hash = 0;
  for (let r = 0; r < trace.rows; r++) hash = (hash * 31 + trace.noticed[r]! + trace.host[r]! * 7 + trace.task[r]!) % 9007199254740881;
  return hash.toString(16);
}

export function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6);
}
