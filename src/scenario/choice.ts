// Which hosts the user lets a derivation run on: --only, --exclude, --pin, --prefer as host ids. Of the pins that match
// a name or key the last counts. Unknown hosts are found here. Knows neither systems nor features.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { HostId } from "#base/units.js";
import type { Hosts } from "#model/hosts.js";
import type { Pin, Selection, Wish } from "./normal.js";
import { matchesNode } from "./glob.js";

export interface PinnedHosts {
  readonly allowed: Uint8Array;
  readonly pin: Pin;
}

export interface Choice {
  /** By host: "" or the wish that shuts it out, as the user wrote it. */
  readonly excludedBy: readonly string[];
  readonly pins: readonly PinnedHosts[];
  readonly prefer: readonly HostId[];
}

export function choiceOf({ pins, only, exclude, prefer }: Selection, hosts: Hosts, fleet: string): Result<Choice> {
  const faults: Fault[] = [];
  const idsOf = ({ value, from }: Wish<readonly string[]>): number[] =>
    value.flatMap((name) => {
      const id = hosts.names.indexOf(name);
      if (id >= 0) return [id];
      const code = from.startsWith("--") ? "usage" : "input";
      faults.push(
        fault(code, from, `found the unknown host ${JSON.stringify(name)}, expected one of the fleet ${fleet}`, suggest(name, hosts.names)),
      );
      return [];
    });
  const wanted = idsOf(only);
  const unwanted = idsOf(exclude);
  const choice: Choice = {
    excludedBy: hosts.names.map((_, h) =>
      unwanted.includes(h) ? exclude.from : only.value.length > 0 && !wanted.includes(h) ? only.from : "",
    ),
    pins: pins.map((pin) => ({ pin, allowed: flagged(idsOf({ value: pin.hosts, from: pin.from }), hosts.count) })),
    prefer: idsOf(prefer) as HostId[],
  };
  return faults.length > 0 ? fail(...faults) : ok(choice);
}

/** Index of the pin that counts for a derivation, −1 without one. */
export function pinOf({ pins }: Choice, name: string, key: string): number {
  for (let p = pins.length - 1; p >= 0; p--) if (matchesNode(pins[p]!.pin.glob, name, key)) return p;
  return -1;
}

function flagged(ids: readonly number[], count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (const id of ids) flags[id] = 1;
  return flags;
}
