// The agent: hears what every nix process of this machine asks its hook, accepts at once, and lets the queue decide when and
// where each build runs. Joins sessions, queue, hosts and choices; decides nothing about order or placement. Where it cannot
// do better than Nix's own hook it lets that answer.
import type { HostId, Instant } from "#base/units.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { Jobs, requestOf } from "./jobs.js";
import { AgentQueue, type Planner } from "./queue.js";
import { AgentHosts, type FleetHost } from "./hosts.js";
import type { Choices } from "./choices.js";
import { messageLine, type Verdict } from "#live/hook/verdict.js";
import type { HookSession, SessionEvents } from "#live/hook/session.js";
import type { Question } from "#live/hook/wire.js";
import { isLocal, type Job, nameOf } from "./asked.js";
import { Attempts } from "./attempts.js";
import type { OwnBuilder } from "./own-builder.js";

export interface AgentPorts {
  now(): Instant;
  /** Calls back at that instant, or soon after. */
  at(instant: Instant, call: () => void): void;
  log(line: string): void;
  /** Called now and then, to show that we are there. */
  still(): void;
}

/** Seconds before a machine whose slots are all somebody else's is tried again. */
const BUSY_SECONDS = 1;
const STILL_MS = 3000;
/** Seconds that a build waits while no host that could build it can be reached, before it fails. */
const PATIENCE_SECONDS = 120;

export class Agent implements SessionEvents {
  private readonly jobs = new Jobs();
  private readonly sessions = new Set<HookSession>();
  private readonly queue: AgentQueue;
  private readonly hosts: AgentHosts;
  private readonly attempts: Attempts;
  private settling = false;

  constructor(
    fleet: readonly FleetHost[],
    plan: Planner,
    private readonly choices: Choices,
    private readonly ports: AgentPorts,
    /** Null: Nix's own hook builds everything. */
    builder: OwnBuilder | null,
  ) {
    this.queue = new AgentQueue(plan);
    this.hosts = new AgentHosts(fleet, ports, (host, isUp) => {
      this.queue.setUp(host as HostId, isUp, this.ports.now());
      this.settle();
    });
    this.attempts = new Attempts(this.hosts, builder, (line) => ports.log(line));
  }

  /** Opens the connections, since who starts us will build soon, and keeps waiting hooks sure of us. */
  begin(): () => void {
    this.hosts.connect();
    this.attempts.rouse();
    const timer = setInterval(() => {
      this.ports.still();
      for (const session of this.sessions) session.still();
      this.giveUpOnes();
    }, STILL_MS);
    return () => {
      clearInterval(timer);
      // What we build ourselves, or have queued, is built by Nix's own hook.
      for (const { session, cancel } of this.jobs.all) {
        cancel();
        session.leaveAlone();
      }
      for (const session of this.sessions) session.release();
      this.attempts.release();
      this.hosts.release();
    };
  }

  get hostNames(): readonly string[] {
    return this.hosts.names;
  }

  /** Whether some builder may build such a thing at all. */
  isAble(system: string, features: readonly string[]): boolean {
    return this.hosts.able(system, features, new Set()).length > 0;
  }

  /** Pins changed: what waits is placed by the new ones. */
  rechoose(): void {
    for (const job of this.jobs.all) {
      if (job.placed >= 0) continue;
      job.barred = new Set(this.barred(job.session, job.question));
      this.queue.bar(job.key, requestOf(job));
    }
    this.settle();
  }

  /** For people: hosts, and builds in the order in which they were asked for. */
  describe() {
    const now = this.ports.now();
    const builds = this.jobs.all.map(({ question, placed, since }) => ({
      name: nameOf(question.drv),
      host: placed < 0 ? null : this.hosts.names[placed]!,
      seconds: Math.round((now - since) / 1e5) / 10,
    }));
    return { hosts: this.hosts.describe(), builds };
  }

  /** A hook process has come, or was left by an earlier agent. */
  welcome(session: HookSession): void {
    this.sessions.add(session);
    const inherited = session.begin();
    if (session.question === null || this.jobs.of(session) !== undefined) return;
    const job = this.jobs.add(session, session.question, this.barred(session, session.question), this.ports.now());
    if (inherited === null) {
      this.queue.ask(requestOf(job), this.ports.now());
      this.settle();
      return;
    }
    const host = this.hosts.idOf(inherited.host);
    if (host < 0) return;
    job.placed = host;
    job.running = true;
    this.queue.resume(requestOf(job), host as HostId, this.ports.now());
    this.settle();
  }

  // ---- what a session tells

  asked(session: HookSession, question: Question): void {
    const barred = this.barred(session, question);
    const able = this.hosts.able(question.system, question.features, barred);
    if (able.length === 0 || !able.some((host) => this.queue.isUp(host))) {
      this.ports.log(`${nameOf(question.drv)}: ${able.length === 0 ? "no host may build it" : "no host can be reached"}, left to Nix`);
      return session.decline();
    }
    this.attempts.rouse();
    const job = this.jobs.add(session, question, barred, this.ports.now());
    this.queue.ask(requestOf(job), this.ports.now());
    this.settle();
    if (job.placed < 0 && question.amWilling && isLocal(session.settings, question)) {
      this.jobs.remove(job);
      this.queue.left(job.key);
      return session.decline();
    }
    session.accept(job.placed < 0 ? "drvfleet" : this.hosts.address(job.placed));
  }

