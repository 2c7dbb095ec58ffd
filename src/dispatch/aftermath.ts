// What goes wrong, and what it leads to: another attempt, dependents that fail, an output that is built once more, a host
// that is asked no more for that class. How often and when is the conduct's reaction. Told by the dispatcher alone.
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
import { DENIALS } from "#model/demand.js";
import { isAllowed, type Problem } from "#model/problem.js";
import type { Conduct, Offering, Reaction } from "./conduct.js";
import type { DecisionBuffer } from "./decisions.js";
import type { Failure } from "./executor.js";
import { retryMicros } from "./reaction.js";
import { DONE, READY, STARTED, type State, WAITING } from "./state.js";
import { CANCELLED, FAILED as BUILD_FAILED, HOST_LOST, type Trace } from "./trace.js";

/** What the dispatcher does for a task. */
export interface Hands {
  free(task: number): void;
  ready(task: number): void;
}

export class Aftermath {
  private readonly offering: Offering;
  private readonly reaction: Reaction;

  constructor(
    private readonly problem: Problem,
    private readonly state: State,
    private readonly trace: Trace,
    private readonly decisions: DecisionBuffer,
    { offering, reaction }: Conduct,
    private readonly hands: Hands,
  ) {
    this.offering = offering;
    this.reaction = reaction;
  }

  /** Attempts so far. */
  tries(task: number): number {
    const row = this.state.row[task]!;
    return row === NONE ? 0 : this.trace.attempt[row]!;
  }

  failed(task: TaskId, why: Failure): void {
    const { state, trace, reaction } = this;
    this.hands.free(task);
    trace.outcome[state.row[task]!] = why === "host" ? HOST_LOST : BUILD_FAILED;
    const attempts = why === "host" ? reaction.hostAttempts : reaction.buildAttempts;
    const tries = this.tries(task);
    if (tries < attempts && this.someoneMay(task)) {
      this.decisions.retryLater(task, state.now + retryMicros(reaction, tries));
      return;
    }
    this.giveUp(task);
    if (!reaction.keepGoing) this.cancelAll();
  }

  /** No host that is up takes it. Nix 2.8 to 2.32 see that only when they would start it themselves, and with -j0 they never do. */
  nobody(task: TaskId): void {
    if (this.offering.kind === "all" || (this.offering.nobody === "waits" && this.problem.hosts.maxJobs[COORDINATOR] === 0)) return;
    this.giveUp(task);
    if (!this.reaction.keepGoing) this.cancelAll();
  }

  /** Whoever waits for others too waits for it again; whoever is ready or started finds out by itself. */
  lost(task: TaskId): void {
    const { state, problem, trace } = this;
    if (state.phase[task] !== DONE) return;
    trace.outcome[state.row[task]!] = HOST_LOST;
    state.unfinished++;
    this.hands.ready(task);
    const { succStart, succ } = problem.graph;
    for (let e = succStart[task]!; e < succStart[task + 1]!; e++) if (state.phase[succ[e]!] === WAITING) state.waitingFor[succ[e]!]!++;
  }

  unfed(task: TaskId): void {
    const { state, problem, trace } = this;
    if (state.phase[task] !== STARTED) return;
    this.hands.free(task);
    trace.outcome[state.row[task]!] = HOST_LOST;
    const { predStart, pred } = problem.graph;
    let open = 0;
    for (let e = predStart[task]!; e < predStart[task + 1]!; e++) if (state.phase[pred[e]!] !== DONE) open++;
    if (open === 0) return this.hands.ready(task);
    state.waitingFor[task] = open;
    state.phase[task] = WAITING;
  }

  /** The denial is learnt, so it is written where denials stand: a problem that is built for real belongs to its run. */
  refused(task: TaskId, host: HostId): void {
    const { problem, state } = this;
    const { demand, tasks, hosts, graph } = problem;
    demand.denied[tasks.classOf[task]! * hosts.count + host] = DENIALS.indexOf("feature");
    if (this.someoneMay(task)) return;
    for (let t = 0; t < graph.count; t++) if (state.phase[t]! <= READY && !this.someoneMay(t)) this.giveUp(t);
  }

  private someoneMay(task: number): boolean {
    const { problem } = this;
    for (let h = 0; h < problem.hosts.count; h++)
      if (problem.hosts.maxJobs[h]! > 0 && isAllowed(problem, task as TaskId, h as HostId)) return true;
    return false;
  }

  /** The task and everything behind it fail. */
  private giveUp(task: number): void {
    this.state.fail(task);
    this.trace.makespan = Math.max(this.trace.makespan, this.state.now);
  }

  /** Without --keep-going the first failure ends everything. */
  private cancelAll(): void {
    const { state, problem } = this;
    for (let t = 0; t < problem.graph.count; t++) {
      if (state.phase[t] === STARTED) {
        this.decisions.cancelLater(t);
        this.trace.outcome[state.row[t]!] = CANCELLED;
        this.hands.free(t);
      }
      if (state.phase[t]! < DONE) this.giveUp(t);
    }
  }
}
