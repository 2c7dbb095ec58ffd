// How a client's graph goes on: a request arrives, an attempt gives its slot back, an end is noticed, dependents are
// readied. Whoever built it, an output that is there counts. Told by the dispatcher alone; chooses nothing.
import { COORDINATOR } from "#base/units.js";
import type { Offers } from "./offering.js";
import type { Outputs } from "./outputs.js";
import { DONE, READY, STARTED, type State, WAITING } from "./state.js";
import { BUILT, type Trace } from "./trace.js";
import type { StateView } from "./view.js";

export class Progress {
  /** Something has changed since the policy was asked. */
  stirred = true;
  /** 1: the builder is gone, but the client has not noticed. Null where a slot is free at once. */
  private readonly freeWhenNoticed: Uint8Array | null;

  constructor(
    private readonly state: State,
    private readonly trace: Trace,
    private readonly offers: Offers,
    private readonly view: StateView,
    private readonly outputs: Outputs | null,
    /** Local slots are counted by the client itself, which polls (Nix). */
    polls: boolean,
  ) {
    this.freeWhenNoticed = polls ? new Uint8Array(state.problem.graph.count) : null;
  }

  /** All that needs nothing and was requested at 0. */
  begin(): void {
    const { waitingFor } = this.state;
    for (let t = 0; t < waitingFor.length; t++) if (waitingFor[t] === 0) this.ready(t, true);
  }

  /** What another client has built by now is no goal of this one. */
  arrive(): void {
    const { state, outputs } = this;
    const { arrival, graph } = state.problem;
    if (outputs !== null) for (let t = 0; t < graph.count; t++) if (arrival![t] === state.now && outputs.isValid(t)) this.finish(t);
    for (let t = 0; t < graph.count; t++) {
      if (arrival![t] === state.now && state.phase[t] === WAITING && --state.waitingFor[t]! === 0) this.ready(t, true);
    }
    this.stirred = true;
  }

  ready(task: number, leaf: boolean): void {
    this.state.phase[task] = READY;
    this.state.since[task] = this.state.now;
    this.offers.ready(task, leaf);
    this.stirred = true;
  }

  slotFreed(task: number): void {
    if (this.freeWhenNoticed !== null && this.state.hostOf[task] === COORDINATOR && this.state.phase[task] === STARTED) {
      this.freeWhenNoticed[task] = 1;
      return;
    }
    this.freeSlot(task);
  }

  /** The attempt is over without an output. */
  letGo(task: number): void {
    this.freeSlot(task);
    this.outputs?.unlock(task);
  }

  /** The client knows that its build has ended. False where nobody waits for it any more. */
  notice(task: number): boolean {
    const { state, trace, outputs } = this;
    if (state.phase[task] !== STARTED) return false;
    if (this.freeWhenNoticed !== null && this.freeWhenNoticed[task] === 1) this.freeSlot(task);
    const row = state.row[task]!;
    trace.noticed[row] = state.now;
    trace.outcome[row] = BUILT;
    outputs?.put(task);
    outputs?.unlock(task);
    this.finish(task);
    return true;
  }

  /** The client knows that the output is there: dependents may be asked from here. */
  finish(task: number): void {
    const { state, trace } = this;
    state.phase[task] = DONE;
    state.since[task] = state.now;
    state.unfinished--;
    if (state.now > trace.makespan) trace.makespan = state.now;
    const { succ, succStart } = state.problem.graph;
    const { waitingFor } = state;
    const end = succStart[task + 1]!;
    for (let e = succStart[task]!; e < end; e++) {
      const dependent = succ[e]!;
      // A dependent that was ready before an input of its own was lost waits for nothing.
      if (state.phase[dependent] === WAITING && --waitingFor[dependent]! === 0) this.ready(dependent, false);
    }
  }

  changed(host: number): void {
    const { hostsChanged } = this.view;
    if (hostsChanged.length === 0 || hostsChanged.ids[hostsChanged.length - 1] !== host) hostsChanged.push(host);
    this.stirred = true;
  }

  private freeSlot(task: number): void {
    const { state } = this;
    if (!state.holdsSlot(task)) return;
    state.free(task);
    this.trace.slotFreed[state.row[task]!] = state.now;
    this.changed(state.hostOf[task]!);
  }
}
