// The live view on a terminal: a frame below whatever else is printed, drawn anew in one write, at most ten times a second.
// No raw mode, no hidden cursor, no other screen: however the program ends, the terminal is as it was. A frame's lines are
// shorter than the terminal is wide; after it has become narrower, terminals wrap what stands there, and that is counted.

export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

export interface ScreenClock {
  now(): number;
  after(milliseconds: number, act: () => void): () => void;
}

const FRAME_MS = 100;
/** Times go on without anything that happens. */
const TICK_MS = 500;

export class Screen {
  /** Widths of the lines that stand on the terminal, in cells. */
  private shown: readonly number[] = [];
  private drawnAt = Number.NEGATIVE_INFINITY;
  private off: () => void = () => {};
  private isDue = false;
  private closed = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly clock: ScreenClock,
    private readonly lines: (width: number, height: number) => readonly string[],
  ) {
    this.later(TICK_MS);
  }

  /** Something changed. */
  stir(): void {
    if (this.closed || this.isDue) return;
    const wait = this.drawnAt + FRAME_MS - this.clock.now();
    if (wait <= 0) return this.draw();
    this.isDue = true;
    this.later(wait);
  }

  /** A line that stays, above the frame. */
  print(line: string): void {
    if (this.closed) this.terminal.write(`${line}\n`);
    else this.draw(`${line}\u001b[K\n`);
  }

  /** Takes the frame away. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.off();
    this.terminal.write(`${this.back()}\u001b[J`);
    this.shown = [];
  }

  private draw(above = ""): void {
    const { columns, rows } = this.terminal;
    const lines = this.lines(columns, rows);
    this.terminal.write(`${this.back()}${above}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    this.shown = lines.map(cells);
    this.drawnAt = this.clock.now();
    this.isDue = false;
    this.later(TICK_MS);
  }

  /** To where the frame begins. */
  private back(): string {
    const { columns } = this.terminal;
    const height = this.shown.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return height === 0 ? "\r" : `\r\u001b[${height}A`;
  }

  private later(milliseconds: number): void {
    this.off();
    this.off = this.clock.after(milliseconds, () => this.draw());
  }
}

function cells(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  return [...line.replace(/\u001b\[\d*m/g, "")].length;
}
