// Processor sharing over groups (the hosts' CPUs, their internet, the coordinator's links): members have an amount of
// work left and a cap; a group's capacity is water-filled over them. Groups that lie in one common room (hosts of one machine)
// have no more than what the water-filling of the room over what they want leaves them; there, urgent members come first: what
// wakes now and then is served before what runs through. Knows amounts and rates only.
// Assumes: fluid sharing, no switching cost. Ignores: SMT, turbo, cache, round trips. Source: capped processor sharing
// as in SimGrid's CPU model. Judge: test/reference/share.ts in lock-step.
import { microsUntil, type Timers } from "./timers.js";
import { SLACK, waterFill } from "./water-fill.js";

/** What groups have in common: `of[g]` the room of a group, −1 = none; `takes[g]` units of the room for one of the group's. */
export interface Rooms {
  readonly of: Int32Array;
  readonly size: Float64Array;
  readonly takes: Float64Array;
}

/** Members that are not urgent, and those that are. */
const CLASSES = [0, 1] as const;
const URGENT = 1;

export class Sharing {
  private readonly members: Int32Array[];
  private readonly counts: Int32Array;
  private readonly groupOf: Int32Array;
  private readonly rest: Float64Array;
  private readonly cap: Float64Array;
  private readonly rate: Float64Array;
  private readonly since: Float64Array;
  private readonly endAt: Float64Array;
  private caps = new Float64Array(16);
  private shares = new Float64Array(16);
  private part = new Float64Array(16);
  private readonly inRoom: readonly Int32Array[];
  /** By room: whether its groups want more than it has. */
  private readonly tight: Uint8Array;
  private readonly isUrgent: Uint8Array;
  /** By class, then by group in the order of its room: units of the room. */
  private readonly wants: readonly [Float64Array, Float64Array];
  private readonly given: readonly [Float64Array, Float64Array];

  /** `capacity[g]` in units per µs; members are flights below `flights`; group g fires timer `actor + g`. Urgent members take that much from others for one unit. */
  constructor(
    private readonly capacity: Float64Array,
    flights: number,
    private readonly timers: Timers,
    private readonly actor: number,
    private readonly rooms: Rooms | null,
    private readonly urgentTakes = 1,
  ) {
    const groups = Array.from(capacity, (_, g) => g);
    this.inRoom = Array.from(rooms?.size ?? [], (_, room) => Int32Array.from(groups.filter((g) => rooms!.of[g] === room)));
    this.tight = new Uint8Array(this.inRoom.length);
    const inRooms = rooms === null ? 0 : capacity.length;
    this.isUrgent = new Uint8Array(flights);
    this.wants = [new Float64Array(inRooms), new Float64Array(inRooms)];
    this.given = [new Float64Array(inRooms), new Float64Array(inRooms)];
    this.members = Array.from({ length: capacity.length }, () => new Int32Array(8));
    this.counts = new Int32Array(capacity.length);
    this.groupOf = new Int32Array(flights);
    this.rest = new Float64Array(flights);
    this.cap = new Float64Array(flights);
    this.rate = new Float64Array(flights);
    this.since = new Float64Array(flights);
    this.endAt = new Float64Array(flights);
  }

  /** `amount` in units, `cap` in units per µs. */
  join(group: number, flight: number, amount: number, cap: number, now: number, urgent = false): void {
    const at = this.counts[group]!++;
    let list = this.members[group]!;
    if (at === list.length) {
      const grown = new Int32Array(list.length * 2);
      grown.set(list);
      this.members[group] = list = grown;
    }
    list[at] = flight;
    this.groupOf[flight] = group;
    this.rest[flight] = amount;
    this.cap[flight] = cap;
    this.isUrgent[flight] = urgent ? 1 : 0;
    this.rate[flight] = -1;
    this.since[flight] = now;
    this.share(group, now);
  }

  /** Removes a member, done or not; returns the units it had left. */
  leave(flight: number, now: number): number {
    const group = this.groupOf[flight]!;
    const list = this.members[group]!;
    const count = --this.counts[group]!;
    let at = 0;
    while (list[at] !== flight) at++;
    for (; at < count; at++) list[at] = list[at + 1]!;
    const over = this.endAt[flight]! <= now;
    const rest = over ? 0 : this.rest[flight]! - (now > this.since[flight]! ? this.rate[flight]! * (now - this.since[flight]!) : 0);
    this.share(group, now);
    return Math.max(0, rest);
  }

  count(group: number): number {
    return this.counts[group]!;
  }

  member(group: number, k: number): number {
    return this.members[group]![k]!;
  }

  /** Sum of the caps of a group's members. */
  wanted(group: number): number {
    let sum = 0;
    for (let k = 0; k < this.counts[group]!; k++) sum += this.cap[this.members[group]![k]!]!;
    return sum;
  }

