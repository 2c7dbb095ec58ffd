// Splits one big JSON object, arriving in pieces, into its members without ever holding the whole: each member's key
// and value bytes are handed on as soon as the value ends. One member name may be descended into (`derivations` of
// newer Nix). It follows strings, escapes and brackets only; whether a value is good JSON is for its parser to say.
import { isUtf8 } from "node:buffer";
import { type Fault, fault } from "#base/fault.js";
import { type ByteChunks, encodingFault, type Place, utf8, whereIs } from "./source-text.js";

export interface Member {
  readonly key: string;
  /** Whether it stood inside the descended object, not at the top. */
  readonly inner: boolean;
  readonly value: Uint8Array;
  readonly place: Place;
}

/** A derivation is nested some ten levels deep and a few kilobytes long: what exceeds these is an attack or damage. */
const DEPTH_MAX = 256;
const BYTES_MAX = 256 * 2 ** 20;

const [QUOTE, BACKSLASH, COLON, COMMA, NEWLINE] = [0x22, 0x5c, 0x3a, 0x2c, 0x0a];
const [OBJECT, OBJECT_END, LIST, LIST_END] = [0x7b, 0x7d, 0x5b, 0x5d];

type Wants = "object" | "key or }" | "key" | "colon" | "value" | "separator" | "nothing";

const EXPECTED: Readonly<Record<Wants, string>> = {
  object: 'a JSON object ("{")',
  "key or }": 'a key in double quotes or "}"',
  key: "a key in double quotes",
  colon: '":"',
  value: "a JSON value",
  separator: '"," or "}"',
  nothing: "nothing more after the object",
};

/** Calls `onMember` for each member, in file order; stops at the first fault, its own or the caller's. */
export async function eachMember(
  chunks: ByteChunks,
  file: string,
  descend: string,
  onMember: (member: Member) => Fault | undefined,
): Promise<Fault | undefined> {
  const splitter = memberSplitter(file, descend, onMember);
  for await (const chunk of chunks) {
    const broken = splitter.push(chunk);
    if (broken !== undefined) return broken;
  }
  return splitter.end();
}

interface MemberSplitter {
  push(chunk: Uint8Array): Fault | undefined;
  end(): Fault | undefined;
}

