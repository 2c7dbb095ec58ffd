// The connections to one host: a first one that the others share and that answers questions, one per build, and lanes for
// copies. Where the user's own ssh keeps a connection, the first time shares that one: no handshake, but nobody watches over
// it, so the host is asked now and then whether it is there; and what answers questions may build, because nothing hangs on
// it. Knows no task and no policy.
import type { Address } from "./address.js";
import type { Clock } from "./clock.js";
import type { Guard } from "./guard.js";
import { type Lane, Lanes } from "./lanes.js";
import { Pool } from "./pool.js";
import { Questions } from "./questions.js";
import type { Answer, PathInfo } from "./serve.js";
import { MARK, openSession, type Session } from "./session.js";
import type { Program, Shell } from "./shell.js";
import { ownSocket, SILENCE_MAX, sshWords } from "./ssh.js";
import { markOn, SWEEP_MAX, sweepWords } from "./sweep.js";

/** Seconds after which a question that costs the host nothing counts as unanswered. */
const QUESTION_MAX = 30;
/** Seconds for a greeting over a connection that somebody else opened; it may be dead. */
const LENT_MAX = 2;

export interface LinkKit {
  readonly shell: Shell;
  readonly clock: Clock;
  /** Begins the marks of this run's processes. */
  readonly run: string;
  /** Directory that only its user may read, for sockets. */
  readonly sockets: string;
  /** By number of the host: socket of a connection that the user's own ssh keeps to it, or null. Asked once. */
  lent(host: number): Promise<string | null>;
  /** Who cleans up on the hosts when we no longer can. */
  readonly guard: Guard;
  /** Cores of connections for which nobody says a number; null = as the host is configured. */
  readonly cores: number | null;
  /** Questions are few: what answers them may build where nothing else hangs on it. */
  readonly asksLittle: boolean;
}

export class HostLink {
  private isUp = false;
  private readonly questions: Questions;
  private readonly pool = new Pool({
    open: (cores) => this.open("guest", cores ?? this.kit.cores),
    isUp: () => this.up,
    greeting: () => this.greeting.size,
    canLend: (cores) => this.questions.canLend(cores),
    lend: (cores) => this.questions.lend(cores),
  });
  private readonly lanes = new Lanes(
    (kind) => this.open(kind, this.kit.cores),
    () => this.up,
  );
  private readonly greeting = new Set<Session>();
  /** What ends leftovers there, under way. */
  private readonly sweeps = new Set<Program>();
  /** Of the connection that is shared: ours, or one that is lent. */
  private socket: string;
  private readonly ownSocket: string;
  private opened = 0;
  private hasMet = false;
  private hasTried = false;

  constructor(
    private readonly kit: LinkKit,
    readonly address: Address,
    private readonly host: number,
    /** Called once when the host is found to be gone. */
    private readonly onLost: (why: string) => void,
  ) {
    this.ownSocket = ownSocket(kit.sockets, host);
    this.socket = this.ownSocket;
    this.questions = new Questions({
      clock: kit.clock,
      open: (patience) => this.another(patience),
      // The ssh that holds a connection of ours tells sooner when it is silent; that of a lent one may never.
      patience: () => (this.isLent ? SILENCE_MAX : QUESTION_MAX),
      // The end of what holds a connection of ours would be the end of all.
      mayLend: () => kit.asksLittle && (this.isLent || address.ssh === null),
      lost: (why) => this.lose(why),
    });
  }

  get up(): boolean {
    return this.isUp;
  }

  /** It is, or was. */
  get wasUp(): boolean {
    return this.hasMet;
  }

  /** Ends there what connections that broke have left: builders whose results nobody would hear. */
  async sweepEarlier(): Promise<void> {
    if (this.hasMet) await this.sweepAll();
  }

  /** Ends there everything of this run. */
  sweepAll(): Promise<void> {
    return this.sweep(this.mark);
  }

  /** Begins the marks of all processes there. */
  private get mark(): string {
    return markOn(this.address, this.kit.run);
  }

  /** Null when the host answers, else why not. */
  async connect(): Promise<string | null> {
    const borrowed = this.hasTried ? null : await this.borrowed();
    this.hasTried = true;
    const first = borrowed ?? (await this.open("master", this.kit.cores));
    if (!first.ok) return first.why;
    this.isUp = true;
    this.questions.begin(first.value);
    if (borrowed !== null) this.questions.beat();
    if (!this.hasMet) this.kit.guard.met(this.host);
    this.hasMet = true;
    return null;
  }

  /** A connection for a build with that many cores, or (null) for copies; kept from an earlier one where there is one. */
  take(cores: number | null): Promise<Answer<Session>> {
    return this.pool.take(cores);
  }

  give(session: Session): void {
    this.pool.give(session);
  }

  /** Opens some ahead until there are so many. */
  warm(count: number, cores: number | null): Promise<void> {
    return this.pool.warm(count, cores);
  }

