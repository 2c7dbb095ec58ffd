// Attempts at what hooks asked for: over kept connections where we can, by Nix's own hook where we cannot, said to Nix in the
// same words. Joins sessions, hosts and builder; which attempt comes next is not its business.
import type { Limits } from "#live/host/serve.js";
import { logOf } from "#live/hook/caller.js";
import type { HookSession } from "#live/hook/session.js";
import { messageLine, type Verdict } from "#live/hook/verdict.js";
import type { Question } from "#live/hook/wire.js";
import { nameOf } from "./asked.js";
import type { AgentHosts } from "./hosts.js";
import type { OwnBuilder } from "./own-builder.js";

export interface Attempt {
  readonly session: HookSession;
  readonly question: Question;
  readonly host: number;
  /** Hosts that may build it. */
  readonly may: readonly number[];
  /** That it is expected to take. */
  readonly seconds: number;
}

export interface AttemptEvents {
  /** Its host can take the next, though it is not over. */
  freed(): void;
  ended(verdict: Verdict): void;
  /** The hook has gone over to Nix's own meanwhile. */
  left(): void;
}

const NOTHING = (): void => {};

export class Attempts {
  constructor(
    private readonly hosts: AgentHosts,
    /** Null: Nix's own hook builds everything. */
    private readonly builder: OwnBuilder | null,
    private readonly log: (line: string) => void,
  ) {}

  /** Builds may come soon. */
  rouse(): void {
    this.builder?.rouse();
  }

  release(): void {
    this.builder?.release();
  }

  /** Returns what ends it. An attempt of Nix's own hook ends through its session. */
  begin(attempt: Attempt, { freed, ended, left }: AttemptEvents): () => void {
    const { session, question, host, may, seconds } = attempt;
    if (!session.isOurs) {
      queueMicrotask(left);
      return NOTHING;
    }
    const log = this.builder?.isAble(question.drv, seconds) ? logOf(session.caller) : null;
    if (log === null) {
      this.delegate(attempt);
      return NOTHING;
    }
    let isWanted = true;
    const note = (isBuilt: boolean): void => session.first(this.hosts.names[host]!, this.hosts.line(host, question, isBuilt));
    note(false);
    const build = this.builder!.build({
      host,
      may,
      earlier: this.hosts.idOf(session.earlier),
      drv: question.drv,
      inputs: session.inputs,
      wanted: session.wanted,
      substitute: session.settings.get("builders-use-substitutes") === "true",
      limits: limitsOf(session.settings),
      log: (bytes) => void log.write(bytes),
      built: () => {
        if (!isWanted || !session.isOurs) return;
        note(true);
        freed();
      },
    });
    void build.verdict.then((verdict) => {
      log.end();
      if (!isWanted) return;
      if (!session.isOurs) return left();
      if (verdict.kind === "own") {
        this.log(`${nameOf(question.drv)}: left to Nix's own hook: ${verdict.why}`);
        return this.delegate(attempt);
      }
      if (verdict.kind === "failed") session.hold(failure(question.drv, this.hosts.address(host), verdict.message));
      ended(verdict);
    });
    return () => {
      isWanted = false;
      build.cancel();
    };
  }

  private delegate({ session, question, host }: Attempt): void {
    this.builder?.yield(host);
    session.run(this.hosts.names[host]!, this.hosts.line(host, question), this.hosts.link(host));
  }
}

/** As Nix's own hook says it. */
function failure(drv: string, address: string, why: string): string {
  return messageLine(0, `error: build of '${drv}' on '${address}' failed: ${why}`);
}

/** What the client allows a build. */
function limitsOf(settings: ReadonlyMap<string, string>): Limits {
  const number = (name: string): number => {
    const value = Number(settings.get(name) ?? 0);
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    silentSeconds: number("max-silent-time"),
    seconds: number("timeout"),
    logBytes: number("max-build-log-size"),
    keepsFailed: settings.get("keep-failed") === "true",
  };
}
