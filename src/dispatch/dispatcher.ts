// The core: holds what the client knows, is told observations, asks one policy, emits decisions. Without I/O, clock or
// physics, so the same code places builds in the simulator and on real hosts. A forbidden act is our bug: it crashes,
// naming policy and instant.
import { Bug } from "#base/assert.js";
import { COORDINATOR, type HostId, type Instant, type TaskId } from "#base/units.js";
import { hasTransfers, isAllowed, type Problem } from "#model/problem.js";
import { Aftermath } from "./aftermath.js";
import type { Conduct } from "./conduct.js";
import { DecisionBuffer } from "./decisions.js";
import type { Failure, Observer } from "./executor.js";
import { OfferAll, type Offers } from "./offering.js";
import type { Act, Policy } from "./policy.js";
import { Presence } from "./presence.js";
import { Questions } from "./questions.js";
import { DONE, READY, STARTED, State, WAITING } from "./state.js";
import { BUILT, type Trace } from "./trace.js";
import { StateView } from "./view.js";
import { OfferWaves } from "./waves.js";

/** Scores and refusals of one task's decisions, for `explain`. */
export interface Notebook {
  note(task: number, host: number, score: number): void;
  started(task: number, host: number, view: StateView): void;
}

export interface DispatcherOptions {
  readonly policyName: string;
  readonly conduct: Conduct;
  readonly prefer: readonly HostId[];
  /** Whether builds of a host slow each other down once its cores are all busy. */
  readonly sharedCores: boolean;
  readonly notebook: Notebook | null;
}

export class Dispatcher implements Observer, Act {
  readonly decisions = new DecisionBuffer();
  readonly state: State;
  readonly presence: Presence | null;
  readonly view: StateView;
  private readonly offers: Offers;
  private readonly questions: Questions;
  private readonly aftermath: Aftermath;
  private readonly serial: boolean;
  /** Whether a question can be put at once. */
  private hookReady: boolean;
  private hookStarting = false;
  private stirred = true;
  private startedInRound = 0;
  private readonly freeWhenNoticed: Uint8Array | null;

  constructor(
    private readonly problem: Problem,
    private readonly policy: Policy,
    readonly trace: Trace,
    private readonly options: DispatcherOptions,
  ) {
    const { conduct } = options;
    this.state = new State(problem);
    this.presence = hasTransfers(problem) ? new Presence(problem, this.state.hostOf) : null;
    this.serial = conduct.timing.ask === "serial";
    this.hookReady = !this.serial || conduct.timing.hookSeconds === 0;
    const notice = (task: number): void => this.notice(task);
    this.offers =
      conduct.offering.kind === "all"
        ? new OfferAll(this.state, notice)
        : new OfferWaves(conduct.offering, this.state, notice, (task, from) =>
            this.trace.spans.push({ kind: "postponed", host: -1, task, from, to: this.state.now }),
          );
    this.freeWhenNoticed = conduct.offering.kind === "waves" ? new Uint8Array(problem.graph.count) : null;
    this.view = new StateView(
      problem,
      this.state,
      this.offers,
      this.presence,
      options.prefer,
      conduct.timing.inputs === "produced",
      options.sharedCores,
    );
    this.questions = new Questions(this.state, trace);
    this.aftermath = new Aftermath(problem, this.state, trace, this.decisions, conduct, {
      free: (task) => this.freeSlot(task),
      ready: (task) => this.makeReady(task, false),
    });
    for (let t = 0; t < this.problem.graph.count; t++) if (this.state.waitingFor[t] === 0) this.makeReady(t, true);
  }

  get done(): boolean {
    return this.state.unfinished === 0;
  }

  /** Lets the policy decide until nothing changes at this instant, or until a serial ask is under way. */
  settle(now: Instant): void {
    const { decisions, view, offers } = this;
    decisions.clear();
    this.state.now = now;
    while (this.stirred && !view.asking && offers.prepare(now)) {
      if (!this.hookReady && offers.asksMachine()) {
        this.hookStarting = view.asking = decisions.hook = true;
        break;
      }
      this.startedInRound = 0;
      view.round++;
      this.policy.decide(view, this);
      const refused = offers.close(this.startedInRound > 0);
      view.hostsChanged.clear();
      decisions.refused += refused;
      if (this.serial && refused > 0 && this.options.conduct.timing.refuseSeconds > 0) view.asking = true;
      if (offers.pollAt === Number.POSITIVE_INFINITY && this.options.conduct.offering.kind === "all") break;
    }
    this.stirred = false;
    // A poll that falls due while the client is busy is seen once it is free.
    if (!view.asking) decisions.wakeAt = Math.min(decisions.wakeAt, offers.pollAt);
  }

  // ---- Act

  start(task: TaskId, host: HostId, cores: number): void {
    const { state, trace, offers } = this;
    if (!offers.isOffered(task)) this.crash(task, host, "is not offered");
    if (state.up[host] !== 1 || state.slotsFree[host]! <= 0) this.crash(task, host, "has no free slot there");
    if (!isAllowed(this.problem, task, host)) this.crash(task, host, "may not run there");
    if (!(cores > 0)) this.crash(task, host, `is granted ${cores} cores`);
    this.options.notebook?.started(task, host, this.view);
    const ready = state.since[task]!;
    const slot = state.take(task, host, cores);
    this.questions.asks(task, host);
    const row = trace.open(task, this.aftermath.tries(task) + 1, host, slot, cores, ready, state.now);
    state.row[task] = row;
    offers.started(task);
    this.decisions.start(task, host, cores, row);
    this.startedInRound++;
    if (!this.serial || host === COORDINATOR) return;
    this.view.asking = true;
    if (this.options.conduct.timing.hookSeconds > 0) this.hookReady = false;
  }

