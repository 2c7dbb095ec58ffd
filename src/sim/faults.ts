// When hosts go down and come back, as one timetable: sorted instants, told by the executor. Knows hosts and instants.
import type { Outage } from "#model/hosts.js";

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
