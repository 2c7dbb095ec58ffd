// One hook process as the agent meets it: its folder with what Nix said, its answers, its attempts. Everything that another
// agent needs to go on with it lies in that folder, because this one may be killed. Knows no queue and no policy.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AttemptLog } from "./attempt-log.js";
import { type Caller, callerOf } from "./caller.js";
import { type LinesIn, type LinesOut, linesFrom, linesInto } from "./fifo.js";
import { GrowingFile } from "./growing-file.js";
import { type Said, type Verdict, verdictOf } from "./verdict.js";
import { type HookMessage, HookReader, type Question, repeated } from "./wire.js";

/** Longer lines could be torn by another writer of the FIFO. */
const LINE_MAX = 3500;
const NOTHING_SAID: Said = { answer: "", text: "", log: "" };

export interface SessionEvents {
  asked(session: HookSession, question: Question): void;
  /** All that an attempt needs has arrived. */
  complete(session: HookSession): void;
  ran(session: HookSession, verdict: Verdict): void;
  /** The process is over: finished, or killed with its nix. */
  gone(session: HookSession): void;
}

/** An attempt that an earlier agent began. */
export interface Inherited {
  readonly host: string;
}

export class HookSession {
  readonly caller: Caller;
  settings: ReadonlyMap<string, string> = new Map();
  question: Question | null = null;
  isComplete = false;
  /** What the build needs, with all behind it, and the outputs that are asked for: once complete. */
  inputs: readonly string[] = [];
  wanted: readonly string[] = [];
  /** Host on which an earlier agent was building it itself, "" where none was. */
  earlier = "";
  private settingsTo = 0;
  /** Not before `begin`: an earlier agent may have answered what stands in the file. */
  private isListening = false;
  private readonly reader = new HookReader();
  private readonly up: LinesIn;
  private readonly down: LinesOut;
  private readonly input: GrowingFile;
  private attempt = 0;
  private attemptPid = 0;
  private log: AttemptLog | null = null;
  private held: string[] = [];

  /** The hook has written who it is. Throws what the file system says, where the hook is gone already. */
  constructor(
    private readonly folder: string,
    private readonly events: SessionEvents,
  ) {
    this.caller = callerOf(readFileSync(join(folder, "who"), "utf8"));
    this.down = linesInto(join(folder, "down"));
    this.input = new GrowingFile(join(folder, "in"), (piece) => {
      this.reader.push(piece);
      if (this.isListening) this.read();
    });
    this.up = linesFrom(
      join(folder, "up"),
      false,
      (line) => this.heard(line),
      () => this.over(),
    );
  }

  /** Listens: what Nix has said already is told at once. Returns the attempt of an earlier agent, if one runs. */
  begin(): Inherited | null {
    this.input.look();
    const accepted = textOf(join(this.folder, "accepted"));
    const isOurs = accepted !== "";
    if (isOurs) this.resumeFrom(Number(accepted.split(" ")[1]));
    this.isListening = true;
    if (!isOurs) {
      this.skip(Number(textOf(join(this.folder, "answered"))));
      this.read();
      return null;
    }
    // It has missed some, and may be about to go on without us.
    this.still();
    this.earlier = textOf(join(this.folder, "first.host"));
    while (existsSync(join(this.folder, `${this.attempt + 1}.host`))) this.attempt++;
    if (this.attempt === 0 || existsSync(join(this.folder, `${this.attempt}.ended`))) return null;
    this.follow();
    // The other may have died before it said so.
    if (!existsSync(join(this.folder, `${this.attempt}.begun`))) this.down.send(`run ${this.attempt} -`);
    return { host: readFileSync(join(this.folder, `${this.attempt}.host`), "utf8") };
  }

  decline(): void {
    this.answer("decline");
  }

  postpone(): void {
    this.answer("postpone");
  }

  /** `name` is what Nix shows as the machine. */
  accept(name: string): void {
    this.reader.accepted();
    this.down.send(`accept ${this.settingsTo} ${this.question!.from} ${name}`);
    this.read();
  }

  /** Nix's own hook is to answer, and to build. */
  leave(): void {
    this.down.send("own");
  }

  /** We go: Nix's own hook is to build what was accepted. Builds under way in it go on. */
  leaveAlone(): void {
    this.down.send("alone");
  }

