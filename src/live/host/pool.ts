// Connections for builds to one host, each for one build at a time: opened ahead or when one is wanted, kept for the next, and
// let go when no further build is expected. Knows neither ssh nor questions: how one is opened, and whether what answers questions
// may be lent, comes with the kit.
import type { Answer } from "./serve.js";
import type { Session } from "./session.js";

export interface PoolKit {
  /** `cores`: null = for copies. */
  open(cores: number | null): Promise<Answer<Session>>;
  isUp(): boolean;
  /** Connections of any kind that have not answered yet. */
  greeting(): number;
  /** What answers questions could have such a build. */
  canLend(cores: number | null): boolean;
  lend(cores: number | null): Session | null;
}

export class Pool {
  private readonly idle: Session[] = [];
  /** Opened ahead, and not there yet. */
  private readonly coming: { readonly cores: number | null; readonly session: Promise<Answer<Session>> }[] = [];
  private readonly busy = new Set<Session>();
  /** Let go, and not gone yet. */
  private readonly leaving = new Set<Session>();
  /** Whether what a build gives back is kept for the next. */
  private keeps = true;

  constructor(private readonly kit: PoolKit) {}

  get sessions(): readonly Session[] {
    return [...this.idle, ...this.busy, ...this.leaving];
  }

  /** For a build with that many cores, or (null) for copies; kept from an earlier one where there is one. */
  async take(cores: number | null): Promise<Answer<Session>> {
    const kept = this.idle.findIndex((session) => session.alive && (cores === null || session.wish.cores === cores));
    if (kept >= 0) return this.used(this.idle.splice(kept, 1)[0]!);
    const next = this.coming.findIndex((one) => cores === null || one.cores === cores);
    const came = next < 0 ? null : await this.coming.splice(next, 1)[0]!.session;
    if (came?.ok === true) return this.used(came.value);
    const lent = this.kit.lend(cores);
    if (lent !== null) return this.used(lent);
    if (cores !== null) this.idle.pop()?.close();
    const fresh = await this.kit.open(cores);
    return fresh.ok ? this.used(fresh.value) : fresh;
  }

  give(session: Session): void {
    this.busy.delete(session);
    if (!session.alive || !this.kit.isUp()) session.kill();
    else if (this.keeps) this.idle.push(session);
    else this.dismiss(session);
  }

  /**
   * Opens some ahead until there are so many, so that no build waits for one, or not for long. One after the other: each keeps a
   * processor busy that builds want.
   */
  async warm(count: number, cores: number | null): Promise<void> {
    while (this.kit.isUp() && this.keeps && this.there(cores) < count) {
      const one = { cores, session: this.kit.open(cores) };
      this.coming.push(one);
      const opened = await one.session;
      const at = this.coming.indexOf(one);
      if (at >= 0) {
        this.coming.splice(at, 1);
        if (opened.ok) this.give(opened.value);
      }
      if (!opened.ok) return;
    }
  }

  /** No further build is expected: what is kept for one goes while others still build, not when everybody waits for the end. */
  retire(): void {
    this.keeps = false;
    for (const session of this.idle.splice(0)) this.dismiss(session);
  }

  /** Ends it; it is counted until it is gone. */
  dismiss(session: Session): void {
    this.leaving.add(session);
    void session.ended.then(() => this.leaving.delete(session));
    session.close();
  }

  /** The host is gone, and all of them with it. */
  clear(): void {
    this.idle.length = 0;
  }

  private used(session: Session): Answer<Session> {
    this.busy.add(session);
    return { ok: true, value: session };
  }

  /** What builds have or could have. */
  private there(cores: number | null): number {
    return this.idle.length + this.busy.size + this.kit.greeting() + (this.kit.canLend(cores) ? 1 : 0);
  }
}