  pass(task: TaskId, until: "tick" | "local-slot" | "nobody"): void {
    this.offers.pass(task, until === "nobody" ? "child" : until);
    if (until === "nobody") this.aftermath.nobody(task);
  }

  wakeAt(at: Instant): void {
    if (at > this.state.now && at < this.decisions.wakeAt) this.decisions.wakeAt = at;
  }

  get noting(): boolean {
    return this.options.notebook !== null;
  }

  note(task: TaskId, host: HostId, score: number): void {
    this.options.notebook?.note(task, host, score);
  }

  // ---- Observer

  clientFree(): void {
    this.questions.answered();
    if (this.hookStarting) this.hookReady = true;
    this.hookStarting = false;
    this.view.asking = false;
    this.stirred = true;
  }

  childSpoke(): void {
    this.offers.spoke();
    this.stirred = true;
  }

  built(task: TaskId): void {
    this.presence?.put(task, this.state.hostOf[task]!);
  }

  slotFreed(task: TaskId): void {
    if (this.freeWhenNoticed !== null && this.state.hostOf[task] === COORDINATOR && this.state.phase[task] === STARTED) {
      this.freeWhenNoticed[task] = 1;
      return;
    }
    this.freeSlot(task);
  }

  ended(task: TaskId): void {
    this.offers.back(task);
    this.stirred = true;
  }

  failed(task: TaskId, why: Failure): void {
    this.aftermath.failed(task, why);
    this.stirred = true;
  }

  lost(task: TaskId): void {
    this.aftermath.lost(task);
  }

  unfed(task: TaskId): void {
    this.aftermath.unfed(task);
    this.stirred = true;
  }

  refused(task: TaskId, host: HostId): void {
    this.aftermath.refused(task, host);
    this.stirred = true;
  }

  retried(task: TaskId): void {
    if (this.state.phase[task] === STARTED) this.makeReady(task, false);
  }

  unreachable(task: TaskId, host: HostId): void {
    this.freeSlot(task);
    this.questions.unreachable(task, host);
    this.offers.again(task);
    this.hookReady = true;
    this.stirred = true;
  }

  hostLost(host: HostId): void {
    this.hostIs(host, false);
  }

  hostBack(host: HostId): void {
    this.hostIs(host, true);
  }

  arrived(): void {
    const { arrival, graph } = this.problem;
    for (let t = 0; t < graph.count; t++) {
      if (arrival![t] === this.state.now && this.state.phase[t] === 0 && --this.state.waitingFor[t]! === 0) this.makeReady(t, true);
    }
    this.stirred = true;
  }

  woke(): void {
    this.stirred = true;
  }

  /** Called by the executor before it tells anything of a new instant. */
  at(now: Instant): void {
    this.state.now = now;
  }

  // ---- inside

  /** Also called by continuation.ts. */
  makeReady(task: number, leaf: boolean): void {
    this.state.phase[task] = READY;
    this.state.since[task] = this.state.now;
    this.offers.ready(task, leaf);
    this.stirred = true;
  }

  private hostIs(host: HostId, up: boolean): void {
    if (this.serial && this.options.conduct.reaction.hostsDown === "asked") return;
    this.state.setUp(host, up);
    this.changed(host);
  }

  private freeSlot(task: number): void {
    const { state } = this;
    if (!state.holdsSlot(task)) return;
    state.free(task);
    this.trace.slotFreed[state.row[task]!] = state.now;
    this.changed(state.hostOf[task]!);
  }

  private changed(host: number): void {
    const { hostsChanged } = this.view;
    if (hostsChanged.length === 0 || hostsChanged.ids[hostsChanged.length - 1] !== host) hostsChanged.push(host);
    this.stirred = true;
  }

  /** The client knows: dependents may be asked from here. */
  private notice(task: number): void {
    const { state, trace, problem } = this;
    if (state.phase[task] !== STARTED) return;
    if (this.freeWhenNoticed !== null && this.freeWhenNoticed[task] === 1) this.freeSlot(task);
    state.phase[task] = DONE;
    state.since[task] = state.now;
    state.unfinished--;
    const row = state.row[task]!;
    trace.noticed[row] = state.now;
    trace.outcome[row] = BUILT;
    if (state.now > trace.makespan) trace.makespan = state.now;
    const { succ, succStart } = problem.graph;
    const { waitingFor } = state;
    const end = succStart[task + 1]!;
    for (let e = succStart[task]!; e < end; e++) {
      const dependent = succ[e]!;
      // A dependent that was ready before an input of its own was lost waits for nothing.
      if (state.phase[dependent] === WAITING && --waitingFor[dependent]! === 0) this.makeReady(dependent, false);
    }
  }

  /** A policy broke the rules: our bug. */
  private crash(task: number, host: number, what: string): never {
    const { graph, hosts } = this.problem;
    throw new Bug(`policy ${this.options.policyName}: ${graph.names[task]} on ${hosts.names[host]} ${what}, at ${this.state.now} µs`);
  }
}
