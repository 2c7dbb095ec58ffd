// What the process of a build takes before its work: its own processor time has that in it, mostly from before it says that it
// started, so that short builds seem to be slow. A line through processor time by work tells it.
// Source: builds of 0.2 to 3 s on one machine, 564 native ones in three sessions: 12 to 16 ms; under qemu for aarch64 55 to 60 ms.
import type { Sample } from "./cluster.js";
import { lineThrough } from "./line.js";

export interface Work {
  /** Index of the run. */
  readonly run: number;
  /** Core-seconds on a core of speed 1. */
  readonly work: number;
  /** Processor seconds that were counted. */
  readonly seconds: number;
}

/** Seconds. No process takes longer to start: a line that says more is bent by what is not known of the work. */
const MOST = 0.1;

/** Processor seconds before the work; 0 where it does not show. */
function ownStart(builds: readonly Work[]): number {
  const line = lineThrough(builds.map(({ work, seconds }) => ({ x: work, y: seconds })));
  return line === null || !(line.low > 0) || line.intercept > MOST ? 0 : Math.max(0, line.intercept);
}

/** Processor seconds for a core-second of work, without what a process takes before it. */
export function perWork(builds: readonly Work[]): Sample[] {
  const start = ownStart(builds);
  return builds.map(({ run, work, seconds }) => ({ run, value: (seconds - start) / work })).filter(({ value }) => value > 0);
}