function memberSplitter(file: string, descend: string, onMember: (member: Member) => Fault | undefined): MemberSplitter {
  let wants: Wants = "object";
  let inner = false;
  let innerSeen = false;
  // Within a key or value: what is open.
  let depth = 0;
  let inString = false;
  let escaped = false;
  let capturing: "key" | "string" | "scalar" | "nested" | undefined;
  let pieces: Uint8Array[] = [];
  let captured = 0;
  let place: Place = { offset: 0, line: 1, column: 1 };
  let key = "";
  // Place of the chunk's first byte, and of the line that is being read.
  let chunkOffset = 0;
  let line = 1;
  let lineStart = 0;

  const placeAt = (offset: number): Place => ({ offset, line, column: offset - lineStart + 1 });
  const unexpected = (byte: number, offset: number): Fault => {
    const found = byte > 0x20 && byte < 0x7f ? JSON.stringify(String.fromCharCode(byte)) : `byte 0x${byte.toString(16).padStart(2, "0")}`;
    const hint = wants === "object" && byte === LIST ? "a list is not what `nix derivation show` prints" : "";
    return fault("input", whereIs(file, placeAt(offset)), `found ${found}, expected ${EXPECTED[wants]}`, hint);
  };

  /** Ends the captured key or value; `chunk[start…end)` is its last piece. */
  const finish = (chunk: Uint8Array, start: number, end: number): Fault | undefined => {
    pieces.push(chunk.subarray(start, end));
    const bytes = pieces.length === 1 ? pieces[0]! : joined(pieces, captured + end - start);
    const kind = capturing;
    capturing = undefined;
    pieces = [];
    captured = 0;
    if (kind !== "key") {
      wants = "separator";
      return onMember({ key, inner, value: bytes, place });
    }
    wants = "colon";
    const text = keyText(bytes);
    if (text === undefined) return fault("input", whereIs(file, place), "found a key that is no JSON string", "the file may be damaged");
    key = text;
    return undefined;
  };

  /** Scans on within a key or value from `from`; returns where it ended or the chunk's length. */
  const scan = (chunk: Uint8Array, from: number): number => {
    let i = from;
    if (capturing === "scalar") {
      while (i < chunk.length && !endsScalar(chunk[i]!)) i++;
      return i;
    }
    while (i < chunk.length) {
      const byte = chunk[i++]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return -i;
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OBJECT || byte === LIST) {
        if (++depth > DEPTH_MAX) return -i;
      } else if (byte === OBJECT_END || byte === LIST_END) {
        if (--depth === 0) return -i;
      } else if (byte === NEWLINE) {
        line++;
        lineStart = chunkOffset + i;
      }
    }
    return i;
  };

  const begin = (kind: NonNullable<typeof capturing>, offset: number) => {
    capturing = kind;
    place = placeAt(offset);
    inString = false;
    escaped = false;
    depth = 0;
  };

  /** One byte between keys and values. Returns false when the byte begins a capture and must be scanned. */
  const step = (byte: number, offset: number): Fault | boolean => {
    if (byte === NEWLINE) {
      line++;
      lineStart = offset + 1;
      return true;
    }
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return true;
    if (wants === "object" && byte === OBJECT) wants = "key or }";
    else if ((wants === "key or }" || wants === "separator") && byte === OBJECT_END) {
      wants = inner ? "separator" : "nothing";
      inner = false;
    } else if (wants === "separator" && byte === COMMA) wants = "key";
    else if (wants === "colon" && byte === COLON) wants = "value";
    else if ((wants === "key" || wants === "key or }") && byte === QUOTE) {
      begin("key", offset);
      return false;
    } else if (wants === "value" && byte === OBJECT && !inner && key === descend) {
      if (innerSeen)
        return fault("input", whereIs(file, placeAt(offset)), `found a second member ${JSON.stringify(descend)}`, "keep one of them");
      inner = true;
      innerSeen = true;
      wants = "key or }";
    } else if (wants === "value" && byte !== COMMA && byte !== OBJECT_END && byte !== LIST_END && byte !== COLON) {
      begin(byte === QUOTE ? "string" : byte === OBJECT || byte === LIST ? "nested" : "scalar", offset);
      return false;
    } else return unexpected(byte, offset);
    return true;
  };

  const push = (chunk: Uint8Array): Fault | undefined => {
    let i = 0;
    const encoding = chunkOffset === 0 ? encodingFault(chunk, file) : undefined;
    if (encoding !== undefined) return encoding;
    while (i < chunk.length) {
      if (capturing === undefined) {
        const offset = chunkOffset + i;
        if (offset < 3 && wants === "object" && isMarkByte(chunk[i]!, offset)) {
          i++;
          continue;
        }
        const moved = step(chunk[i]!, offset);
        if (typeof moved === "object") return moved;
        if (moved) {
          i++;
          continue;
        }
      }
      const start = i;
      const stopped = scan(chunk, i);
      i = Math.abs(stopped);
      if (depth > DEPTH_MAX) {
        return fault(
          "input",
          whereIs(file, placeAt(chunkOffset + i - 1)),
          `found brackets nested deeper than ${DEPTH_MAX}, expected a derivation`,
          "the file may be damaged",
        );
      }
      if (captured + i - start > BYTES_MAX) {
        return fault(
          "input",
          whereIs(file, place),
          `found a member longer than ${BYTES_MAX / 2 ** 20} MiB, expected a derivation`,
          "the file may be damaged",
        );
      }
      if (stopped < 0 || (capturing === "scalar" && i < chunk.length)) {
        const broken = finish(chunk, start, i);
        if (broken !== undefined) return broken;
      } else {
        pieces.push(chunk.subarray(start));
        captured += chunk.length - start;
      }
    }
    chunkOffset += chunk.length;
    return undefined;
  };

  return {
    push,
    end: () => {
      if (wants === "nothing") return undefined;
      const open =
        capturing === undefined
          ? ""
          : `; ${capturing === "key" ? "a key" : `the value of ${JSON.stringify(key)}`} began at ${place.line}:${place.column}`;
      const hint = chunkOffset === 0 ? "the file is empty" : "the file is cut off; export it again";
      return fault("input", whereIs(file, placeAt(chunkOffset)), `found the end of the file, expected ${EXPECTED[wants]}${open}`, hint);
    },
  };
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === OBJECT_END || byte === LIST_END || byte <= 0x20;
}

function isMarkByte(byte: number, offset: number): boolean {
  return byte === [0xef, 0xbb, 0xbf][offset];
}

function keyText(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = utf8(bytes);
  if (!text.includes("\\")) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
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
