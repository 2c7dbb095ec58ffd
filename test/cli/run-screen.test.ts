// The live view on a terminal that is a few lines of text: what stands there after each write, how often it is written to, and
// that the end leaves nothing. The terminal wraps long lines anew when it gets narrower, as terminals do.
import { describe, expect, it } from "vitest";
import { Screen } from "#cli/run-screen.js";

/** Knows \r, \n, cursor up, erase to the end of line and of screen. */
class Paper {
  columns = 20;
  rows = 10;
  writes = 0;
  lines: string[] = [""];
  private y = 0;
  private x = 0;

  write(text: string): void {
    this.writes++;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal reads
    for (const part of text.match(/\u001b\[\d*[A-Z]|[\r\n]|[^\r\n\u001b]+/g) ?? []) this.take(part);
  }

  private take(part: string): void {
    if (part === "\r") this.x = 0;
    else if (part === "\n") {
      this.x = 0;
      if (++this.y === this.lines.length) this.lines.push("");
    } else if (part.endsWith("A") && part.startsWith("\u001b")) this.y -= Number.parseInt(part.slice(2), 10);
    else if (part === "\u001b[K") this.lines[this.y] = this.lines[this.y]!.slice(0, this.x);
    else if (part === "\u001b[J") {
      this.lines[this.y] = this.lines[this.y]!.slice(0, this.x);
      this.lines.length = this.y + 1;
    } else {
      const line = this.lines[this.y]!;
      this.lines[this.y] = line.slice(0, this.x).padEnd(this.x) + part + line.slice(this.x + part.length);
      this.x += part.length;
    }
  }

  narrow(columns: number): void {
    const wrapped = this.lines.slice(0, -1).flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]);
    this.columns = columns;
    this.lines = [...wrapped, ""];
    this.y = this.lines.length - 1;
  }
}

class Time {
  at = 0;
  private due: { at: number; act: () => void }[] = [];
  now = (): number => this.at;
  after = (ms: number, act: () => void): (() => void) => {
    const one = { at: this.at + ms, act };
    this.due.push(one);
    return () => {
      this.due = this.due.filter((other) => other !== one);
    };
  };
  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const next = this.due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.at = next.at;
      this.due = this.due.filter((one) => one !== next);
      next.act();
    }
    this.at = end;
  }
}

function stage() {
  const paper = new Paper();
  const time = new Time();
  const frame = { lines: ["one", "two"] };
  const screen = new Screen(paper, time, () => frame.lines);
  return { paper, time, frame, screen };
}

describe("the screen", () => {
  it("draws over its last frame, also when it shrinks and grows", () => {
    const { paper, time, frame, screen } = stage();
    screen.stir();
    expect(paper.lines).toEqual(["one", "two", ""]);
    for (const lines of [["1"], ["longer", "b", "c"], []]) {
      frame.lines = lines;
      time.pass(1000);
      expect(paper.lines).toEqual([...lines, ""]);
    }
  });

  it("keeps what is printed above the frame", () => {
    const { paper, screen } = stage();
    screen.stir();
    screen.print("failed x");
    screen.print("host y");
    expect(paper.lines).toEqual(["failed x", "host y", "one", "two", ""]);
    screen.close();
    expect(paper.lines).toEqual(["failed x", "host y", ""]);
  });

  it("is one write a frame, at most ten in a second, and shows the last state soon", () => {
    const { paper, time, frame, screen } = stage();
    for (let i = 0; i < 1000; i++) {
      frame.lines = [`state ${i}`];
      screen.stir();
      time.pass(1);
    }
    expect(paper.writes).toBeLessThanOrEqual(11);
    time.pass(100);
    expect(paper.lines).toEqual(["state 999", ""]);
  });

  it("finds its frame again after the terminal has become narrower", () => {
    const { paper, time, frame, screen } = stage();
    frame.lines = ["a line of 17 cells"];
    screen.print("kept");
    paper.narrow(10);
    frame.lines = ["short"];
    time.pass(1000);
    expect(paper.lines).toEqual(["kept", "short", ""]);
  });

  it("draws nothing after its end", () => {
    const { paper, time, screen } = stage();
    screen.stir();
    screen.close();
    screen.stir();
    time.pass(5000);
    screen.close();
    expect(paper.lines).toEqual([""]);
  });
});
