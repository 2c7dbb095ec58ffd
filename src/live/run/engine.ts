// The door of the live world: one problem, one policy, real hosts. Joins dispatcher, executor, lives and journal, and runs
// the loop of dispatch/drive with waits in it. Placing stops at the first failed build unless the run keeps going, and
// when it is told to; what runs then still ends, and its results count.
import type { HostId, TaskId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import { Dispatcher } from "#dispatch/dispatcher.js";
import type { Policy } from "#dispatch/policy.js";
import { DONE, FAILED, STARTED } from "#dispatch/state.js";
import { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { Carrier } from "./carrier.js";
import type { Clock } from "#live/host/clock.js";
import { LiveExecutor } from "./executor.js";
import type { FleetLink } from "./fleet-link.js";
import type { Journal } from "./journal.js";
import { Life, type Log } from "./life.js";
import { type Event, finish, type Observation } from "./observation.js";
import type { Recipe } from "#live/host/recipe.js";
import type { Passages } from "./passages.js";
import { type JournalLine, replay } from "./replay.js";

/** Seconds that a run with nothing under way waits for a host that is out. */
const PATIENCE = 60;
/** Seconds for which outputs that only a lost host has are waited for, before they are built again. */
const GRACE = 20;

export interface EngineInput {
  readonly problem: Problem;
  readonly policy: Policy;
  readonly policyName: string;
  readonly conduct: Conduct;
  readonly prefer: readonly HostId[];
  readonly sharedCores: boolean;
  /** By task. */
  readonly recipes: readonly Recipe[];
  readonly clock: Clock;
  readonly journal: Journal;
  /** Lines of an interrupted run that goes on; empty = a new one. */
  readonly past: readonly JournalLine[];
  readonly keepGoing: boolean;
  /** Builders may substitute what they lack. */
  readonly substitute: boolean;
  /** Ways from builder to builder; null: everything goes through the coordinator. */
  readonly passages: Passages | null;
  logOf(task: TaskId, host: HostId): Log;
  /** Called with everything that happens, for whoever shows it; `host`: where the task's attempt is, −1 = nowhere. */
  watch(seen: Observation, host: number): void;
}

export interface Failed {
  readonly task: TaskId;
  readonly host: HostId;
  readonly why: string;
}

export interface Outcome {
  readonly trace: Trace;
  /** Builds that failed by themselves. */
  readonly failed: readonly Failed[];
  /** Builds that were lost with their hosts until nobody tried again. */
  readonly givenUp: readonly Failed[];
  /** Tasks neither built nor failed. */
  readonly unbuilt: number;
  readonly stopped: string | null;
  /** Where the replay of the past differs from what was decided then; null = it does not. */
  readonly differs: string | null;
}

export class Engine {
  private readonly dispatcher: Dispatcher;
  private readonly executor: LiveExecutor;
  private readonly failures: Failed[] = [];
  /** The latest loss of each task. */
  private readonly losses = new Map<TaskId, Failed>();
  /** What is being built, and where. */
  private readonly building = new Map<TaskId, HostId>();
  private stopped: string | null = null;
  private halted = false;
  private unhalt: () => void = () => {};
  private readonly halting: Promise<void>;

  constructor(
    private readonly input: EngineInput,
    private readonly fleet: FleetLink,
  ) {
    const { problem, policy, policyName, conduct, prefer, sharedCores, recipes, clock } = input;
    const options = { policyName, conduct, prefer, sharedCores, notebook: null };
    this.dispatcher = new Dispatcher(problem, policy, new Trace(problem.graph.count), options);
    fleet.interest = recipes.flatMap(({ outputs }) => outputs);
    const { substitute, passages } = input;
    const carrier = new Carrier(fleet.stores, { substitute, passages }, (host) => fleet.awaitBack(host, GRACE));
    if (passages !== null)
      passages.detour = (from, host, why) =>
        this.say({ see: "detour", host, why: `not reached from ${problem.hosts.names[from]}: ${why}` });
    const life = new Life({
      fleet,
      carrier,
      recipes,
      root: problem.graph.root,
      bringsAll: problem.transport.route === "coordinator",
      taskOf: new Map(recipes.flatMap(({ outputs }, task) => outputs.map((path) => [path, task as TaskId] as const))),
      logOf: input.logOf,
      say: (event) => this.say(event),
    });
    this.executor = new LiveExecutor(
      {
        clock,
        live: (attempt) => life.run(attempt),
        stage: (task, host) => life.sendAhead(task, host),
        cancel: (task) => life.cancel(task),
        patience: () => (!this.halted && this.stopped === null && fleet.out.some((why) => why !== null) ? PATIENCE : 0),
        record: (seen) => this.record(seen),
      },
      this.dispatcher,
    );
    this.halting = new Promise((resolve) => {
      this.unhalt = resolve;
    });
  }

  /** Something that happened outside of the attempts: a host was lost, is back. */
  say(event: Event): void {
    // What ends because it was ended says nothing of builds and hosts.
    if (!this.halted) this.executor.say(event);
  }

  /** No more is placed; what runs ends. */
  stop(why: string): void {
    if (this.stopped !== null) return;
    this.stopped = why;
    this.input.journal.mark({ at: this.input.clock.now(), mark: "stopped", why });
    this.executor.rouse();
  }

  /** What runs is ended too, here and on the hosts. */
  async halt(why: string): Promise<void> {
    this.stop(why);
    if (this.halted) return;
    this.halted = true;
    await this.fleet.sweep();
    this.unhalt();
  }

  async run(): Promise<Outcome> {
    const { dispatcher, executor } = this;
    const differs = this.goOn();
    this.fleet.watcher = {
      lost: (host, why) => this.say({ see: "hostLost", host, why }),
      back: (host) => this.say({ see: "hostBack", host, why: "" }),
    };
    this.meetHosts();
    executor.tellSaid();
    const { arrival } = this.input.problem;
    executor.expect(arrival === null ? [] : new Set(arrival.filter((at) => at > dispatcher.state.now)));
    this.decide();
    this.fleet.begun();
    while (!dispatcher.done && (await Promise.race([executor.next(), this.halting])) === "moved") {
      this.decide();
      if (this.building.size === dispatcher.state.unfinished) this.fleet.lastBuilds(new Set(this.building.values()));
    }
    return this.outcome(differs);
  }

  private decide(): void {
    if (this.stopped !== null) return;
    const { dispatcher, executor } = this;
    const now = this.input.clock.now();
    dispatcher.settle(now);
    this.input.journal.round(now, dispatcher.decisions);
    executor.perform(dispatcher.decisions);
  }

  /** Replays what was, then what was under way counts as lost with its host. */
  private goOn(): string | null {
    const { past, problem, journal, clock } = this.input;
    if (past.length === 0) return null;
    const { differs } = replay(past, this.dispatcher, problem);
    journal.mark({ at: clock.now(), mark: "resumed" });
    const { state } = this.dispatcher;
    for (let t = 0; t < problem.graph.count; t++) {
      if (state.phase[t] !== STARTED) continue;
      this.say({ see: state.holdsSlot(t) ? "unfed" : "retried", task: t as TaskId });
    }
    for (const { task, host } of this.dispatcher.staging?.underWay ?? []) this.say({ see: "staged", task, host, isThere: false });
    return differs === null ? null : `line ${differs.line}: ${differs.written}, now ${differs.decided}`;
  }

  /** What the dispatcher believes of hosts, against what they are. */
  private meetHosts(): void {
    const { state } = this.dispatcher;
    for (const [h, why] of this.fleet.out.entries()) {
      if (why !== null && state.up[h] === 1) this.say({ see: "hostLost", host: h as HostId, why });
      if (why === null && state.up[h] === 0) this.say({ see: "hostBack", host: h as HostId, why: "" });
    }
  }

  private record(seen: Observation): void {
    this.input.journal.seen(seen);
    const host = "task" in seen ? this.dispatcher.state.hostOf[seen.task]! : -1;
    this.input.watch(seen, host);
    if (seen.see === "stage" && seen.stage === "started") this.building.set(seen.task, host as HostId);
    if (seen.see === "ended" || seen.see === "failed") this.building.delete(seen.task);
    if (seen.see !== "failed") return;
    const failed = { task: seen.task, host: host as HostId, why: seen.why };
    if (seen.cause === "host") this.losses.set(seen.task, failed);
    if (seen.cause === "host") return;
    this.losses.delete(seen.task);
    this.failures.push(failed);
    if (!this.input.keepGoing) this.stop("a build failed");
  }

  private outcome(differs: string | null): Outcome {
    const { state, trace } = this.dispatcher;
    const { graph } = this.input.problem;
    this.executor.close();
    finish(this.dispatcher);
    let unbuilt = 0;
    for (let t = 0; t < graph.count; t++) if (state.phase[t]! < DONE) unbuilt++;
    const givenUp = [...this.losses.values()].filter(({ task }) => state.phase[task] === FAILED);
    return { trace, failed: this.failures, givenUp, unbuilt, stopped: this.stopped, differs };
  }
}
