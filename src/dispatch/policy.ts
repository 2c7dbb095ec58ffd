// The plug-in surface: all that a scheduling policy sees and may do. A policy sees estimates, never the truth, and
// cannot know whether the world is simulated or real. Adding one touches two files: its own and policy/index.
import type { z } from "zod";
import type { Random } from "#base/random.js";
import type { HostId, Instant, TaskId } from "#base/units.js";
import type { Problem } from "#model/problem.js";
import type { Conduct } from "./conduct.js";

/** Ids in a reused buffer: ids[0 … length). Valid during one `decide`. */
export interface Span {
  readonly ids: Int32Array;
  readonly length: number;
}

export interface View {
  readonly now: Instant;
  /** Tasks that may be asked now and could not before, in the order of the offering. */
  readonly readied: Span;
  /** Tasks whose end the client has noticed since the last round. */
  readonly ended: Span;
  /** Hosts that lost or gained a slot, or went down or came back, since the last round. */
  readonly hostsChanged: Span;
  /** Hosts that are up with a free slot, in no order. */
  readonly open: Span;
  isReady(task: TaskId): boolean;
  /** It will never be built: it failed for good, or something that it needs did. */
  failed(task: TaskId): boolean;
  /** The host that builds or has built it, −1 while undecided. */
  hostOf(task: TaskId): number;
  up(host: HostId): boolean;
  running(host: HostId): number;
  slotsFree(host: HostId): number;
  /** Cores of the host less the grants of its builds; negative when it is oversubscribed. */
  coresFree(host: HostId): number;
  memoryFree(host: HostId): number;
  /** Number of this round: differs between two calls of `decide`. */
  readonly round: number;
  /** Writes the estimated instants (µs) at which the host's slots are free, ascending: now for a free one, somewhat later for a build that should be over. `into` has maxJobs places. */
  freeTimes(host: HostId, into: Float64Array): void;
  may(task: TaskId, host: HostId): boolean;
  /** Estimated seconds of the build there, alone, with the host's usual grant. */
  time(task: TaskId, host: HostId): number;
  /** Estimated cores that it would keep busy there, alone, with the usual grant; 0 for a fetch, and where cores are not shared. */
  busy(task: TaskId, host: HostId): number;
  /** Estimated cores that the host's builds keep busy: above its cores, they slow each other down. */
  coresBusy(host: HostId): number;
  /** Bytes of its inputs that the host does not have. */
  missing(task: TaskId, host: HostId): number;
  /** Estimated seconds until those inputs would be there, if nothing else travelled. */
  carry(task: TaskId, host: HostId): number;
  /** It may run there, the host is up, and a slot and its memory are free now. */
  room(task: TaskId, host: HostId): boolean;
  /** A serial ask is under way: nothing more can be asked until it is over, return and be called again. */
  readonly asking: boolean;
  /** Under Nix's offering: no machine had room for it, and only a local slot is tried now. */
  declined(task: TaskId): boolean;
}

export interface Act {
  /** Builds the task on that host with at most `cores` cores. Visible in the view at once. */
  start(task: TaskId, host: HostId, cores: number): void;
  /**
   * Under Nix's offering: it was asked and nobody had room. It waits for the poll tick, or for a local slot; `nobody`:
   * no host that is up may build it, and what then is the conduct's. Elsewhere: nothing.
   */
  pass(task: TaskId, until: "tick" | "local-slot" | "nobody"): void;
  /**
   * Sends the output of an ended task to that host, ahead of a build there that needs it; takes no slot. Nothing where it is
   * there or on its way, where the host is down, and where the engine copies for builds alone (see `canStage`).
   */
  stage(task: TaskId, host: HostId): void;
  /** Asks for another round at that instant, even if nothing happens. */
  wakeAt(at: Instant): void;
  /** Whether scores are wanted: a rule that need not compare may skip them otherwise. */
  readonly noting: boolean;
  /** A score of a considered host, recorded only while explaining. */
  note(task: TaskId, host: HostId, score: number): void;
}

export interface Policy {
  /** Called once per round; a round that changes nothing ends the instant. */
  decide(view: View, act: Act): void;
}

export interface PolicyKind<P> {
  /** One line for people: what it does. */
  readonly about: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** The conduct it is judged under unless the scenario says otherwise. */
  conduct(params: P): Conduct;
  readonly params: z.ZodType<P>;
  create(problem: Problem, params: P, random: Random): Policy;
}