  /** Changes caps of all members of a group before it is shared again. */
  recap(group: number, capOf: (flight: number) => number, now: number): void {
    for (let k = 0; k < this.counts[group]!; k++) {
      const flight = this.members[group]![k]!;
      this.cap[flight] = capOf(flight);
    }
    this.share(group, now);
  }

  /** Some member of the group whose end is here, in order of joining; −1 when none is left. */
  ended(group: number, now: number): number {
    const list = this.members[group]!;
    const count = this.counts[group]!;
    for (let k = 0; k < count; k++) if (this.endAt[list[k]!]! <= now) return list[k]!;
    return -1;
  }

  /** Shares the capacity anew, and the room's where it is short, or was until now. */
  private share(group: number, now: number): void {
    const room = this.rooms === null ? -1 : this.rooms.of[group]!;
    if (room >= 0) this.shareRoom(room, group, now);
    else this.fill(group, this.capacity[group]!, now);
  }

  private shareRoom(room: number, changed: number, now: number): void {
    const { size } = this.rooms!;
    const groups = this.inRoom[room]!;
    const { wants, given } = this;
    let urgent = 0;
    let others = 0;
    for (let i = 0; i < groups.length; i++) {
      this.demand(groups[i]!, i);
      urgent += wants[URGENT][i]!;
      others += wants[0][i]!;
    }
    const left = size[room]! - this.urgentTakes * Math.min(urgent, size[room]!);
    const wasTight = this.tight[room] === 1;
    const isTight = urgent > size[room]! * SLACK || others > left * SLACK;
    this.tight[room] = isTight ? 1 : 0;
    if (!isTight && !wasTight) return this.fill(changed, this.capacity[changed]!, now);
    waterFill(wants[URGENT], groups.length, size[room]!, given[URGENT]);
    waterFill(wants[0], groups.length, left, given[0]);
    for (let i = 0; i < groups.length; i++) this.fillGiven(groups[i]!, i, now);
  }

  /** What each class of a group would have if nothing but the group's capacity limited it. */
  private demand(group: number, i: number): void {
    const takes = this.rooms!.takes[group]!;
    this.split(group, this.capacity[group]!);
    for (const one of CLASSES) {
      let sum = 0;
      for (let k = 0; k < this.counts[group]!; k++) if (this.classAt(group, k) === one) sum += this.shares[k]!;
      this.wants[one][i] = sum * takes;
    }
  }

  /** Shares among the members of each class what it was given, nobody above what he would have had without the room. */
  private fillGiven(group: number, i: number, now: number): void {
    const count = this.counts[group]!;
    this.split(group, this.capacity[group]!);
    const { caps, shares, part } = this;
    for (const one of CLASSES) {
      if (this.given[one][i]! >= this.wants[one][i]!) continue;
      for (let k = 0; k < count; k++) caps[k] = this.classAt(group, k) === one ? shares[k]! : 0;
      waterFill(caps, count, this.given[one][i]! / this.rooms!.takes[group]!, part);
      for (let k = 0; k < count; k++) if (this.classAt(group, k) === one) shares[k] = part[k]!;
    }
    this.pace(group, now);
  }

  private classAt(group: number, k: number): number {
    return this.isUrgent[this.members[group]![k]!]!;
  }

  private fill(group: number, capacity: number, now: number): void {
    this.split(group, capacity);
    this.pace(group, now);
  }

  /** Writes what each member of a group has of a capacity: an even share, of which urgent ones leave the others what they do not take. */
  private split(group: number, capacity: number): void {
    const list = this.members[group]!;
    const count = this.counts[group]!;
    if (count > this.caps.length) {
      this.caps = new Float64Array(count * 2);
      this.shares = new Float64Array(count * 2);
      this.part = new Float64Array(count * 2);
    }
    for (let k = 0; k < count; k++) this.caps[k] = this.cap[list[k]!]!;
    waterFill(this.caps, count, capacity, this.shares);
    if (this.urgentTakes === 1) return;
    let urgent = 0;
    for (let k = 0; k < count; k++) if (this.classAt(group, k) === URGENT) urgent += this.shares[k]!;
    if (urgent === 0) return;
    for (let k = 0; k < count; k++) if (this.classAt(group, k) === URGENT) this.caps[k] = 0;
    waterFill(this.caps, count, capacity - this.urgentTakes * urgent, this.part);
    for (let k = 0; k < count; k++) if (this.classAt(group, k) !== URGENT) this.shares[k] = this.part[k]!;
  }

  /** Members go on at their shares. A member whose rate stays the same keeps its end to the bit. */
  private pace(group: number, now: number): void {
    const { rate, since, rest, endAt, shares } = this;
    const list = this.members[group]!;
    const count = this.counts[group]!;
    let first = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const flight = list[k]!;
      const fresh = shares[k]!;
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