  complete(session: HookSession): void {
    const job = this.jobs.of(session);
    if (job !== undefined && job.placed >= 0 && !job.running) this.run(job);
  }

  ran(session: HookSession, verdict: Verdict): void {
    const job = this.jobs.of(session);
    if (job === undefined) return;
    const host = job.placed;
    job.placed = -1;
    job.running = false;
    const now = this.ports.now();
    switch (verdict.kind) {
      case "built":
        session.sayHeld();
        this.hosts.fine(host);
        this.queue.built(job.key, now);
        this.finish(job, 0, host, "built");
        break;
      case "failed":
        session.sayHeld();
        this.finish(job, verdict.exit, host, "failed");
        break;
      case "busy":
        // Somebody else, who asks no agent, has its slots: ours counts as taken for a while.
        session.forgetHeld();
        this.ports.at((now + BUSY_SECONDS * 1e6) as Instant, () => {
          if (this.jobs.of(session) !== job) return;
          this.queue.lost(job.key, this.ports.now());
          this.settle();
        });
        break;
      case "unfit":
        this.moved(job, host, verdict.why);
        job.barred.add(this.hosts.names[host]!);
        if (this.hosts.able(job.question.system, job.question.features, job.barred).length === 0) this.finish(job, 1, host, "unfit");
        else this.queue.bar(job.key, requestOf(job));
        break;
      case "lost":
        this.moved(job, host, verdict.why);
        this.queue.lost(job.key, now);
        this.hosts.setAside(host, verdict.why);
        if (++job.losses >= CONDUCTS.hook.reaction.hostAttempts) this.finish(job, 1, host, "given up");
    }
    this.settle();
  }

  gone(session: HookSession): void {
    this.sessions.delete(session);
    const job = this.jobs.of(session);
    if (job !== undefined) this.withdraw(job);
    this.settle();
  }

  // ---- inside

  private barred({ caller }: HookSession, { drv }: Question): Set<string> {
    return this.choices.barred(caller, drv, this.hosts.names);
  }

  private settle(): void {
    if (this.settling) return;
    this.settling = true;
    const { starts, retries, wakeAt } = this.queue.settle(this.ports.now());
    this.settling = false;
    for (const { key, host, seconds } of starts) {
      const job = this.jobs.named(key);
      job.placed = host;
      job.seconds = seconds;
      if (job.session.isComplete) this.run(job);
    }
    for (const { key, at } of retries) {
      this.ports.at(at, () => {
        this.queue.retried(key, this.ports.now());
        this.settle();
      });
    }
    if (wakeAt !== Number.POSITIVE_INFINITY) this.ports.at(wakeAt as Instant, () => this.settle());
  }

  private run(job: Job): void {
    job.running = true;
    const { session, question, placed, seconds, barred } = job;
    this.ports.log(`${nameOf(question.drv)} → ${this.hosts.names[placed]}`);
    job.cancel = this.attempts.begin(
      { session, question, host: placed, may: this.hosts.able(question.system, question.features, barred), seconds },
      { freed: () => this.freed(job), ended: (verdict) => this.ran(session, verdict), left: () => this.gone(session) },
    );
  }

  private freed(job: Job): void {
    this.queue.freed(job.key, this.ports.now());
    this.settle();
  }

  private moved(job: Job, host: number, why: string): void {
    job.session.forgetHeld();
    const text = `drvfleet: ${nameOf(job.question.drv)} on ${this.hosts.names[host]}: ${why}; it goes elsewhere`;
    this.ports.log(text.slice("drvfleet: ".length));
    job.session.say(messageLine(1, text));
  }

  private finish(job: Job, code: number, host: number, how: string): void {
    this.ports.log(`${nameOf(job.question.drv)} on ${this.hosts.names[host]}: ${how}`);
    job.session.exit(code);
    this.forget(job);
  }

  private withdraw(job: Job): void {
    this.ports.log(`${nameOf(job.question.drv)}: withdrawn`);
    job.cancel();
    this.forget(job);
  }

  private forget(job: Job): void {
    this.jobs.remove(job);
    this.queue.withdraw(job.key);
  }

  /** What no host can build any more, for too long, fails with a word, so that nobody waits for ever. */
  private giveUpOnes(): void {
    const reachable = this.hosts.reachableWithin(PATIENCE_SECONDS);
    for (const job of this.jobs.all) {
      if (job.running) continue;
      const able = this.hosts.able(job.question.system, job.question.features, job.barred);
      if (able.some((host) => reachable(host))) continue;
      job.session.say(messageLine(0, `error: drvfleet: no host that may build ${nameOf(job.question.drv)} can be reached`));
      this.finish(job, 1, able[0] ?? 0, "no host can be reached");
    }
  }
}
