// Bytes in pieces → lines of text, one at a time, so that a log of any length can be read. Build logs hold any bytes:
// what is not UTF-8 becomes U+FFFD, as a terminal shows it. Knows no format.
import { type ByteChunks, hasMark } from "./source-text.js";

export interface LogLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** False for a last line that no newline ends: it may be cut off. */
  readonly whole: boolean;
}

export async function* linesOf(chunks: ByteChunks): AsyncGenerator<LogLine> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest = "";
  let number = 0;
  let first = true;
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(first && hasMark(chunk) ? chunk.subarray(3) : chunk, { stream: true });
    first = false;
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      yield { text: text.slice(from, end), number: ++number, whole: true };
      from = end + 1;
    }
    rest = text.slice(from);
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: rest, number: ++number, whole: false };
}
