// Who has how much at an instant: members of groups, each with a cap and a weight; a group's capacity is water-filled over
// them. Groups that lie in one common room (hosts of one machine) have no more than what the water-filling of the room over what
// they want leaves them; there, urgent members come first: what wakes now and then is served before what runs through. Knows no time.
// Source: capped processor sharing as in SimGrid's CPU model. Judge: test/reference/share.ts in lock-step.
import { SLACK, waterFill } from "./water-fill.js";

/** What groups have in common: `of[g]` the room of a group, −1 = none; `takes[g]` units of the room for one of the group's. */
export interface Rooms {
  readonly of: Int32Array;
  readonly size: Float64Array;
  readonly takes: Float64Array;
}

/** What urgent members are to the others. */
export interface Urgency {
  /** By group, what they take from the others there, and in their room, for one unit that they have. Null: one. */
  readonly takes: Float64Array | null;
  /** What one has beside others of its group that want so many units, for one that it has alone; NaN: a part like theirs. Null: always. */
  readonly beside: ((group: number, wanted: number) => number) | null;
}

export const EVEN: Urgency = { takes: null, beside: null };

/** How a member differs from others: served first in a group and a room that are short; of what is split, by weight. */
export interface Kind {
  readonly urgent?: boolean;
  readonly weight?: number;
}

/** Members that are not urgent, and those that are. */
const CLASSES = [0, 1] as const;
const URGENT = 1;
/** Of a group's capacity, what one member can have beside others. */
const MOST = 0.99;

export class Division {
  /** By member, what it has, in the unit of capacities. */
  readonly share: Float64Array;
  readonly groupOf: Int32Array;
  private readonly members: Int32Array[];
  private readonly counts: Int32Array;
  private readonly cap: Float64Array;
  private readonly weight: Float64Array;
  private readonly isUrgent: Uint8Array;
  private readonly alone: readonly Int32Array[];
  private readonly inRoom: readonly Int32Array[];
  /** By room: whether its groups want more than it has. */
  private readonly tight: Uint8Array;
  /** By class, then by group in the order of its room: units of the room. */
  private readonly wants: readonly [Float64Array, Float64Array];
  private readonly given: readonly [Float64Array, Float64Array];
  private caps = new Float64Array(16);
  /** Null as long as all weigh alike; never where urgent members may weigh something else. */
  private weights: Float64Array | null = null;
  private parts = new Float64Array(16);

  constructor(
    private readonly capacity: Float64Array,
    members: number,
    private readonly rooms: Rooms | null,
    private readonly urgency: Urgency,
  ) {
    const groups = Array.from(capacity, (_, g) => g);
    if (urgency.beside !== null) this.weights = new Float64Array(this.caps.length);
    const inRooms = rooms === null ? 0 : capacity.length;
    this.alone = groups.map((g) => Int32Array.of(g));
    this.inRoom = Array.from(rooms?.size ?? [], (_, room) => Int32Array.from(groups.filter((g) => rooms!.of[g] === room)));
    this.tight = new Uint8Array(this.inRoom.length);
    this.wants = [new Float64Array(inRooms), new Float64Array(inRooms)];
    this.given = [new Float64Array(inRooms), new Float64Array(inRooms)];
    this.members = groups.map(() => new Int32Array(8));
    this.counts = new Int32Array(capacity.length);
    this.groupOf = new Int32Array(members);
    this.share = new Float64Array(members);
    this.cap = new Float64Array(members);
    this.weight = new Float64Array(members);
    this.isUrgent = new Uint8Array(members);
  }

  count(group: number): number {
    return this.counts[group]!;
  }

  /** Share of the group's room that members that are not urgent would have, were nothing but their groups to limit them, at most all of it. */
  crowd(group: number): number {
    const room = this.rooms === null ? -1 : this.rooms.of[group]!;
    if (room < 0) return 0;
    let wanted = 0;
    for (const other of this.inRoom[room]!) {
      let own = 0;
      for (let k = 0; k < this.counts[other]!; k++) if (this.classAt(other, k) !== URGENT) own += this.cap[this.members[other]![k]!]!;
      wanted += Math.min(own, this.capacity[other]!) * this.rooms!.takes[other]!;
    }
    return Math.min(1, wanted / this.rooms!.size[room]!);
  }

  /** The first `count` are those of the group, in order of joining. */
  membersOf(group: number): Int32Array {
    return this.members[group]!;
  }

  capOf(member: number): number {
    return this.cap[member]!;
  }

  add(group: number, member: number, cap: number, { urgent = false, weight = 1 }: Kind): void {
    const at = this.counts[group]!++;
    let list = this.members[group]!;
    if (at === list.length) {
      const grown = new Int32Array(list.length * 2);
      grown.set(list);
      this.members[group] = list = grown;
    }
    list[at] = member;
    this.groupOf[member] = group;
    this.cap[member] = cap;
    this.weight[member] = weight;
    if (weight !== 1) this.weights ??= new Float64Array(this.caps.length);
    this.isUrgent[member] = urgent ? 1 : 0;
  }

  remove(member: number): void {
    const group = this.groupOf[member]!;
    const list = this.members[group]!;
    const count = --this.counts[group]!;
    let at = 0;
    while (list[at] !== member) at++;
    for (; at < count; at++) list[at] = list[at + 1]!;
  }

  recap(member: number, cap: number): void {
    this.cap[member] = cap;
  }

