// The builds that Nix has asked for, and who gets which host: the same dispatcher and policy as in the simulator, over a
// problem that grows. Nix asks one by one, so what is not asked yet but known to come stands in the problem with an
// unknown arrival: for the order, and once all that it needs is there, for a slot that is held for it. A question about something unknown makes a new problem, and builds that run are
// carried over. Without I/O and clock; how a problem is made of derivations is told by a Planner.
import { COORDINATOR, type HostId, type Instant, type TaskId } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { requested, resumed } from "#dispatch/continuation.js";
import { Dispatcher } from "#dispatch/dispatcher.js";
import type { Policy } from "#dispatch/policy.js";
import { FAILED, STARTED, WAITING } from "#dispatch/state.js";
import { Trace } from "#dispatch/trace.js";
import { aloneSeconds, type Problem } from "#model/problem.js";
import { Foresight } from "./foresight.js";

/** What is asked: one question of one nix process. */
export interface Request {
  /** Unique among the requests that are not over. */
  readonly key: string;
  readonly drv: string;
  readonly system: string;
  readonly features: readonly string[];
  /** Hosts that the user or the machine itself rules out for it. */
  readonly barred: readonly string[];
  /** The process that asks: others of its builds will follow. */
  readonly client: number;
}

export interface Plan {
  /** Every arrival unknown; keys of the graph are keys of requests, or derivations that nobody has asked for. */
  readonly problem: Problem;
  readonly policy: Policy;
  readonly policyName: string;
  readonly prefer: readonly HostId[];
  readonly sharedCores: boolean;
  /** By task: 1 where all that it needs is built or in the problem, so that Nix will ask for it once that is built. */
  readonly fed: Uint8Array;
}

/** Makes a problem of the requests and what is known to follow them. Each request may run somewhere. */
export type Planner = (requests: readonly Request[]) => Plan;

export interface Start {
  readonly key: string;
  readonly host: HostId;
  /** That it is expected to take there. */
  readonly seconds: number;
}

export interface Round {
  readonly starts: readonly Start[];
  /** Requests to be told of `retried` at that instant. */
  readonly retries: readonly { readonly key: string; readonly at: Instant }[];
  /** Another round is wanted then; Infinity = none. */
  readonly wakeAt: number;
}

interface Active {
  readonly request: Request;
  host: number;
  since: Instant;
  attempts: number;
  /** Built, and its slot given back; its outputs come home. */
  isFreed: boolean;
}

const CONDUCT = CONDUCTS.hook;
/** Seconds that outputs may need to come home for what needs them to have a slot held meanwhile. Assumption. */
const SOON_SECONDS = 0.3;

export class AgentQueue {
  private readonly active = new Map<string, Active>();
  private readonly down = new Set<HostId>();
  private readonly foresight = new Foresight();
  /** Asked for while a slot was held for them. */
  private due: Start[] = [];
  private fed: Uint8Array = new Uint8Array();
  private dispatcher: Dispatcher | null = null;
  private problem: Problem | null = null;
  private keys: readonly string[] = [];
  private taskOf = new Map<string, TaskId>();
  private stale = true;

  constructor(private readonly plan: Planner) {}

  /** Requests that are not over, in order of asking. */
  get requests(): readonly Request[] {
    return [...this.active.values()].map(({ request }) => request);
  }

  hostOf(key: string): number {
    return this.active.get(key)?.host ?? -1;
  }

  attempts(key: string): number {
    return this.active.get(key)?.attempts ?? 0;
  }

  ask(request: Request, now: Instant): void {
    this.active.set(request.key, { request, host: -1, since: now, attempts: 0, isFreed: false });
    const task = this.taskOf.get(request.key);
    const held = this.foresight.asked(request.key, now);
    // What is known to come may run anywhere: a request that may not needs a problem of its own.
    if (this.dispatcher === null || task === undefined || request.barred.length > 0) {
      this.stale = true;
      return;
    }
    this.dispatcher.at(now);
    if (held >= 0) this.due.push(this.begun(task, held as HostId, now));
    else requested(this.dispatcher, task);
  }

  /** It goes on where an earlier agent placed it. */
  resume(request: Request, host: HostId, now: Instant): void {
    this.active.set(request.key, { request, host, since: now, attempts: 1, isFreed: false });
    this.stale = true;
  }

  /** It may not run there either. */
  bar(key: string, request: Request): void {
    const known = this.active.get(key);
    if (known === undefined) return;
    this.active.set(key, { ...known, request, host: -1, isFreed: false });
    this.stale = true;
  }

  /** The builder has ended; its outputs are on their way. */
  freed(key: string, now: Instant): void {
    const known = this.active.get(key);
    const task = this.taskOf.get(key);
    if (known === undefined || known.isFreed) return;
    known.isFreed = true;
    if (this.dispatcher === null || task === undefined || this.stale) return;
    this.dispatcher.at(now);
    this.dispatcher.built(task);
    this.dispatcher.slotFreed(task);
    this.expectAfter(task);
  }

  built(key: string, now: Instant): void {
    this.freed(key, now);
    const task = this.taskOf.get(key);
    this.active.delete(key);
    if (this.dispatcher === null || task === undefined || this.stale) return;
    this.dispatcher.at(now);
    this.dispatcher.ended(task);
    this.taskOf.delete(key);
    this.expectAfter(task);
  }

