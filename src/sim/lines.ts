// First come, first served: one line of flights per host, linked through columns. A flight stands in one line at most.
import { NONE } from "#base/units.js";

export class Lines {
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly behind: Int32Array;

  constructor(hosts: number, flights: number) {
    this.first = new Int32Array(hosts).fill(NONE);
    this.last = new Int32Array(hosts).fill(NONE);
    this.behind = new Int32Array(flights);
  }

  push(host: number, flight: number): void {
    const last = this.last[host]!;
    if (last === NONE) this.first[host] = flight;
    else this.behind[last] = flight;
    this.behind[flight] = NONE;
    this.last[host] = flight;
  }

  /** The one who stands first leaves the line; −1 when nobody stands there. */
  shift(host: number): number {
    const flight = this.first[host]!;
    if (flight !== NONE) this.remove(host, flight);
    return flight;
  }

  remove(host: number, flight: number): void {
    let before = NONE;
    let at = this.first[host]!;
    while (at !== flight) {
      before = at;
      at = this.behind[at]!;
    }
    const next = this.behind[flight]!;
    if (before === NONE) this.first[host] = next;
    else this.behind[before] = next;
    if (next === NONE) this.last[host] = before;
  }
}
