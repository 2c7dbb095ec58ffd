// Bytes of an input file → text, with places for error messages. Here is decided what a file may be encoded in:
// UTF-8, with or without a byte order mark. Knows no format. Offsets count bytes from the start of the file,
// lines and columns count from 1, columns in bytes.
import { isUtf8 } from "node:buffer";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";

/** What a reader is given: pieces of a file in order. Reading them is the command line's business. */
export type ByteChunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Reads the text of a file that another file includes; undefined when there is none. */
export type TextLoader = (path: string) => string | undefined;

export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** `graph.json:12:7 (byte 4711)`. */
export function whereIs(file: string, place: Place): string {
  return `${file}:${place.line}:${place.column} (byte ${place.offset})`;
}

/** A byte for fault texts: the character where it is a visible ASCII one, else its value. */
export function shownByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? JSON.stringify(String.fromCharCode(byte)) : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

/** The place of byte `offset` within `bytes`, which begin at `base` in the file. */
export function placeIn(bytes: Uint8Array, offset: number, base: Place = { offset: 0, line: 1, column: 1 }): Place {
  let line = base.line;
  let lineStart = base.offset - (base.column - 1);
  for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) {
    line++;
    lineStart = base.offset + i + 1;
  }
  return { offset: base.offset + offset, line, column: base.offset + offset - lineStart + 1 };
}

/** Whole file → text without byte order mark; a fault names the first byte that is not UTF-8. */
export function decodeText(bytes: Uint8Array, file: string): Result<string> {
  const encoding = encodingFault(bytes, file);
  if (encoding !== undefined) return fail(encoding);
  const start = hasMark(bytes) ? 3 : 0;
  if (!isUtf8(bytes)) {
    const place = placeIn(bytes, firstInvalid(bytes));
    return fail(invalidUtf8(file, place, bytes[place.offset]!));
  }
  return ok(utf8(bytes.subarray(start)));
}

/** Valid UTF-8 → string. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** Whether the bytes begin with the UTF-8 byte order mark. */
export function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** A fault for UTF-16 files, which PowerShell's `>` writes: of a first piece of one byte, no more can be asked. */
export function encodingFault(bytes: Uint8Array, file: string): Fault | undefined {
  const second = bytes[0] === 0xff ? 0xfe : bytes[0] === 0xfe ? 0xff : undefined;
  if (second === undefined || (bytes.length > 1 && bytes[1] !== second)) return undefined;
  return fault("input", file, "found UTF-16 text, expected UTF-8", "convert it: iconv -f UTF-16 -t UTF-8");
}

export function invalidUtf8(file: string, place: Place, byte: number): Fault {
  const found = `found byte 0x${byte.toString(16).padStart(2, "0")}, which is not valid UTF-8 here`;
  return fault("input", whereIs(file, place), found, "the file may be damaged or in another encoding");
}

/** Index of the first byte that cannot be part of valid UTF-8; call only when there is one. */
export function firstInvalid(bytes: Uint8Array): number {
  let valid = 0;
  for (let step = 1 << 30; step >= 1; step >>>= 1) {
    const end = characterStart(bytes, Math.min(bytes.length, valid + step));
    if (end > valid && isUtf8(bytes.subarray(valid, end))) valid = end;
  }
  for (;;) {
    const length = [1, 2, 3, 4].find((size) => valid + size <= bytes.length && isUtf8(bytes.subarray(valid, valid + size)));
    if (length === undefined) return valid;
    valid += length;
  }
}

/** Steps back from `at` over at most three continuation bytes, to cut no character in two. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}
