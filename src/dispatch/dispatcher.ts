// The core: holds what the client knows, is told observations, asks one policy, emits decisions. Without I/O, clock or
// physics, so the same code places builds in the simulator and on real hosts. A forbidden act is our bug: it crashes,
// naming policy and instant.
import { Bug } from "#base/assert.js";
import { COORDINATOR, type HostId, type Instant, type TaskId } from "#base/units.js";
import { isAllowed, type Problem } from "#model/problem.js";
import { Aftermath } from "./aftermath.js";
import { canStage, type Conduct } from "./conduct.js";
import { DecisionBuffer } from "./decisions.js";
import type { Failure, Observer } from "./executor.js";
import { type Seat, soleSeat } from "./ground.js";
import { OfferAll, type Offers } from "./offering.js";
import type { Outputs } from "./outputs.js";
import type { Act, Policy } from "./policy.js";
import type { Presence } from "./presence.js";
import { Progress } from "./progress.js";
import { Questions } from "./questions.js";
import { Staging } from "./staging.js";
import { DONE, STARTED, State } from "./state.js";
import type { Trace } from "./trace.js";
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
  readonly decisions: DecisionBuffer;
  readonly state: State;
  readonly presence: Presence | null;
  readonly view: StateView;
  /** Null where nothing is sent ahead. */
  readonly staging: Staging | null;
  /** Also used by continuation.ts. */
  readonly progress: Progress;
  private readonly offers: Offers;
  private readonly questions: Questions;
  private readonly aftermath: Aftermath;
  private readonly outputs: Outputs | null;
  /** Attempts that have failed, and why: the client has not noticed yet. */
  private readonly failures = new Map<number, Failure>();
  private startedInRound = 0;

  constructor(
    private readonly problem: Problem,
    private readonly policy: Policy,
    readonly trace: Trace,
    private readonly options: DispatcherOptions,
    private readonly seat: Seat = soleSeat(problem),
  ) {
    const { conduct } = options;
    const { ground, client } = seat;
    this.decisions = new DecisionBuffer(client);
    this.state = new State(problem, seat);
    this.presence = ground.presence;
    this.outputs = ground.outputs;
    this.staging = ground.presence !== null && canStage(conduct) ? new Staging(ground.presence, problem.transport) : null;
    const notice = (task: number): boolean => this.noticed(task);
    this.offers =
      conduct.offering.kind === "all"
        ? new OfferAll(this.state, notice)
        : new OfferWaves(
            conduct.offering,
            this.state,
            notice,
            (task, from) => this.trace.spans.push({ kind: "postponed", host: -1, task, from, to: this.state.now }),
            ground.outputs,
            (task) => this.progress.finish(task),
          );
    this.view = new StateView(
      problem,
      this.state,
      this.offers,
      this.presence,
      options.prefer,
      conduct.timing.inputs === "produced",
      options.sharedCores,
    );
    this.progress = new Progress(this.state, trace, this.offers, this.view, ground.outputs, conduct.offering.kind === "waves");
    this.questions = new Questions(this.state, trace, conduct.timing);
    this.aftermath = new Aftermath(problem, this.state, trace, this.decisions, conduct, {
      free: (task) => this.progress.letGo(task),
      ready: (task) => this.progress.ready(task, false),
    });
    this.progress.begin();
  }

  get done(): boolean {
    return this.state.unfinished === 0;
  }

  /** Instant before which the client does not ask for the task. */
  notBefore(task: TaskId): number {
    return this.questions.notBefore(task);
  }

  /** Lets the policy decide until nothing changes at this instant, or until a serial ask is under way. */
  settle(now: Instant): void {
    const { decisions, view, offers } = this;
    decisions.clear();
    this.state.now = now;
    while (this.progress.stirred && !view.asking && offers.prepare(now)) {
      if (this.questions.hookWanting && offers.asksMachine()) {
        this.questions.startHook();
        view.asking = decisions.hook = true;
        break;
      }
      this.questions.queue(offers.readied, now);
      this.startedInRound = 0;
      view.round++;
      this.policy.decide(view, this);
      const refused = offers.close(this.startedInRound > 0);
      view.hostsChanged.clear();
      decisions.refused += refused;
      if (this.questions.serial && refused > 0 && this.options.conduct.timing.refuseSeconds > 0) view.asking = true;
      if (offers.pollAt === Number.POSITIVE_INFINITY && this.options.conduct.offering.kind === "all") break;
    }
    this.progress.stirred = false;
    // A poll that falls due while the client is busy is seen once it is free.
    if (!view.asking) decisions.wakeAt = Math.min(decisions.wakeAt, offers.pollAt);
  }

  // ---- Act

  start(task: TaskId, host: HostId, cores: number): void {
    const { state, trace, offers } = this;
    if (!offers.isOffered(task)) this.crash(task, host, "is not offered");
    if (state.up[host] !== 1 || this.view.slotsFree(host) <= 0) this.crash(task, host, "has no free slot there");
    if (!isAllowed(this.problem, task, host)) this.crash(task, host, "may not run there");
    if (!(cores > 0)) this.crash(task, host, `is granted ${cores} cores`);
    this.options.notebook?.started(task, host, this.view);
    const ready = state.since[task]!;
    const slot = state.take(task, host, cores);
    this.outputs?.lock(task, this.seat.client);
    if (this.questions.asks(task, host)) this.view.asking = true;
    const row = trace.open(task, this.aftermath.tries(task) + 1, host, slot, cores, ready, state.now);
    state.row[task] = row;
    if (this.outputs !== null) trace.client[row] = this.seat.client;
    offers.started(task);
    this.decisions.start(task, host, cores, row);
    this.startedInRound++;
  }

  pass(task: TaskId, until: "tick" | "local-slot" | "nobody"): void {
    this.offers.pass(task, until === "nobody" ? "child" : until);
    if (until === "nobody") this.aftermath.nobody(task);
  }

  stage(task: TaskId, host: HostId): void {
    if (this.state.phase[task] !== DONE) this.crash(task, host, "is to be sent there, and is not built");
    if (this.state.up[host] === 1 && this.staging?.begin(task, host)) this.decisions.stage(task, host);
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
    this.view.asking = false;
    this.progress.stirred = true;
  }

  childSpoke(): void {
    this.offers.spoke();
    this.progress.stirred = true;
  }

  built(task: TaskId): void {
    this.presence?.put(task, this.state.hostOf[task]!);
  }

  slotFreed(task: TaskId): void {
    this.progress.slotFreed(task);
  }

  ended(task: TaskId): void {
    // A hook has registered the output; what was built locally is registered once it is noticed.
    if (this.state.hostOf[task] !== COORDINATOR) this.outputs?.put(task);
    this.offers.back(task);
    this.progress.stirred = true;
  }

  failed(task: TaskId, why: Failure): void {
    this.failures.set(task, why);
    this.progress.slotFreed(task);
    this.offers.back(task);
    this.progress.stirred = true;
  }

  lost(task: TaskId): void {
    this.outputs?.remove(task);
    this.aftermath.lost(task);
  }

  unfed(task: TaskId): void {
    this.aftermath.unfed(task);
    this.progress.stirred = true;
  }

  refused(task: TaskId, host: HostId): void {
    this.aftermath.refused(task, host);
    this.progress.stirred = true;
  }

  retried(task: TaskId): void {
    if (this.state.phase[task] === STARTED) this.progress.ready(task, false);
  }

  staged(task: TaskId, host: HostId, isThere: boolean): void {
    this.staging?.over(task, host, isThere);
    this.progress.stirred = true;
  }

  unreachable(task: TaskId, host: HostId): void {
    this.progress.letGo(task);
    this.questions.unreachable(task, host);
    this.offers.again(task);
    this.progress.stirred = true;
  }

  hostLost(host: HostId): void {
    this.hostIs(host, false);
  }

  hostBack(host: HostId): void {
    this.hostIs(host, true);
  }

  arrived(): void {
    this.progress.arrive();
  }

  woke(): void {
    this.progress.stirred = true;
  }

  /** Called by the executor before it tells anything of a new instant. */
  at(now: Instant): void {
    this.state.now = now;
  }

  // ---- inside

  /** Whether its output is there. */
  private noticed(task: number): boolean {
    const why = this.failures.get(task);
    if (why === undefined) return this.progress.notice(task);
    this.failures.delete(task);
    if (this.state.phase[task] === STARTED) this.aftermath.failed(task as TaskId, why);
    return false;
  }

  private hostIs(host: HostId, up: boolean): void {
    if (this.questions.serial && this.options.conduct.reaction.hostsDown === "asked") return;
    this.state.setUp(host, up);
    this.progress.changed(host);
  }

  /** A policy broke the rules: our bug. */
  private crash(task: number, host: number, what: string): never {
    const { graph, hosts } = this.problem;
    throw new Bug(`policy ${this.options.policyName}: ${graph.names[task]} on ${hosts.names[host]} ${what}, at ${this.state.now} µs`);
  }
}
