// The middle of a build: its work on the host's cores, shared or dedicated; a fetch on the host's internet.
// Rule, one line: cap = 1 / (s + (1 − s) / min(grant, maxCores)); share = water-fill(caps, cores); rate = share × speed ÷ slowdown.
// Assumes: Amdahl with a constant serial share, core-seconds conserved. Ignores: SMT, turbo, cache, disk.
// Source: Amdahl 1967; Yocto builds on 1–16 cores fit it with R² 0.9996 (djboni/yocto-benchmark).
import { rowSeconds } from "#model/demand.js";
import type { Models } from "#model/models.js";
import { aloneSeconds, type Problem } from "#model/problem.js";
import { Sharing } from "./sharing.js";
import { microsUntil, type Timers } from "./timers.js";

export interface Cpu {
  /** Begins the work of the flight; a timer fires at its end. */
  begin(flight: number, task: number, host: number, grant: number, now: number): void;
  /** Ends or breaks it off; returns the core-seconds it got. */
  stop(flight: number, now: number): number;
  /** A flight of this cpu or fetch timer whose end is here, −1 when none is left. */
  ended(actor: number, now: number): number;
}

export function cpu(truth: Problem, models: Models, flights: number, timers: Timers): Cpu {
  const { hosts, tasks, demand } = truth;
  const { layout } = timers;
  const shared = models.cpu === "shared";
  const sharedFetch = models.network === "fair" || models.network === "maxmin";
  const cores = new Sharing(hosts.cores, shared ? flights : 0, timers, layout.cpu);
  const internet = new Sharing(new Float64Array(hosts.count).fill(1), sharedFetch ? flights : 0, timers, layout.fetch);
  const ALONE = 0;
  const CORES = 1;
  const INTERNET = 2;
  const on = new Uint8Array(flights);
  const capOf = new Float64Array(flights);
  const alone = new Float64Array(flights);
  const from = new Float64Array(flights);

  /** Cores the build can use at once; 0 = it sleeps or fetches. */
  function capacityOf(task: number, host: number, grant: number): number {
    const cap = Math.min(grant, hosts.cores[host]!);
    const measured =
      tasks.seconds[task] === tasks.seconds[task] ||
      (demand.rows !== null && !Number.isNaN(rowSeconds(demand, task as never, host as never)));
    if (measured) return Math.min(tasks.cpu[task]!, cap);
    if (tasks.fetch[task] === 1) return 0;
    const serial = tasks.serial[task]!;
    return 1 / (serial + (1 - serial) / Math.min(cap, tasks.maxCores[task]!));
  }

  function isFetch(task: number): boolean {
    return sharedFetch && tasks.fetch[task] === 1 && Number.isNaN(tasks.seconds[task]!);
  }

  return {
    begin(flight, task, host, grant, now) {
      const micros = aloneSeconds(truth, task as never, host as never, grant) * 1e6;
      const cap = capacityOf(task, host, grant);
      capOf[flight] = cap;
      alone[flight] = micros;
      from[flight] = now;
      if (isFetch(task)) {
        on[flight] = INTERNET;
        internet.join(host, flight, micros, 1, now);
      } else if (shared && cap > 0) {
        on[flight] = CORES;
        cores.join(host, flight, micros * cap, cap, now);
      } else {
        on[flight] = ALONE;
        timers.set(layout.build + flight, now + microsUntil(micros, 1));
      }
    },
    stop(flight, now) {
      if (on[flight] === CORES) return (alone[flight]! * capOf[flight]! - cores.leave(flight, now)) / 1e6;
      if (on[flight] === INTERNET) internet.leave(flight, now);
      timers.delete(layout.build + flight);
      return on[flight] === INTERNET ? 0 : (Math.min(alone[flight]!, now - from[flight]!) * capOf[flight]!) / 1e6;
    },
    ended(actor, now) {
      return actor >= layout.cpu ? cores.ended(actor - layout.cpu, now) : internet.ended(actor - layout.fetch, now);
    },
  };
}
