// What an attempt of Nix's own hook prints, as it grows: activities pass on to Nix at once, errors are held, because another attempt may
// make them untrue, and all of it is kept for the verdict. Knows the file only; whose attempt it is the session knows.
import { GrowingFile } from "./growing-file.js";
import { logLineOf, messageOf, type Said, saidBy } from "./verdict.js";

/** Characters of the end of a builder's log in which the cause of a failure is looked for. */
const TAIL_MAX = 16_384;
/** Messages up to this level are errors and warnings. */
const HELD_LEVEL = 1;

export interface Told {
  pass(line: string): void;
  hold(line: string): void;
}

export class AttemptLog {
  private readonly lines: string[] = [];
  private tail = "";
  private partial = "";
  private readonly decoder = new TextDecoder();
  private readonly file: GrowingFile;

  /** The file exists. */
  constructor(
    path: string,
    private readonly told: Told,
  ) {
    this.file = new GrowingFile(path, (piece) => {
      const lines = (this.partial + this.decoder.decode(piece, { stream: true })).split("\n");
      this.partial = lines.pop()!;
      for (const line of lines) this.line(line);
    });
  }

  /** The attempt is over: what it has said in all. */
  end(): Said {
    this.file.look();
    this.file.close();
    if (this.partial !== "") this.line(this.partial);
    this.partial = "";
    return saidBy(this.lines, this.tail);
  }

  close(): void {
    this.file.close();
  }

  private line(line: string): void {
    const message = messageOf(line);
    if (message !== undefined || !line.startsWith("@nix ")) this.lines.push(line);
    const printed = logLineOf(line);
    if (printed !== undefined) this.tail = `${this.tail}${printed}\n`.slice(-TAIL_MAX);
    if (message !== undefined && message.level <= HELD_LEVEL) this.told.hold(line);
    else if (line.startsWith("@nix ")) this.told.pass(line);
  }
}