  /** No further build is expected here; `isDone`: nor is there one whose outputs are still to come. */
  retire(isDone: boolean): void {
    this.pool.retire();
    if (isDone) for (const session of this.lanes.vacated()) this.pool.dismiss(session);
  }

  /** Which of the paths the store has. */
  valid(paths: readonly string[]): Promise<Answer<readonly string[]>> {
    return this.questions.ask((serve) => serve.validPaths(paths, false));
  }

  /** The same once it has substituted what it can: on a connection for itself, since that takes as long as the downloads. */
  async substituted(paths: readonly string[]): Promise<Answer<readonly string[]>> {
    const taken = await this.take(null);
    if (!taken.ok) return taken;
    const session = taken.value;
    const answer = await session.serve.validPaths(paths, true);
    this.give(session);
    return answer.ok ? answer : { ok: false, why: await session.reason() };
  }

  infos(paths: readonly string[]): Promise<Answer<readonly PathInfo[]>> {
    return this.questions.ask((serve) => serve.infos(paths));
  }

  /** A job on a connection that is kept for jobs of that kind, one after the other. */
  lane<T>(lane: Lane, isUrgent: () => boolean, job: (session: Session) => Promise<T>, refused: (why: string) => T): Promise<T> {
    return this.lanes.run(lane, isUrgent, job, refused);
  }

  /** Opens those connections ahead. */
  warmLanes(lanes: readonly Lane[]): Promise<void> {
    return this.lanes.warm(lanes);
  }

  /** A program there, marked as the sessions are. */
  start(words: readonly string[]): Program {
    const { shell } = this.kit;
    const mark = `${MARK}=${this.mark}${++this.opened}.`;
    return shell.start(sshWords(this.address, { kind: "guest", socket: this.socket }, ["env", mark, ...words]));
  }

  /** Whether the host still answers; a host that does not is lost. */
  async check(): Promise<boolean> {
    const answer = await this.valid([]);
    return answer.ok;
  }

  /** Ends a session, its builder there and all. */
  async end(session: Session): Promise<void> {
    session.isGivenUp = true;
    await this.sweep(session.wish.mark);
    session.kill();
  }

  /** Ends the processes of marked sessions there, builders and all: of one session, or of the whole run. */
  private async sweep(mark: string): Promise<void> {
    const sharing = this.up ? ({ kind: "guest", socket: this.socket } as const) : ({ kind: "alone" } as const);
    const program = this.kit.shell.start(sweepWords(this.address, sharing, mark));
    program.output.resume();
    program.errors.resume();
    program.input.end();
    const late = this.kit.clock.after(SWEEP_MAX, () => program.kill("SIGKILL"));
    this.sweeps.add(program);
    await program.ended;
    this.sweeps.delete(program);
    late();
  }

  async close(): Promise<void> {
    const all = this.sessions();
    const wasUp = this.up;
    this.isUp = false;
    this.questions.end();
    for (const session of all) session.close();
    // Nobody waits for a host that does not answer.
    for (const one of this.greeting) one.kill();
    if (!wasUp) for (const one of this.sweeps) one.kill("SIGTERM");
    const late = this.kit.clock.after(2, () => {
      for (const session of all) session.kill();
    });
    await Promise.all(all.map((session) => session.ended));
    late();
  }

  private get isLent(): boolean {
    return this.socket !== this.ownSocket;
  }

  /** A host that refuses one more session in a connection may well take another connection. */
  private async another(patience: number): Promise<Answer<Session>> {
    const { clock, cores } = this.kit;
    const began = clock.now();
    const shared = await this.open("guest", cores, patience);
    const isRefused = !shared.ok && (clock.now() - began) / 1e6 < patience;
    return isRefused && this.isUp ? await this.open("alone", cores, patience) : shared;
  }

  /** A first session over what the user's own ssh keeps open; null where there is nothing or nobody answers soon. */
  private async borrowed(): Promise<Answer<Session> | null> {
    const lent = await this.kit.lent(this.host);
    if (lent === null) return null;
    this.socket = lent;
    const first = await this.open("guest", this.kit.cores, LENT_MAX);
    if (first.ok) return first;
    this.socket = this.ownSocket;
    return null;
  }

  private async open(kind: "master" | "guest" | "alone", cores: number | null, patience?: number): Promise<Answer<Session>> {
    const { shell, clock } = this.kit;
    const { session, opened } = openSession(shell, clock, {
      address: this.address,
      sharing: kind === "alone" ? { kind } : { kind, socket: this.socket },
      cores,
      mark: `${this.mark}${++this.opened}.`,
      ...(patience !== undefined && { patience }),
    });
    this.greeting.add(session);
    const answer = await opened;
    this.greeting.delete(session);
    return answer;
  }

  private lose(why: string): void {
    const all = this.sessions();
    this.isUp = false;
    this.questions.end();
    // What was lent is not trusted again.
    this.socket = this.ownSocket;
    for (const session of all) session.kill();
    this.pool.clear();
    this.onLost(why);
  }

  private sessions(): Session[] {
    return [...this.questions.sessions, ...this.pool.sessions, ...this.lanes.sessions()];
  }
}