  /** Divides anew what the group has, and its room where that is short, or was until now. Whose members' shares that may have changed. */
  divide(group: number): Int32Array {
    const room = this.rooms === null ? -1 : this.rooms.of[group]!;
    if (room < 0) {
      this.split(group);
      return this.alone[group]!;
    }
    const groups = this.inRoom[room]!;
    const size = this.rooms!.size[room]!;
    for (let i = 0; i < groups.length; i++) this.split(groups[i]!);
    const urgent = this.demand(groups, URGENT);
    const others = this.demand(groups, 0);
    const left = Math.max(0, size - this.taken(groups) * Math.min(1, size / urgent));
    const isTight = urgent > size * SLACK || others > left * SLACK;
    const wasTight = this.tight[room] === 1;
    this.tight[room] = isTight ? 1 : 0;
    if (!isTight) return wasTight ? groups : this.alone[group]!;
    waterFill(this.wants[URGENT], null, groups.length, size, this.given[URGENT]);
    waterFill(this.wants[0], null, groups.length, left, this.given[0]);
    for (let i = 0; i < groups.length; i++) for (const one of CLASSES) this.confine(groups[i]!, i, one);
    return groups;
  }

  /** What members of a class would have if nothing but their groups' capacities limited them: in all, by group in `wants`. */
  private demand(groups: Int32Array, one: 0 | 1): number {
    let sum = 0;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i]!;
      let own = 0;
      for (let k = 0; k < this.counts[group]!; k++) if (this.classAt(group, k) === one) own += this.share[this.members[group]![k]!]!;
      this.wants[one][i] = own * this.rooms!.takes[group]!;
      sum += this.wants[one][i]!;
    }
    return sum;
  }

  /** What urgent members would take from the others of the room, had they all that they want. */
  private taken(groups: Int32Array): number {
    let sum = 0;
    for (let i = 0; i < groups.length; i++)
      sum += this.wants[URGENT][i]! * (this.urgency.takes === null ? 1 : this.urgency.takes[groups[i]!]!);
    return sum;
  }

  /** Shares among the members of a class what the room gave them, nobody above what he had without it. */
  private confine(group: number, i: number, one: 0 | 1): void {
    if (this.given[one][i]! >= this.wants[one][i]!) return;
    const count = this.gather(group, this.share);
    for (let k = 0; k < count; k++) if (this.classAt(group, k) !== one) this.caps[k] = 0;
    waterFill(this.caps, this.weights, count, this.given[one][i]! / this.rooms!.takes[group]!, this.parts);
    this.deal(group, one);
  }

  /** Of the group's capacity everybody has a share, of which urgent ones leave the others what they do not take. */
  private split(group: number): void {
    const capacity = this.capacity[group]!;
    const count = this.gather(group, this.cap);
    this.weighUrgent(group, count, capacity);
    waterFill(this.caps, this.weights, count, capacity, this.parts);
    const list = this.members[group]!;
    for (let k = 0; k < count; k++) this.share[list[k]!] = this.parts[k]!;
    if (this.urgency.takes === null) return;
    let urgent = 0;
    for (let k = 0; k < count; k++) if (this.classAt(group, k) === URGENT) urgent += this.parts[k]!;
    if (urgent === 0) return;
    for (let k = 0; k < count; k++) if (this.classAt(group, k) === URGENT) this.caps[k] = 0;
    waterFill(this.caps, this.weights, count, Math.max(0, capacity - this.urgency.takes[group]! * urgent), this.parts);
    this.deal(group, 0);
  }

  /** Gives each urgent member the weight by which it has beside the others what it should, were it the only one. */
  private weighUrgent(group: number, count: number, capacity: number): void {
    const { beside } = this.urgency;
    if (beside === null) return;
    let wanted = 0;
    let weight = 0;
    let others = 0;
    for (let k = 0; k < count; k++) {
      if (this.classAt(group, k) === URGENT) continue;
      others++;
      wanted += this.caps[k]!;
      weight += this.weights![k]!;
    }
    if (others === 0 || others === count) return;
    const part = beside(group, wanted) / capacity;
    if (Number.isNaN(part)) return;
    for (let k = 0; k < count; k++) {
      if (this.classAt(group, k) !== URGENT) continue;
      const own = Math.min(MOST, this.caps[k]! * part);
      this.weights![k] = (weight * own) / (1 - own);
    }
  }

  private classAt(group: number, k: number): number {
    return this.isUrgent[this.members[group]![k]!]!;
  }

  /** Caps and weights of the group's members side by side; how many they are. */
  private gather(group: number, capOf: Float64Array): number {
    const list = this.members[group]!;
    const count = this.counts[group]!;
    if (count > this.caps.length) {
      this.caps = new Float64Array(count * 2);
      if (this.weights !== null) this.weights = new Float64Array(count * 2);
      this.parts = new Float64Array(count * 2);
    }
    for (let k = 0; k < count; k++) this.caps[k] = capOf[list[k]!]!;
    if (this.weights !== null) for (let k = 0; k < count; k++) this.weights[k] = this.weight[list[k]!]!;
    return count;
  }

  private deal(group: number, one: 0 | 1): void {
    const list = this.members[group]!;
    for (let k = 0; k < this.counts[group]!; k++) if (this.isUrgent[list[k]!] === one) this.share[list[k]!] = this.parts[k]!;
  }
}