  /** The attempt is over and the build is not: it waits for another. */
  lost(key: string, now: Instant): void {
    const known = this.active.get(key);
    const task = this.taskOf.get(key);
    if (known === undefined) return;
    // What needs it is not to be expected any more.
    if (known.isFreed) this.stale = true;
    known.host = -1;
    known.isFreed = false;
    if (this.dispatcher === null || task === undefined || this.stale) return;
    this.dispatcher.at(now);
    if (this.dispatcher.state.phase[task] === STARTED) this.dispatcher.failed(task, "host");
    if (this.dispatcher.state.phase[task] === FAILED) this.stale = true;
  }

  retried(key: string, now: Instant): void {
    const task = this.taskOf.get(key);
    if (this.dispatcher === null || task === undefined || this.stale || this.active.get(key)?.host !== -1) return;
    this.dispatcher.at(now);
    if (!this.dispatcher.state.holdsSlot(task)) this.dispatcher.retried(task);
  }

  /** Nobody waits for it any more, or it has failed for good. What needs it will not be asked by that client. */
  withdraw(key: string): void {
    if (this.active.delete(key)) this.stale = true;
  }

  /** Nix builds it itself. */
  left(key: string): void {
    this.foresight.left(key);
    this.withdraw(key);
  }

  setUp(host: HostId, up: boolean, now: Instant): void {
    if (up) this.down.delete(host);
    else this.down.add(host);
    if (this.dispatcher === null || this.stale) return;
    this.dispatcher.at(now);
    if (up) this.dispatcher.hostBack(host);
    else this.dispatcher.hostLost(host);
    if (this.foresight.holdsAt(host)) this.stale = true;
  }

  isUp(host: HostId): boolean {
    return !this.down.has(host);
  }

  /** Choices changed: every problem is made anew. */
  replan(): void {
    this.stale = true;
  }

  settle(now: Instant): Round {
    if (this.foresight.hasChanged(now)) this.stale = true;
    if (this.stale) this.renew(now);
    const { dispatcher } = this;
    if (dispatcher === null) return { starts: [], retries: [], wakeAt: Number.POSITIVE_INFINITY };
    dispatcher.at(now);
    dispatcher.settle(now);
    const { decisions } = dispatcher;
    const starts = this.due.splice(0).filter(({ key }) => this.active.has(key));
    for (let i = 0; i < decisions.count; i++) {
      const task = decisions.task[i]! as TaskId;
      const host = decisions.host[i]! as HostId;
      const key = this.keys[task]!;
      if (this.active.has(key)) starts.push(this.begun(task, host, now));
      else this.foresight.hold(key, host, now);
    }
    const retries = Array.from({ length: decisions.retryCount }, (_, i) => ({
      key: this.keys[decisions.retry[i]!]!,
      at: decisions.retryAt[i]! as Instant,
    }));
    decisions.performed();
    return { starts, retries, wakeAt: Math.min(decisions.wakeAt, this.foresight.changesAt) };
  }

  private begun(task: TaskId, host: HostId, now: Instant): Start {
    const key = this.keys[task]!;
    const active = this.active.get(key)!;
    active.host = host;
    active.since = now;
    active.attempts++;
    return { key, host, seconds: aloneSeconds(this.problem!, task, host, this.problem!.hosts.coresPerBuild[host]!) };
  }

  private expectAfter(task: number): void {
    const { succStart, succ } = this.problem!.graph;
    for (let e = succStart[task]!; e < succStart[task + 1]!; e++) this.expect(succ[e]!);
  }

  /** What waits for nothing but the question counts as asked for, also while the last of its inputs come home. */
  private expect(task: number): void {
    const dispatcher = this.dispatcher!;
    const { waitingFor, phase } = dispatcher.state;
    if (this.fed[task] === 0 || phase[task] !== WAITING || !this.foresight.counts(this.keys[task]!)) return;
    const { pred, predStart } = this.problem!.graph;
    const coming = pred.subarray(predStart[task], predStart[task + 1]).filter((input) => this.isSoonHome(input)).length;
    if (waitingFor[task] === 1 + coming) requested(dispatcher, task as TaskId);
  }

  private isSoonHome(task: number): boolean {
    const { tasks, hosts } = this.problem!;
    const active = this.active.get(this.keys[task]!);
    if (active?.isFreed !== true) return false;
    return tasks.outputBytes[task]! / Math.min(hosts.up[active.host]!, hosts.down[COORDINATOR]!) <= SOON_SECONDS;
  }

  private renew(now: Instant): void {
    this.stale = false;
    this.taskOf = new Map();
    this.dispatcher = null;
    this.foresight.release();
    if (this.active.size === 0) return this.foresight.forget();
    const { problem, policy, policyName, prefer, sharedCores, fed } = this.plan(this.requests);
    const { graph, hosts } = problem;
    const dispatcher = new Dispatcher(problem, policy, new Trace(graph.count), {
      policyName,
      conduct: CONDUCT,
      prefer,
      sharedCores,
      notebook: null,
    });
    dispatcher.at(now);
    this.problem = problem;
    this.keys = graph.keys;
    for (let t = 0; t < graph.count; t++) this.taskOf.set(graph.keys[t]!, t as TaskId);
    for (const host of this.down) dispatcher.hostLost(host);
    for (const { request, host, since, isFreed } of this.active.values()) {
      const task = this.taskOf.get(request.key)!;
      requested(dispatcher, task);
      if (host >= 0) resumed(dispatcher, task, host as HostId, hosts.coresPerBuild[host]!, since);
      if (isFreed) dispatcher.slotFreed(task);
    }
    this.dispatcher = dispatcher;
    this.fed = fed;
    for (let t = 0; t < fed.length; t++) this.expect(t);
  }
}
