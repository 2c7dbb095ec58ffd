// Conduct: the half of a scheduler that is not its choice. Plain data in three parts with one owner each: offering and
// reaction belong to the dispatcher, in both worlds; timing to the simulator, the live world being its own, but for how a
// client asks (ask, hookSeconds), by which the dispatcher waits to be told that the client is free.
// Rules and figures: the Nix and Hydra schedulers as read and measured; each named conduct says its source.

/** Which ready tasks a policy may be asked about now. */
export type Offering =
  | { readonly kind: "all" }
  | {
      readonly kind: "waves";
      /** Waves that one level of the graph costs before a leaf first asks. */
      readonly wavesPerLevel: number;
      /** Waves from noticing an end until a dependent asks. */
      readonly wavesToAsk: number;
      /** Waves from noticing an end until those that wait for the local slot ask again. */
      readonly wavesToRetry: number;
      /**
       * Which waiters for the local slot are woken: when children end all, or one for each; or then, and after every wave, as many as there
       * are free local slots.
       */
      readonly wake: "all" | "one" | "free-local-slots";
      /** build-poll-interval, seconds: postponed tasks are asked again only then. */
      readonly pollSeconds: number;
      /** What becomes of a derivation that no host takes and that cannot be built locally: it waits for the next end of a child, or fails. */
      readonly nobody: "waits" | "fails";
    };

export interface Reaction {
  /** What a build that failed on its own leads to: nothing more (its dependents fail), or that many attempts in all. */
  readonly buildAttempts: number;
  /** Attempts in all for a build lost with its host. */
  readonly hostAttempts: number;
  /** Seconds until the next attempt: first, then times `backoff`. */
  readonly retrySeconds: number;
  readonly backoff: number;
  /** Whether independent builds go on after a failure (--keep-going). */
  readonly keepGoing: boolean;
  /** How the client knows that a host is down: at once, or only by asking it, once per start of the hook. */
  readonly hostsDown: "known" | "asked";
}

/** When things take time in the simulated engine. Seconds. */
export interface Timing {
  /** serial: one ask at a time, and nothing else is noticed until it is accepted. parallel: whoever is asked says yes at once. */
  readonly ask: "serial" | "parallel";
  /** Whether each accepted build pays the host's link.connect, or connections are kept: a serial client then opens each with its first ask. */
  readonly connect: "each" | "kept";
  /** Coefficient of variation of one connect around link.connect. */
  readonly connectCv: number;
  /** Of one run's connects and own times of the client around the usual: load on its machine, the same during a run. */
  readonly loadCv: number;
  /** Of what is usual for one graph and fleet around what is usual for all: what a model does not know of it, the same in all its runs. */
  readonly configurationCv: number;
  /**
   * Of the own times of clients on one machine around those given here, the same in all runs: what nobody knows who has not measured there.
   * 0 once somebody has.
   */
  readonly siteCv: number;
  /** Of load that comes and goes during a run, and the seconds after which it has forgotten what it was: connects and hooks. */
  readonly wanderCv: number;
  readonly wanderSeconds: number;
  /** Client time before its first hook starts, once: it reads what it is asked for. */
  readonly beginSeconds: number;
  /**
   * Client time until a question can be put where no hook waits for one: once after every accepted ask. serial: the choice is made at
   * its end. parallel: the choice is among all that is ready, and takes effect with its question; questions in order of readiness.
   */
  readonly hookSeconds: number;
  /** Coefficient of variation of one start of the hook. */
  readonly hookCv: number;
  /** Client time per accepted build besides the connect. */
  readonly acceptSeconds: number;
  /** Client time per refused ask. */
  readonly refuseSeconds: number;
  /** From inputs there until the builder runs. */
  readonly startSeconds: number;
  /** Coefficient of variation of one start of a builder. */
  readonly startCv: number;
  /**
   * Coefficient of variation of the work that one copy is to the processors of a machine, and the share of copies that are next to
   * none: where ssh's far end keeps up, its buffers never grow.
   */
  readonly copyCv: number;
  readonly copySmooth: number;
  /** From the builder's end until outputs are back, besides their bytes. */
  readonly returnSeconds: number;
  /** From outputs back until the client knows. */
  readonly noticeSeconds: number;
  /** Coefficient of variation of one notice. */
  readonly noticeCv: number;
  /** A slot is taken when the build is asked for, and freed when the builder ended or when outputs are back. */
  readonly slotUntil: "built" | "returned";
  /** What needs an output may start once the builder has ended, or once the output is back. What was asked for is back in any case. */
  readonly dependents: "built" | "returned";
  /** An input travels once its consumer is accepted, or (textbook) from the instant its producer ends. */
  readonly inputs: "accepted" | "produced";
}

/** The name under which calibrated figures of a conduct are kept: without parameters, `nix[version=2.8]` → `nix`. */
export function familyOf(name: string): string {
  return name.replace(/[[,].*$/, "");
}

export interface Conduct {
  readonly name: string;
  readonly source: string;
  /** True where the figures are not measured. */
  readonly assumed: boolean;
  readonly offering: Offering;
  readonly reaction: Reaction;
  readonly timing: Timing;
}

/** Whether an engine of that conduct sends outputs ahead of builds: ours does; Nix, its hook and Hydra copy for a build that has a slot. */
export function canStage({ name }: Conduct): boolean {
  return familyOf(name) === "run";
}
