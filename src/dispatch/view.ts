// What a policy sees: the state through estimates. Reads, never writes. Judges "may it run there" by the problem and
// by --prefer; "would it fit now" by slots and memory.
import { COORDINATOR, type HostId, type Instant, type TaskId } from "#base/units.js";
import { aloneSeconds, busyCores, carrySeconds, isAllowed, type Problem } from "#model/problem.js";
import type { Offers } from "./offering.js";
import type { Span, View } from "./policy.js";
import type { Presence } from "./presence.js";
import { Ids } from "./span.js";
import { FAILED, type State } from "./state.js";

/**
 * A build that should be over is expected to take that share of its time so far once more: durations have heavy tails, so
 * what is late is probably much too late. Assumption; 0.1 to 0.3 did best of 0, 0.1, 0.3, 1 on the book's worlds (8 % sooner).
 */
const OVERRUN = 0.3;

export class StateView implements View {
  asking = false;
  round = 0;
  readonly hostsChanged = new Ids();
  private readonly hostCount: number;
  private readonly classOf: Int32Array;
  private readonly denied: Uint8Array;
  private readonly memoryNeeded: Float64Array;
  private readonly memoryOf: Float64Array;
  private readonly slotsFreeIn: Int32Array;
  private readonly memoryUsed: Float64Array;
  private readonly upOf: Uint8Array;
  private readonly home: number;

  constructor(
    private readonly problem: Problem,
    private readonly state: State,
    private readonly offers: Offers,
    private readonly presence: Presence | null,
    private readonly prefer: readonly HostId[],
    /** Inputs travel from the instant their producer ends (textbook), not once their consumer is placed. */
    private readonly fromProduced: boolean,
    /** Builds of a host share its cores; otherwise they never slow each other down. */
    private readonly sharedCores: boolean,
  ) {
    const { tasks, hosts, demand } = problem;
    this.hostCount = hosts.count;
    this.classOf = tasks.classOf;
    this.denied = demand.denied;
    this.memoryNeeded = tasks.memoryBytes;
    this.memoryOf = hosts.memoryBytes;
    this.slotsFreeIn = state.slots.slotsFree;
    this.memoryUsed = state.slots.memoryUsed;
    this.upOf = state.up;
    this.home = state.home;
  }

  get now(): Instant {
    return this.state.now as Instant;
  }

  get readied(): Span {
    return this.offers.readied;
  }

  get ended(): Span {
    return this.offers.ended;
  }

  isReady(task: TaskId): boolean {
    return this.offers.isOffered(task);
  }

  failed(task: TaskId): boolean {
    return this.state.phase[task] === FAILED;
  }

  hostOf(task: TaskId): number {
    return this.state.hostOf[task]!;
  }

  up(host: HostId): boolean {
    return this.state.up[host] === 1;
  }

  running(host: HostId): number {
    return this.state.slots.running[this.state.place(host)]!;
  }

  get open(): Span {
    return this.state.open;
  }

  slotsFree(host: HostId): number {
    return this.state.up[host] === 1 ? this.state.slots.slotsFree[this.state.place(host)]! : 0;
  }

  coresFree(host: HostId): number {
    return this.problem.hosts.cores[host]! - this.state.slots.coresGranted[this.state.place(host)]!;
  }

  memoryFree(host: HostId): number {
    return this.problem.hosts.memoryBytes[host]! - this.state.slots.memoryUsed[this.state.place(host)]!;
  }

  freeTimes(host: HostId, into: Float64Array): void {
    const { state } = this;
    const { slots } = state;
    const place = state.place(host);
    const running = slots.running[place]!;
    for (let k = 0; k < into.length; k++) {
      if (k >= running) {
        into[k] = state.now;
        continue;
      }
      const slot = slots.held(place, k);
      const since = slots.heldSince(slot);
      const due = since + this.time(slots.holder(slot) as TaskId, host) * 1e6;
      into[k] = due > state.now ? due : state.now + OVERRUN * (state.now - since);
    }
    if (into.length > 1) into.sort();
  }

  may(task: TaskId, host: HostId): boolean {
    if (!isAllowed(this.problem, task, host)) return false;
    return this.prefer.length === 0 || this.prefer.includes(host) || !this.prefer.some((other) => this.fits(task, other));
  }

  room(task: TaskId, host: HostId): boolean {
    return this.fits(task, host) && (this.prefer.length === 0 || this.may(task, host));
  }

  time(task: TaskId, host: HostId): number {
    return aloneSeconds(this.problem, task, host, this.problem.hosts.coresPerBuild[host]!);
  }

  busy(task: TaskId, host: HostId): number {
    return this.sharedCores ? busyCores(this.problem, task, host, this.problem.hosts.coresPerBuild[host]!) : 0;
  }

  coresBusy(host: HostId): number {
    if (!this.sharedCores) return 0;
    const { slots } = this.state;
    const place = this.state.place(host);
    let sum = 0;
    for (let k = 0; k < slots.running[place]!; k++) sum += this.busy(slots.holder(slots.held(place, k)) as TaskId, host);
    return sum;
  }

  missing(task: TaskId, host: HostId): number {
    return this.presence === null ? 0 : this.presence.missing(task, host);
  }

  carry(task: TaskId, host: HostId): number {
    if (this.presence === null) return 0;
    if (this.fromProduced) return Math.max(0, this.producedInputsAt(task, host) - this.state.now) / 1e6;
    const bytes = this.presence.missing(task, host);
    return bytes === 0 ? 0 : carrySeconds(this.problem, COORDINATOR, host, bytes);
  }

  declined(task: TaskId): boolean {
    return this.offers.isDeclined(task);
  }

  /** Instant (µs) at which the last input is there, had each left its producer when that ended. */
  private producedInputsAt(task: TaskId, host: HostId): number {
    return inputsAt(this.problem, this.state, this.presence!, task, host);
  }

  /** Memory that is free on a host is never more than it has, so the host's own limit needs no test here. */
  private fits(task: TaskId, host: HostId): boolean {
    const place = host === COORDINATOR ? this.home : host;
    if (this.slotsFreeIn[place]! <= 0 || this.upOf[host] !== 1) return false;
    if (this.denied[this.classOf[task]! * this.hostCount + host] !== 0) return false;
    return this.memoryNeeded[task]! <= this.memoryOf[host]! - this.memoryUsed[place]!;
  }
}

/** Textbook transfers: each input leaves when its producer ends, alone on its way; nothing takes no time. Instant (µs) of the last arrival. */
export function inputsAt(problem: Problem, state: State, presence: Presence, task: number, host: number): number {
  let last = 0;
  const own = presence.ownSource(task, host);
  if (own > 0) last = carryMicros(problem, COORDINATOR, host, own);
  const lacking = presence.lacking(task, host);
  for (let k = 0; k < lacking.count; k++) {
    const producer = lacking.producer[k]!;
    if (lacking.bytes[k] === 0) continue;
    last = Math.max(last, state.since[producer]! + carryMicros(problem, state.hostOf[producer]!, host, lacking.bytes[k]!));
  }
  return last;
}

function carryMicros(problem: Problem, from: number, to: number, bytes: number): number {
  return Math.ceil(carrySeconds(problem, from as HostId, to as HostId, bytes) * 1e6 - 2 ** -10);
}
