// One key or value of a JSON text that arrives in pieces: follows strings, escapes and brackets until it ends and
// keeps its bytes. Neither checks the grammar nor knows what the value is.

export type CaptureKind = "key" | "string" | "scalar" | "nested";

/** Where the line that is being read began; shared with whoever reads between the values. */
export interface Lines {
  line: number;
  /** Offset in the file of the line's first byte. */
  start: number;
}

export interface Capture {
  begin(kind: CaptureKind): void;
  /** What is being captured, if anything. */
  kind(): CaptureKind | undefined;
  /** Reads on at `from`; returns the index after the last byte that belongs to it. `offset` is the chunk's in the file. */
  scan(chunk: Uint8Array, from: number, offset: number): number;
  /** Whether the last scan met the end of the key or value. */
  ended(): boolean;
  depth(): number;
  /** Bytes so far. */
  length(): number;
  /** Ends the capture and gives all of its bytes. */
  take(): Uint8Array;
}

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OBJECT, OBJECT_END, LIST, LIST_END, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c];

/** Stops early once brackets are nested deeper than `depthMax`. */
export function jsonCapture(lines: Lines, depthMax: number): Capture {
  let kind: CaptureKind | undefined;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let ended = false;
  let pieces: Uint8Array[] = [];
  let length = 0;

  const endOfScalar = (chunk: Uint8Array, from: number): number => {
    let i = from;
    while (i < chunk.length && !endsScalar(chunk[i]!)) i++;
    ended = i < chunk.length;
    return i;
  };

  const endOfNested = (chunk: Uint8Array, from: number, offset: number): number => {
    // Locals, because this loop sees every byte of a closure's hundreds of megabytes.
    let open = depth;
    let quoted = inString;
    let skip = escaped;
    let i = from;
    while (i < chunk.length) {
      const byte = chunk[i++]!;
      if (quoted) {
        if (skip) skip = false;
        else if (byte === BACKSLASH) skip = true;
        else if (byte === QUOTE) {
          quoted = false;
          if (open === 0) {
            ended = true;
            break;
          }
        }
      } else if (byte === QUOTE) quoted = true;
      else if (byte === OBJECT || byte === LIST) {
        if (++open > depthMax) break;
      } else if (byte === OBJECT_END || byte === LIST_END) {
        if (--open === 0) {
          ended = true;
          break;
        }
      } else if (byte === NEWLINE) {
        lines.line++;
        lines.start = offset + i;
      }
    }
    depth = open;
    inString = quoted;
    escaped = skip;
    return i;
  };

  return {
    begin: (what) => {
      kind = what;
      depth = 0;
      inString = false;
      escaped = false;
      ended = false;
    },
    kind: () => kind,
    scan: (chunk, from, offset) => {
      const end = kind === "scalar" ? endOfScalar(chunk, from) : endOfNested(chunk, from, offset);
      pieces.push(chunk.subarray(from, end));
      length += end - from;
      return end;
    },
    ended: () => ended,
    depth: () => depth,
    length: () => length,
    take: () => {
      const bytes = pieces.length === 1 ? pieces[0]! : joined(pieces, length);
      pieces = [];
      length = 0;
      kind = undefined;
      return bytes;
    },
  };
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === OBJECT_END || byte === LIST_END || byte <= 0x20;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
