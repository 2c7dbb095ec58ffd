// Nix's offering. Goals run in waves, each sorted by the name of the .drv file; ends are noticed only when no goal is awake;
// what nobody had room for is postponed until the poll tick, what was declined waits for the local slot.
// Rules: Worker::run, waitForAWhile, waitForBuildSlot of Nix 2.8–2.34 as read and measured. The slow, literal form: one list per
// wave ahead (wave-lists.ts). How long it sleeps: poll-clock.ts.
import { COORDINATOR, type TaskId } from "#base/units.js";
import { isAllowed } from "#model/problem.js";
import type { Offering } from "./conduct.js";
import { depthBelowRoots } from "./depth.js";
import type { Notice, Offers, Wait } from "./offering.js";
import type { Outputs } from "./outputs.js";
import { PollClock } from "./poll-clock.js";
import { Ids } from "./span.js";
import { READY, type State } from "./state.js";
import { WaveLists } from "./wave-lists.js";

type Waves = Extract<Offering, { kind: "waves" }>;

/** Where a goal stands. */
const AWAY = 0;
const AWAKE = 1;
const OFFERED = 2;
const POSTPONED = 3;
const FOR_SLOT = 4;

export class OfferWaves implements Offers {
  readonly readied = new Ids();
  readonly ended = new Ids();
  private readonly clock: PollClock;
  private readonly waves: WaveLists;
  /** The goals of the wave that is being asked; those that were answered stay in it until it is over. */
  private readonly offered = new Ids();
  private unanswered = 0;
  /** Everybody before this place of `offered` has been answered. */
  private answeredTo = 0;
  private readonly postponed = new Ids();
  private readonly slotWaiters = new Ids();
  private readonly pending = new Ids();
  private readonly stand: Uint8Array;
  private readonly declined: Uint8Array;
  private readonly depth: Int32Array;
  private readonly postponedAt: Float64Array;
  private childSpoke = false;
  private refused = 0;
  /** Some goal of this wave found no local slot. */
  private filled = false;
  /** Some goal was passed in this round. */
  private answered = false;
  /** Waves from now until a goal readied in this notice asks. */
  private lag = 0;

  constructor(
    private readonly rule: Waves,
    private readonly state: State,
    private readonly notice: Notice,
    /** Called with (task, from) when a postponed task is asked again with success. */
    private readonly wasPostponed: (task: number, from: number) => void,
    /** What other clients build and have built; null = there is none. */
    private readonly outputs: Outputs | null,
    /** The goal gets its lock and finds its output valid. */
    private readonly found: (task: number) => void,
  ) {
    const { graph } = state.problem;
    this.stand = new Uint8Array(graph.count);
    this.declined = new Uint8Array(graph.count);
    this.postponedAt = new Float64Array(graph.count).fill(-1);
    this.depth = depthBelowRoots(graph);
    this.clock = new PollClock(rule.pollSeconds, graph.count);
    this.waves = new WaveLists(graph.goalRank);
  }

  get pollAt(): number {
    return this.clock.at;
  }

  ready(task: number, leaf: boolean): void {
    this.wakeIn(task, leaf ? 1 + Math.max(0, this.depth[task]!) * this.rule.wavesPerLevel : Math.max(1, this.lag));
  }

  back(task: number): void {
    this.pending.push(task);
  }

  spoke(): void {
    this.childSpoke = true;
  }

  prepare(now: number): boolean {
    do {
      while (this.unanswered === 0) if (!this.nextWave() && !this.poll(now)) return false;
      if (this.outputs !== null) this.meetOthers(this.outputs);
    } while (this.unanswered === 0);
    return true;
  }

  /** Goals whose turn it is while another client holds the lock wait for the tick; what is valid by now is done without a question. */
  private meetOthers(outputs: Outputs): void {
    const { offered } = this;
    for (; this.answeredTo < offered.length; this.answeredTo++) {
      const task = offered.ids[this.answeredTo]!;
      if (!this.isUnanswered(task)) continue;
      if (outputs.isWanting(task)) return;
      this.unanswered--;
      if (outputs.isLocked(task)) this.postpone(task);
      else this.find(task);
    }
  }

  /** Its dependents ask as many waves later as after a build, less the one in which an end is looked at. */
  private find(task: number): void {
    const { lag } = this;
    this.lag = this.rule.wavesToAsk - 1;
    this.stand[task] = AWAY;
    this.declined[task] = 0;
    this.postponedAt[task] = -1;
    this.ended.push(task);
    this.found(task);
    this.lag = lag;
  }

  asksMachine(): boolean {
    const { offered } = this;
    while (this.answeredTo < offered.length && !this.isUnanswered(offered.ids[this.answeredTo]!)) this.answeredTo++;
    for (let i = this.answeredTo; i < offered.length; i++) {
      const task = offered.ids[i]!;
      if (this.isOffered(task) && this.declined[task] === 0 && !this.staysLocal(task)) return true;
    }
    return false;
  }

  isOffered(task: number): boolean {
    return this.isUnanswered(task) && (this.outputs === null || this.outputs.isWanting(task));
  }

  private isUnanswered(task: number): boolean {
    return this.stand[task] === OFFERED && this.state.phase[task] === READY;
  }

