// Processor sharing over groups (the hosts' CPUs, their internet, the coordinator's links): members have an amount of work left
// and go on at what they have of it (sim/division.ts); a timer of the group fires at the first end. Knows amounts and rates only.
// Assumes: fluid sharing, no switching cost. Ignores: SMT, turbo, cache, round trips. Judge: test/reference/share.ts in lock-step.
import { Division, EVEN, type Kind, type Rooms, type Urgency } from "./division.js";
import { microsUntil, type Timers } from "./timers.js";

const PLAIN: Kind = {};

export class Sharing {
  private readonly division: Division;
  private readonly rest: Float64Array;
  private readonly rate: Float64Array;
  private readonly since: Float64Array;
  private readonly endAt: Float64Array;

  /** `capacity[g]` in units per µs; members are flights below `flights`; group g fires timer `actor + g`. */
  constructor(
    capacity: Float64Array,
    flights: number,
    private readonly timers: Timers,
    private readonly actor: number,
    rooms: Rooms | null,
    urgency: Urgency = EVEN,
  ) {
    this.division = new Division(capacity, flights, rooms, urgency);
    this.rest = new Float64Array(flights);
    this.rate = new Float64Array(flights);
    this.since = new Float64Array(flights);
    this.endAt = new Float64Array(flights);
  }

  /** `amount` in units, `cap` in units per µs. */
  join(group: number, flight: number, amount: number, cap: number, now: number, kind = PLAIN): void {
    this.division.add(group, flight, cap, kind);
    this.rest[flight] = amount;
    this.rate[flight] = -1;
    this.since[flight] = now;
    this.share(group, now);
  }

  /** Removes a member, done or not; returns the units it had left. */
  leave(flight: number, now: number): number {
    const group = this.division.groupOf[flight]!;
    this.division.remove(flight);
    const over = this.endAt[flight]! <= now;
    const rest = over ? 0 : this.rest[flight]! - (now > this.since[flight]! ? this.rate[flight]! * (now - this.since[flight]!) : 0);
    this.share(group, now);
    return Math.max(0, rest);
  }

  /** As `Division.crowd`. */
  crowd(group: number): number {
    return this.division.crowd(group);
  }

  count(group: number): number {
    return this.division.count(group);
  }

  member(group: number, k: number): number {
    return this.division.membersOf(group)[k]!;
  }

  /** Sum of the caps of a group's members. */
  wanted(group: number): number {
    const { division } = this;
    const list = division.membersOf(group);
    let sum = 0;
    for (let k = 0; k < division.count(group); k++) sum += division.capOf(list[k]!);
    return sum;
  }

  /** Changes caps of all members of a group before it is shared again. */
  recap(group: number, capOf: (flight: number) => number, now: number): void {
    const { division } = this;
    const list = division.membersOf(group);
    for (let k = 0; k < division.count(group); k++) division.recap(list[k]!, capOf(list[k]!));
    this.share(group, now);
  }

  /** Some member of the group whose end is here, in order of joining; −1 when none is left. */
  ended(group: number, now: number): number {
    const list = this.division.membersOf(group);
    const count = this.division.count(group);
    for (let k = 0; k < count; k++) if (this.endAt[list[k]!]! <= now) return list[k]!;
    return -1;
  }

  private share(group: number, now: number): void {
    const changed = this.division.divide(group);
    for (let i = 0; i < changed.length; i++) this.pace(changed[i]!, now);
  }

  /** Members go on at their shares. A member whose rate stays the same keeps its end to the bit. */
  private pace(group: number, now: number): void {
    const { rate, since, rest, endAt } = this;
    const { share } = this.division;
    const list = this.division.membersOf(group);
    const count = this.division.count(group);
    let first = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const flight = list[k]!;
      const fresh = share[flight]!;
      if (fresh !== rate[flight]) {
        if (rate[flight]! > 0 && now > since[flight]!) rest[flight] = Math.max(0, rest[flight]! - rate[flight]! * (now - since[flight]!));
        since[flight] = now;
        rate[flight] = fresh;
        endAt[flight] = now + microsUntil(rest[flight]!, fresh);
      }
      if (endAt[flight]! < first) first = endAt[flight]!;
    }
    if (first === Number.POSITIVE_INFINITY) this.timers.delete(this.actor + group);
    else this.timers.set(this.actor + group, first);
  }
}
