// Splits one big JSON object, arriving in pieces, into its members without ever holding the whole: each member's key
// and value bytes are handed on as soon as the value ends. One member name may be descended into (`derivations` of
// newer Nix). It follows strings, escapes and brackets only; whether a value is good JSON is for its parser to say.
import { isUtf8 } from "node:buffer";
import { type Fault, fault } from "#base/fault.js";
import { type CaptureKind, jsonCapture, type Lines } from "./json-capture.js";
import { type ByteChunks, encodingFault, type Place, shownByte, utf8, whereIs } from "./source-text.js";

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

const [QUOTE, COLON, COMMA, NEWLINE] = [0x22, 0x3a, 0x2c, 0x0a];
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
  const lines: Lines = { line: 1, start: 0 };
  const capture = jsonCapture(lines, DEPTH_MAX);
  let wants: Wants = "object";
  let inner = false;
  let innerSeen = false;
  let key = "";
  /** Where the captured key or value began. */
  let place: Place = { offset: 0, line: 1, column: 1 };
  let chunkOffset = 0;

  const placeAt = (offset: number): Place => ({ offset, line: lines.line, column: offset - lines.start + 1 });
  const damaged = (at: Place, found: string, expected = "a derivation"): Fault =>
    fault("input", whereIs(file, at), `found ${found}, expected ${expected}`, "the file may be damaged");

  /** One byte between keys and values. Returns false when a key or value begins at it. */
  const step = (byte: number, offset: number): Fault | boolean => {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d || isMark(byte, offset)) return true;
    if (byte === NEWLINE) {
      lines.line++;
      lines.start = offset + 1;
    } else if (wants === "object" && byte === OBJECT) wants = "key or }";
    else if ((wants === "key or }" || wants === "separator") && byte === OBJECT_END) {
      wants = inner ? "separator" : "nothing";
      inner = false;
    } else if (wants === "separator" && byte === COMMA) wants = "key";
    else if (wants === "colon" && byte === COLON) wants = "value";
    else if (wants === "value" && byte === OBJECT && !inner && key === descend) {
      if (innerSeen) return damaged(placeAt(offset), `a second member ${JSON.stringify(descend)}`, "one");
      inner = true;
      innerSeen = true;
      wants = "key or }";
    } else {
      const kind = captureKind(wants, byte);
      if (kind === undefined) return unexpected(byte, wants, whereIs(file, placeAt(offset)));
      place = placeAt(offset);
      capture.begin(kind);
      return false;
    }
    return true;
  };

  /** A key or value has ended. */
  const finish = (): Fault | undefined => {
    const isKey = capture.kind() === "key";
    const bytes = capture.take();
    wants = isKey ? "colon" : "separator";
    if (!isKey) return onMember({ key, inner, value: bytes, place });
    const text = keyText(bytes);
    if (text === undefined) return damaged(place, "a key that is no JSON string", "a key");
    key = text;
    return undefined;
  };

  const push = (chunk: Uint8Array): Fault | undefined => {
    let broken = chunkOffset === 0 ? encodingFault(chunk, file) : undefined;
    for (let i = 0; i < chunk.length && broken === undefined; ) {
      if (capture.kind() === undefined) {
        const moved = step(chunk[i]!, chunkOffset + i);
        if (moved === true) i++;
        else if (moved !== false) broken = moved;
        continue;
      }
      i = capture.scan(chunk, i, chunkOffset);
      if (capture.depth() > DEPTH_MAX) broken = damaged(placeAt(chunkOffset + i - 1), `brackets nested deeper than ${DEPTH_MAX}`);
      else if (capture.length() > BYTES_MAX) broken = damaged(place, `a member longer than ${BYTES_MAX / 2 ** 20} MiB`);
      else if (capture.ended()) broken = finish();
    }
    chunkOffset += chunk.length;
    return broken;
  };

  const end = (): Fault | undefined => {
    if (wants === "nothing") return undefined;
    const what = capture.kind() === "key" ? "a key" : `the value of ${JSON.stringify(key)}`;
    const open = capture.kind() === undefined ? "" : `; ${what} began at ${place.line}:${place.column}`;
    const hint = chunkOffset === 0 ? "the file is empty" : "the file is cut off; export it again";
    return fault("input", whereIs(file, placeAt(chunkOffset)), `found the end of the file, expected ${EXPECTED[wants]}${open}`, hint);
  };
  return { push, end };
}

function captureKind(wants: Wants, byte: number): CaptureKind | undefined {
  if (wants === "key" || wants === "key or }") return byte === QUOTE ? "key" : undefined;
  if (wants !== "value" || byte === COMMA || byte === COLON || byte === OBJECT_END || byte === LIST_END) return undefined;
  return byte === QUOTE ? "string" : byte === OBJECT || byte === LIST ? "nested" : "scalar";
}

function unexpected(byte: number, wants: Wants, where: string): Fault {
  const hint = wants === "object" && byte === LIST ? "a list is not what `nix derivation show` prints" : "";
  return fault("input", where, `found ${shownByte(byte)}, expected ${EXPECTED[wants]}`, hint);
}

/** Whether it is that byte of the byte order mark. */
function isMark(byte: number, offset: number): boolean {
  return offset < 3 && byte === [0xef, 0xbb, 0xbf][offset];
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
