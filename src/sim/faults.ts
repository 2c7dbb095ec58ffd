// What goes wrong in a simulated world: when hosts go down and come back, as one timetable of sorted instants, and which
// builds may fail on their own. Knows hosts, tasks and instants.
import type { Outage } from "#model/hosts.js";

export interface Failures {
  /** Chance that an attempt fails. */
  readonly rate: number;
  /** 1 for tasks that can. */
  readonly mayFail: Uint8Array;
  /** Share of its work after which it fails. */
  readonly after: number;
}

export interface Timetable {
  /** Instants, ascending; equal ones in the order of hosts. */
  readonly at: readonly number[];
  readonly host: readonly number[];
}

export function timetable(outages: readonly Outage[], which: "from" | "to"): Timetable {
  const entries = outages
    .filter((outage) => Number.isFinite(outage[which]))
    .map((outage) => ({ at: outage[which] as number, host: outage.host as number }))
    .sort((a, b) => a.at - b.at || a.host - b.host);
  return { at: entries.map((entry) => entry.at), host: entries.map((entry) => entry.host) };
}
