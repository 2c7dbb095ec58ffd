// Outages of hosts as a simulator takes them: by host, then time, none touching the next.
import { type HostId, type Instant, micros } from "#base/units.js";
import type { Outage } from "#model/hosts.js";

/** Seconds. */
export function outageOf(host: number, at: number, duration: number): Outage {
  return { host: host as HostId, from: micros(at) as Instant, to: micros(at + duration) as Instant };
}

/** By host, then time; those that touch or overlap become one. */
export function mergedOutages(outages: readonly Outage[]): Outage[] {
  const merged: Outage[] = [];
  for (const outage of [...outages].sort((a, b) => a.host - b.host || a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last !== undefined && last.host === outage.host && outage.from <= last.to) {
      merged[merged.length - 1] = { ...last, to: Math.max(last.to, outage.to) as Instant };
    } else if (outage.to > outage.from) merged.push(outage);
  }
  return merged;
}
