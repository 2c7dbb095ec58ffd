// Connections for copies that are kept, one copy after the other on each: small ones share the host's first connection, and
// two for bulk share nothing, so that small copies and greetings never wait behind them.
import { Line } from "./line.js";
import type { Answer } from "./serve.js";
import type { Session } from "./session.js";

export type Lane = "small" | "bulk-in" | "bulk-out";

export const BULK = ["bulk-out", "bulk-in"] as const satisfies readonly Lane[];

export class Lanes {
  private readonly of: Record<Lane, { readonly line: Line; session: Session | null }> = {
    small: { line: new Line(), session: null },
    "bulk-in": { line: new Line(), session: null },
    "bulk-out": { line: new Line(), session: null },
  };

  constructor(
    private readonly open: (kind: "guest" | "alone") => Promise<Answer<Session>>,
    private readonly isUp: () => boolean,
  ) {}

  run<T>(lane: Lane, isUrgent: () => boolean, job: (session: Session) => Promise<T>, refused: (why: string) => T): Promise<T> {
    return this.of[lane].line.run(async () => {
      const session = await this.session(lane);
      return session.ok ? await job(session.value) : refused(session.why);
    }, isUrgent);
  }

  /** Opens the connections ahead, one after the other: what comes first need not wait for a greeting. */
  async warm(lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes)
      if (this.isUp())
        await this.of[lane].line.run(
          () => this.session(lane),
          () => false,
        );
  }

  /** Those on which nothing is under way, which are nobody's from now on: a copy that still comes opens one anew. */
  vacated(): Session[] {
    const free = Object.values(this.of).filter(({ line }) => line.isFree);
    const sessions = free.flatMap(({ session }) => session ?? []);
    for (const own of free) own.session = null;
    return sessions;
  }

  sessions(): Session[] {
    return Object.values(this.of).flatMap(({ session }) => session ?? []);
  }

  private async session(lane: Lane): Promise<Answer<Session>> {
    const own = this.of[lane];
    if (own.session?.alive === true) return { ok: true, value: own.session };
    let fresh = await this.open(lane === "small" ? "guest" : "alone");
    // A host that takes no new connection may well go on with those that it has.
    if (!fresh.ok && lane !== "small" && this.isUp()) fresh = await this.open("guest");
    if (fresh.ok) own.session = fresh.value;
    return fresh;
  }
}
