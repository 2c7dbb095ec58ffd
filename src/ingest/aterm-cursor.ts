// A cursor over the bytes of an ATerm: punctuation, and strings with Nix's escapes. Strings are byte strings, one
// character a byte. The first fault wins; after it nothing more is accepted, so that every loop of a reader ends.
import { type Fault, fault } from "#base/fault.js";
import { shownByte } from "./source-text.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface Cursor {
  position(): number;
  peek(token: string): boolean;
  accept(token: string): boolean;
  expect(token: string): void;
  string(): string;
  end(): void;
  stop(expected: string, hint: string): void;
  stopAt(offset: number, expected: string, hint: string, found?: string): void;
  fault(): Fault | undefined;
}

/** `file` is only for fault texts, which name the byte. */
export function cursor(bytes: Uint8Array, file: string): Cursor {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  let broken: Fault | undefined;

  const peek = (token: string) => {
    if (broken !== undefined) return false;
    for (let i = 0; i < token.length; i++) if (bytes[position + i] !== token.charCodeAt(i)) return false;
    return true;
  };
  const accept = (token: string) => {
    const here = peek(token);
    if (here) position += token.length;
    return here;
  };
  const stopAt = (offset: number, expected: string, hint: string, found = foundAt(bytes, offset)) => {
    broken ??= fault("input", `${file} (byte ${offset})`, `${found}, expected ${expected}`, hint);
  };
  const stop = (expected: string, hint: string) => {
    stopAt(position, expected, position >= bytes.length ? "the file is cut off" : hint);
  };
  const string = () => {
    if (broken !== undefined) return "";
    if (bytes[position] !== QUOTE) {
      stop('a string in double quotes (")', "");
      return "";
    }
    const start = position + 1;
    let escapes = 0;
    let end = start;
    while (end < bytes.length && bytes[end] !== QUOTE) {
      if (bytes[end] === BACKSLASH) {
        escapes++;
        end++;
      }
      end++;
    }
    if (end >= bytes.length) {
      position = bytes.length;
      stop(`the closing quote (") of the string that begins at byte ${start - 1}`, "");
      return "";
    }
    position = end + 1;
    const raw = buffer.toString("latin1", start, end);
    return escapes === 0 ? raw : raw.replace(/\\([\s\S])/g, (_whole: string, escaped: string) => ESCAPES[escaped] ?? escaped);
  };
  return {
    position: () => position,
    peek,
    accept,
    expect: (token) => {
      if (!accept(token)) stop(JSON.stringify(token), "");
    },
    string,
    end: () => {
      accept("\n");
      if (position < bytes.length) stop("the end of the file", "");
    },
    stop,
    stopAt,
    fault: () => broken,
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function foundAt(bytes: Uint8Array, offset: number): string {
  return offset >= bytes.length ? "found the end of the file" : `found ${shownByte(bytes[offset]!)}`;
}