  /** `link`: file of the shared connection below the runtime directory's ssh/, "-" without one. */
  run(host: string, builders: string, link: string): void {
    const number = ++this.attempt;
    rmSync(join(this.folder, "first.in"), { force: true });
    const input = repeated(this.reader.received, this.settingsTo, this.question!, { builders });
    writeFileSync(join(this.folder, `${number}.in`), input);
    writeFileSync(join(this.folder, `${number}.err`), "");
    writeFileSync(join(this.folder, `${number}.host`), host);
    this.attemptPid = 0;
    this.follow();
    this.down.send(`run ${number} ${link}`);
  }

  /** We build it there ourselves. Should we be killed, Nix's own hook asks that machine first, and a new agent looks there. */
  first(host: string, builders: string): void {
    writeFileSync(join(this.folder, "first.in"), repeated(this.reader.received, this.settingsTo, this.question!, { builders }));
    writeFileSync(join(this.folder, "first.host"), host);
  }

  /** Whether the hook still waits for us: it has not gone over to Nix's own. */
  get isOurs(): boolean {
    return existsSync(join(this.folder, "accepted")) && !["feed", "alone.in"].some((name) => existsSync(join(this.folder, name)));
  }

  /** Shown when the attempt is final. */
  hold(line: string): void {
    this.held.push(line);
  }

  /** Ends the attempt under way; `ran` follows. */
  stop(): void {
    if (this.attemptPid > 1) signal(this.attemptPid);
  }

  /** Shown by Nix; a message or an activity in its own format. */
  say(line: string): void {
    if (line.length <= LINE_MAX) this.down.send(`say ${line}`);
  }

  /** What the attempt had said and was held back. */
  sayHeld(): void {
    for (const line of this.held) this.say(line);
    this.held = [];
  }

  forgetHeld(): void {
    this.held = [];
  }

  still(): void {
    this.down.send("still");
  }

  exit(code: number): void {
    this.down.send(`exit ${code}`);
  }

  /** Lets go without a word to the hook, which notices that the agent is gone. */
  release(): void {
    this.input.close();
    this.log?.close();
    this.up.close();
    this.down.close();
  }

  private answer(word: string): void {
    this.down.send(`${word} ${this.settingsTo} ${this.question!.to}`);
    this.question = null;
    this.read();
  }

  /** An earlier agent has accepted the question that begins there. */
  private resumeFrom(from: number): void {
    for (let message = this.reader.next(); message !== undefined; message = this.reader.next()) {
      this.take(message, true);
      if (this.question?.from === from) this.reader.accepted();
      if (message.kind === "inputs" || message.kind === "broken") break;
    }
  }

  /** What ends before that place has been answered by an earlier agent. */
  private skip(answered: number): void {
    for (let message = this.reader.next(); message !== undefined; message = this.reader.next()) {
      this.take(message, message.kind === "question" && message.question.to <= answered);
      if (message.kind === "question" && message.question.to <= answered) this.question = null;
    }
  }

  private read(): void {
    for (let message = this.reader.next(); message !== undefined; message = this.reader.next()) this.take(message, false);
  }

  private take(message: HookMessage, quiet: boolean): void {
    switch (message.kind) {
      case "settings":
        this.settings = message.settings;
        this.settingsTo = message.to;
        break;
      case "question":
        this.question = message.question;
        if (!quiet) this.events.asked(this, message.question);
        break;
      case "inputs":
        this.isComplete = true;
        this.inputs = message.inputs;
        this.wanted = message.wanted;
        if (!quiet) this.events.complete(this);
        break;
      case "broken":
        this.leave();
    }
  }

  private heard(line: string): void {
    const [word, number, value] = line.split(" ");
    if (Number(number) !== this.attempt) return;
    if (word === "pid") this.attemptPid = Number(value);
    if (word === "ran") this.ended(Number(value));
  }

  private ended(code: number): void {
    const said = this.log === null ? NOTHING_SAID : this.log.end();
    this.log = null;
    writeFileSync(join(this.folder, `${this.attempt}.ended`), String(code));
    this.events.ran(this, verdictOf(code, said));
  }

  private follow(): void {
    this.held = [];
    this.log?.close();
    this.log = new AttemptLog(join(this.folder, `${this.attempt}.err`), {
      pass: (line) => this.say(line),
      hold: (line) => this.hold(line),
    });
  }

  private over(): void {
    this.release();
    rmSync(this.folder, { recursive: true, force: true });
    this.events.gone(this);
  }
}

/** Of a file that may not be there. */
function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
