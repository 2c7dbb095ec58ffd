// Offering: which ready tasks a policy may be asked about now. `all` offers every task once it is ready and for ever
// after; Nix's waves stand in their own room. Belongs to the dispatcher, in both worlds. No clock, no physics.
import { Ids, inverse } from "./span.js";
import type { State } from "./state.js";

export interface Offers {
  /** Tasks offered since the last round, in the order of the offering. */
  readonly readied: Ids;
  /** Builds whose output is there, noticed since the last round. */
  readonly ended: Ids;
  /** All inputs of the task are noticed. `leaf`: it never had any. */
  ready(task: number, leaf: boolean): void;
  /** The output is back, or the attempt has failed: `notice` is called now or when the client polls. */
  back(task: number): void;
  spoke(): void;
  /** Fills `readied`; false when there is nothing to ask about at this instant. */
  prepare(now: number): boolean;
  /** Somebody who is offered would ask for a machine, not only for a local slot. */
  asksMachine(): boolean;
  isOffered(task: number): boolean;
  isDeclined(task: number): boolean;
  started(task: number): void;
  /** Its ask reached nobody: it stands where it stood. */
  again(task: number): void;
  pass(task: number, until: Wait): void;
  /** Closes the round: what was offered and left alone. Returns how many asks were refused. */
  close(startedAny: boolean): number;
  /** Instant at which the client polls again by itself, Infinity = never. */
  readonly pollAt: number;
}

/** What a task waits for that nobody had room for: `child` is the end of any build. */
export type Wait = "tick" | "local-slot" | "child";

/** What an offering tells its dispatcher: the client notices the end; what it held is freed, dependents are readied. False: it failed. */
export type Notice = (task: number) => boolean;

export class OfferAll implements Offers {
  readonly readied = new Ids();
  readonly ended = new Ids();
  readonly pollAt = Number.POSITIVE_INFINITY;

  private readonly ofRank: Int32Array;

  constructor(
    private readonly state: State,
    private readonly notice: Notice,
  ) {
    this.ofRank = inverse(state.problem.graph.nameRank);
  }

  ready(task: number): void {
    this.readied.push(task);
  }

  back(task: number): void {
    if (this.notice(task)) this.ended.push(task);
  }

  spoke(): void {}

  prepare(): boolean {
    this.readied.sortByRank(this.state.problem.graph.nameRank, this.ofRank);
    return true;
  }

  asksMachine(): boolean {
    return true;
  }

  isOffered(task: number): boolean {
    return this.state.phase[task] === 1;
  }

  isDeclined(): boolean {
    return false;
  }

  started(): void {}

  again(task: number): void {
    this.readied.push(task);
  }

  pass(): void {}

  close(): number {
    this.readied.clear();
    this.ended.clear();
    return 0;
  }
}
