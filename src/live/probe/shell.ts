// A shell that is kept, on a host or on this machine, and asked one script after the other; each ends with a mark of ours,
// so that answers are told apart from what start-up files print. Scripts are texts of ours: names never stand in them.
import { Inbox, type Taken } from "./inbox.js";
import type { Ending, Program } from "#live/host/shell.js";

export interface ShellAnswer {
  readonly lines: readonly string[];
  readonly code: number;
}

const MARK = "drvfleet-6b1f0c";
/** Of standard error, as much as ever matters. */
const WORDS_MAX = 1 << 16;

/** A program that is `sh -s`. Times are in milliseconds. */
export class ProbeShell {
  readonly inbox: Inbox;
  /** Standard error so far. */
  words = "";

  constructor(private readonly program: Program) {
    this.inbox = new Inbox(program.output);
    program.errors.on("data", (chunk: Buffer) => {
      this.words = (this.words + chunk.toString("utf8")).slice(-WORDS_MAX);
    });
  }

  get ended(): Promise<Ending> {
    return this.program.ended;
  }

  /** What it printed before it was asked anything. */
  async greet(within: number): Promise<Taken<readonly string[]>> {
    this.send(`printf '%s %s\\n' '${MARK}' 0\n`);
    const answer = await this.answer(Date.now() + within);
    return answer.kind === "got" ? { kind: "got", value: answer.value.lines } : answer;
  }

  /** A script that reads no input; what it prints, and its exit code. It runs in a subshell, and is read whole before. */
  async ask(script: string, within: number): Promise<Taken<ShellAnswer>> {
    this.send(`(\n${script}\n) </dev/null\nprintf '\\n%s %s\\n' '${MARK}' "$?"\n`);
    const answer = await this.answer(Date.now() + within);
    if (answer.kind !== "got") return answer;
    // The mark stands on a line of its own even where the script's last one had no end.
    const { lines, code } = answer.value;
    return { kind: "got", value: { lines: lines.at(-1) === "" ? lines.slice(0, -1) : lines, code } };
  }

  send(data: string | Uint8Array): void {
    if (!this.program.input.destroyed) this.program.input.write(data);
  }

  stop(): void {
    this.program.input.end();
    this.program.kill("SIGTERM");
  }

  private async answer(deadline: number): Promise<Taken<ShellAnswer>> {
    const lines: string[] = [];
    for (;;) {
      const next = await this.inbox.line(deadline);
      if (next.kind !== "got") return next;
      if (next.value.startsWith(`${MARK} `)) return { kind: "got", value: { lines, code: Number(next.value.slice(MARK.length + 1)) } };
      lines.push(next.value);
    }
  }
}
