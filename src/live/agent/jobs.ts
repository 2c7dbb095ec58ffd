// What hooks wait for: a job for each question under way, found by its session or by its key. A key is the derivation's path; where
// several nix processes ask for the same derivation each has a job of its own, and later ones a number behind the path.
import type { Instant } from "#base/units.js";
import type { HookSession } from "#live/hook/session.js";
import type { Question } from "#live/hook/wire.js";
import type { Job } from "./asked.js";
import type { Request } from "./queue.js";

export class Jobs {
  private readonly bySession = new Map<HookSession, Job>();
  private readonly byKey = new Map<string, Job>();

  /** In the order in which they were asked for; jobs may be removed meanwhile. */
  get all(): readonly Job[] {
    return [...this.bySession.values()];
  }

  of(session: HookSession): Job | undefined {
    return this.bySession.get(session);
  }

  /** Of a job that is there. */
  named(key: string): Job {
    return this.byKey.get(key)!;
  }

  add(session: HookSession, question: Question, barred: Iterable<string>, since: Instant): Job {
    let key = question.drv;
    for (let k = 2; this.byKey.has(key); k++) key = `${question.drv}#${k}`;
    const job: Job = {
      key,
      session,
      question,
      barred: new Set(barred),
      since,
      placed: -1,
      running: false,
      seconds: 0,
      cancel: () => {},
      losses: 0,
    };
    this.bySession.set(session, job);
    this.byKey.set(key, job);
    return job;
  }

  remove({ session, key }: Job): void {
    this.bySession.delete(session);
    this.byKey.delete(key);
  }
}

/** As the queue is asked for it. */
export function requestOf({ key, session, question, barred }: Job): Request {
  const { drv, system, features } = question;
  return { key, drv, system, features, barred: [...barred], client: session.caller.nix };
}
