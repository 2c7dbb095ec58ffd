// Who answers questions about a host: one session, one question at a time. A host that leaves one unanswered, or whose session
// ends by itself, is lost. Where nothing else hangs on that session it may be lent to a build, which then need not wait for one
// of its own: it is watched as before, until the next question has opened another. Knows nothing of how sessions are opened.
import type { Clock } from "./clock.js";
import { Line } from "./line.js";
import type { Answer, Serve } from "./serve.js";
import type { Session } from "./session.js";

/** Seconds between two looks at a host that nobody else watches. */
const BEAT = 5;

export interface QuestionsKit {
  readonly clock: Clock;
  open(patience: number): Promise<Answer<Session>>;
  /** Seconds after which a question that costs the host nothing counts as unanswered. */
  patience(): number;
  /** Whether a session may leave. */
  mayLend(): boolean;
  lost(why: string): void;
}

export class Questions {
  private readonly line = new Line();
  private isOpen = false;
  private session: Session | null = null;
  /** Whose end is the host's. */
  private watched: Session | null = null;
  private stopBeat: () => void = () => {};

  constructor(private readonly kit: QuestionsKit) {}

  begin(session: Session): void {
    this.isOpen = true;
    this.seat(session);
  }

  /** From now on nobody answers. */
  end(): void {
    this.isOpen = false;
    this.session = null;
    this.watched = null;
    this.stopBeat();
  }

  get sessions(): readonly Session[] {
    return this.session === null ? [] : [this.session];
  }

  async ask<T>(question: (serve: Serve) => Promise<Answer<T>>): Promise<Answer<T>> {
    return this.line.run(async () => {
      const seated = await this.seated();
      if (!seated.ok) return seated;
      const session = seated.value;
      const patience = this.kit.patience();
      const late = this.kit.clock.after(patience, () => {
        session.serve.wire.stop(`no answer in ${patience} s`);
        session.kill();
      });
      const answer = await question(session.serve);
      late();
      if (!answer.ok && this.watched === session) this.kit.lost(await session.reason());
      return answer;
    });
  }

  /** Asks now and then whether it is there. */
  beat(): void {
    this.stopBeat = this.kit.clock.after(BEAT, async () => {
      const answer = await this.ask((serve) => serve.validPaths([], false));
      if (answer.ok && this.isOpen) this.beat();
    });
  }

  /** Whether a build with that many cores could have the session now; null = any number. */
  canLend(cores: number | null): boolean {
    return this.session !== null && this.line.isFree && this.kit.mayLend() && (cores === null || this.session.wish.cores === cores);
  }

  lend(cores: number | null): Session | null {
    if (!this.canLend(cores)) return null;
    const { session } = this;
    this.session = null;
    return session;
  }

  private async seated(): Promise<Answer<Session>> {
    if (this.session !== null) return { ok: true, value: this.session };
    if (!this.isOpen) return { ok: false, why: "the host is down" };
    const fresh = await this.kit.open(this.kit.patience());
    if (!this.isOpen) {
      if (fresh.ok) fresh.value.kill();
      return { ok: false, why: "the host is down" };
    }
    if (fresh.ok) this.seat(fresh.value);
    else this.kit.lost(fresh.why);
    return fresh;
  }

  private seat(session: Session): void {
    this.session = session;
    this.watched = session;
    void session.ended.then(async () => {
      const why = await session.reason();
      if (this.watched !== session) return;
      if (!session.isGivenUp) this.kit.lost(why);
    });
  }
}