  isDeclined(task: number): boolean {
    return this.declined[task] === 1;
  }

  started(task: number): void {
    this.stand[task] = AWAY;
    this.unanswered--;
    this.declined[task] = 0;
    if (this.postponedAt[task]! < 0) return;
    this.wasPostponed(task, this.postponedAt[task]!);
    this.postponedAt[task] = -1;
  }

  again(task: number): void {
    this.stand[task] = OFFERED;
    this.unanswered++;
    this.answeredTo = 0;
    this.readied.push(task);
  }

  pass(task: number, until: Wait): void {
    if (this.stand[task] !== OFFERED) return;
    this.unanswered--;
    this.answered = true;
    if (this.declined[task] === 0) this.refused++;
    if (until === "tick") {
      this.postpone(task);
    } else if (until === "local-slot" && this.declined[task] === 0) {
      this.declined[task] = 1;
      this.wakeIn(task, 1);
    } else {
      this.declined[task] = 0;
      this.stand[task] = FOR_SLOT;
      this.slotWaiters.push(task);
      this.filled = true;
    }
  }

  /** What a round without any answer leaves alone is postponed; after an answer the rest is asked on. */
  close(startedAny: boolean): number {
    const { offered } = this;
    if (!startedAny && !this.answered) {
      for (let i = 0; i < offered.length; i++) if (this.isUnanswered(offered.ids[i]!)) this.pass(offered.ids[i]!, "tick");
      this.unanswered = 0;
    }
    this.answered = false;
    this.readied.clear();
    this.ended.clear();
    const { refused } = this;
    this.refused = 0;
    if (refused > 0 && !startedAny) this.clock.inVain();
    return refused;
  }

  /** preferLocalBuild, and the coordinator can: Nix never asks for a machine. */
  private staysLocal(task: number): boolean {
    const { problem } = this.state;
    const local = problem.tasks.preferLocal[task] === 1 && problem.hosts.maxJobs[COORDINATOR]! > 0;
    return local && isAllowed(problem, task as TaskId, COORDINATOR);
  }

  private postpone(task: number): void {
    this.declined[task] = 0;
    this.stand[task] = POSTPONED;
    this.postponed.push(task);
    if (this.postponedAt[task]! < 0) this.postponedAt[task] = this.state.now;
  }

  private wakeIn(task: number, waves: number): void {
    this.stand[task] = AWAKE;
    this.waves.put(task, waves);
  }

  /** Offers the next wave that has goals; false when nobody is awake. */
  private nextWave(): boolean {
    const { offered, readied } = this;
    if (this.rule.wake === "free-local-slots") this.wakeAfterWave();
    const wave = this.waves.next();
    if (wave === null) return false;
    offered.clear();
    this.answeredTo = 0;
    for (let i = 0; i < wave.length; i++) {
      const task = wave.ids[i]!;
      if (this.state.phase[task] !== READY) continue;
      this.stand[task] = OFFERED;
      readied.push(task);
      offered.push(task);
      this.unanswered++;
    }
    return true;
  }

  /** A waiter that was woken and went to a machine left the local slot to another. Who waits although one is free waits for something else. */
  private wakeAfterWave(): void {
    if (!this.filled) this.wakeSome(this.slotsFree, 1);
    this.filled = false;
  }

  /** What woke the loop is looked at: ends, then the tick. False while it sleeps. */
  private poll(now: number): boolean {
    const { clock, postponed } = this;
    clock.sleep(now, postponed.length > 0);
    const isHeard = this.pending.length > 0 || this.childSpoke;
    if (!isHeard && now < clock.at) return false;
    clock.wake(isHeard);
    this.childSpoke = false;
    this.noticeEnds();
    if (postponed.length > 0 && clock.ticks(now)) this.wakeAll(postponed, 1);
    return true;
  }

  private noticeEnds(): void {
    const { pending, rule } = this;
    if (pending.length === 0) return;
    this.lag = rule.wavesToAsk;
    for (let i = 0; i < pending.length; i++) if (this.notice(pending.ids[i]!)) this.ended.push(pending.ids[i]!);
    if (rule.wake === "all") this.wakeAll(this.slotWaiters, rule.wavesToRetry);
    else this.wakeSome(rule.wake === "one" ? pending.length : this.slotsFree, rule.wavesToRetry);
    pending.clear();
  }

  private wakeAll(list: Ids, waves: number): void {
    for (let i = 0; i < list.length; i++) this.wakeIn(list.ids[i]!, waves);
    list.clear();
  }

  /** By name: which of them Nix takes from 2.35 on depends on their addresses. */
  private wakeSome(most: number, waves: number): void {
    const { slotWaiters } = this;
    this.waves.sort(slotWaiters);
    const woken = Math.min(slotWaiters.length, most);
    for (let i = 0; i < woken; i++) this.wakeIn(slotWaiters.ids[i]!, waves);
    slotWaiters.ids.copyWithin(0, woken, slotWaiters.length);
    slotWaiters.length -= woken;
  }

  private get slotsFree(): number {
    const { slots, home } = this.state;
    return Math.max(0, slots.slotsFree[home]!);
  }
}
