// What the live view knows of a run under way: observations in, a frame out. Instants as the engine's clock tells them. A
// resumed run's past is told first, like the rest.
import type { Observation } from "#live/run/observation.js";
import type { Problem } from "#model/problem.js";
import type { Foretold } from "#report/foretold.js";
import type { Doing, Frame, FrameHost } from "#report/live-frame.js";
import { endOf } from "#report/remaining.js";
import type { Watcher } from "./run-lines.js";

interface Attempt {
  readonly host: number;
  readonly doing: Doing;
  /** Seconds. */
  readonly since: number;
}

const DOING: Readonly<Record<string, Doing>> = {
  accepted: "connecting",
  uploadFrom: "copying",
  uploaded: "copying",
  started: "building",
  built: "returning",
};

export class RunState implements Watcher {
  private readonly running = new Map<number, Attempt>();
  private readonly began = new Map<number, number>();
  private readonly done: Set<number> = new Set();
  private readonly failed: Set<number> = new Set();
  private readonly builtOn: number[];
  private readonly out: (string | null)[];
  /** Work done, and what ended builds took; seconds. */
  private work = 0;
  private took = 0;
  private readonly all: number;
  stopping: string | null = null;

  constructor(
    private readonly problem: Problem,
    private readonly foretold: Foretold,
  ) {
    this.builtOn = new Array<number>(problem.hosts.count).fill(0);
    this.out = new Array<string | null>(problem.hosts.count).fill(null);
    this.all = foretold.builds.reduce((sum, _, task) => sum + this.expected(task), 0);
  }

  seen(seen: Observation, host: number): void {
    const at = seen.at / 1e6;
    if (seen.see === "stage") return this.stage(seen.task, seen.stage, host, at);
    if (seen.see === "hostLost") this.out[seen.host] = seen.why;
    else if (seen.see === "hostBack") this.out[seen.host] = null;
    else if (seen.see === "slotFreed" || seen.see === "unfed" || seen.see === "retried") this.running.delete(seen.task);
    else if (seen.see === "ended" && !this.done.has(seen.task)) this.ended(seen.task, host);
    else if (seen.see === "failed") {
      this.running.delete(seen.task);
      if (seen.cause === "build") this.failed.add(seen.task);
    } else if (seen.see === "lost" && this.done.delete(seen.task)) this.work -= this.expected(seen.task);
  }

  end(): void {}

  frame(now: number): Frame {
    const { problem, foretold } = this;
    const under = { work: 0, took: 0, foretold: 0, until: now };
    for (const [task, { doing, since }] of this.running) {
      const expected = this.expected(task);
      const elapsed = doing === "building" ? now - since : 0;
      under.work += Math.min(elapsed, expected * 0.98);
      if (elapsed > expected) {
        under.took += elapsed;
        under.foretold += expected;
      }
      under.until = Math.max(under.until, now + Math.max(0, expected - elapsed));
    }
    const share = this.all > 0 ? Math.min(1, (this.work + under.work) / this.all) : this.done.size / problem.graph.count;
    const course = { now, share, took: this.took + under.took, foretold: this.work + under.foretold, runningUntil: under.until };
    return {
      now,
      total: problem.graph.count,
      built: this.done.size,
      failed: this.failed.size,
      share,
      hosts: problem.hosts.names.map((name, h) => this.host(name, h, now)),
      end: this.stopping === null && this.failed.size === 0 ? endOf(course, foretold) : null,
      stopping: this.stopping,
    };
  }

  private host(name: string, h: number, now: number): FrameHost {
    const running = [...this.running].filter(([, { host }]) => host === h);
    return {
      name,
      slots: this.problem.hosts.maxJobs[h]!,
      running: running.map(([task, { doing, since }]) => ({
        name: this.problem.graph.names[task]!,
        doing,
        since: now - since,
        expected: this.foretold.builds[task]!.seconds.median,
      })),
      built: this.builtOn[h]!,
      out: this.out[h]!,
    };
  }

  private stage(task: number, stage: string, host: number, at: number): void {
    const doing = DOING[stage];
    if (doing === undefined || host < 0) return;
    const before = this.running.get(task);
    if (stage === "started") this.began.set(task, at);
    if (stage === "built") this.took += at - (this.began.get(task) ?? at);
    this.running.set(task, { host, doing, since: before?.doing === doing ? before.since : at });
  }

  private ended(task: number, host: number): void {
    this.done.add(task);
    this.running.delete(task);
    this.work += this.expected(task);
    if (host >= 0) this.builtOn[host]!++;
  }

  private expected(task: number): number {
    const { median } = this.foretold.builds[task]!.seconds;
    return Number.isNaN(median) ? 0 : median;
  }
}
