// One `nix-store --serve` that runs, here or behind ssh, and the protocol spoken with it. The process carries a mark in
// its environment, by which it can be found and ended on its host when the connection to it is gone.
import { setImmediate } from "node:timers/promises";
import type { Address } from "./address.js";
import type { Clock } from "./clock.js";
import { type Answer, Serve } from "./serve.js";
import type { Program, Shell } from "./shell.js";
import { type Sharing, sshWords } from "./ssh.js";
import { Wire } from "./wire.js";

/** Name of the environment variable that holds the mark. */
export const MARK = "DRVFLEET_SESSION";
/** Seconds that connecting and greeting may take. */
const GREETING_MAX = 20;
/** Bytes of the last words that are kept for reasons. */
const TAIL_MAX = 4096;

export interface SessionWish {
  readonly address: Address;
  readonly sharing: Sharing;
  /** Cores granted to a build in it: NIX_BUILD_CORES; null = as its host is configured. */
  readonly cores: number | null;
  readonly mark: string;
  /** Seconds that connecting and greeting may take; usually 20. */
  readonly patience?: number;
}

export class Session {
  readonly serve: Serve;
  /** Receives what the builder prints, while somebody wants it. */
  log: ((bytes: Buffer) => void) | null = null;
  /** Nobody wants what it would still do: its end says nothing of its host. */
  isGivenUp = false;
  private tail = "";
  private hasEnded = false;

  constructor(
    readonly wish: SessionWish,
    private readonly program: Program,
  ) {
    this.serve = new Serve(new Wire(program.output, program.input));
    program.errors.on("data", (bytes: Buffer) => {
      this.log?.(bytes);
      this.tail = (this.tail + bytes.toString("utf8")).slice(-TAIL_MAX);
    });
    void program.ended.then(({ error }) => {
      this.hasEnded = true;
      this.serve.wire.stop(error === "" ? "the connection ended" : error);
    });
  }

  get alive(): boolean {
    return !this.hasEnded && this.serve.wire.broken === null;
  }

  /** Why it is no more: the last words of ssh or nix-store where there are any. */
  async reason(): Promise<string> {
    if (!this.hasEnded) this.program.kill("SIGTERM");
    const { error } = await this.program.ended;
    const words = this.tail.split("\n").filter((line) => line.trim() !== "");
    return error !== "" ? error : words.length > 0 ? words.slice(-3).join("; ") : (this.serve.wire.broken ?? "it ended");
  }

  /** Asks after a build: with the answer everything is here that its builder printed, which comes on a stream of its own. */
  async afterwards<T>(question: (serve: Serve) => Promise<T>): Promise<T> {
    const answer = await question(this.serve);
    await setImmediate();
    return answer;
  }

  /** Ends it: it reads the end of its input and goes. */
  close(): void {
    this.isGivenUp ||= this.alive;
    this.serve.wire.stop("closed");
    this.program.input.end();
  }

  kill(): void {
    this.isGivenUp ||= this.alive;
    this.serve.wire.stop("killed");
    this.program.kill("SIGTERM");
  }

  get ended(): Promise<unknown> {
    return this.program.ended;
  }
}

/** A session that is being opened, and how that ends. */
export interface Opening {
  readonly session: Session;
  readonly opened: Promise<Answer<Session>>;
}

export function openSession(shell: Shell, clock: Clock, wish: SessionWish): Opening {
  const { address, cores, mark } = wish;
  const store = address.store === null ? [] : ["--store", address.store];
  // max-jobs 0 in the builder's nix.conf would refuse every build; a builder that forwards builds would not be the one chosen.
  const granted = cores === null ? [] : ["--option", "cores", String(cores)];
  const options = [...granted, "--option", "max-jobs", "1", "--option", "builders", ""];
  const serve = ["env", `${MARK}=${mark}`, address.program, ...store, "--serve", "--write", ...options];
  const session = new Session(wish, shell.start(sshWords(address, wish.sharing, serve)));
  return { session, opened: greeted(session, clock, wish.patience ?? GREETING_MAX) };
}

async function greeted(session: Session, clock: Clock, patience: number): Promise<Answer<Session>> {
  const late = clock.after(patience, () => {
    session.serve.wire.stop(`no answer in ${patience} s`);
    session.kill();
  });
  const answer = await session.serve.greet();
  late();
  if (answer.ok) return { ok: true, value: session };
  return { ok: false, why: answer.why.startsWith("found ") ? answer.why : await session.reason() };
}
