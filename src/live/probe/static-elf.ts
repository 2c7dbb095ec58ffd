// Static Linux programs of a few hundred bytes, for hosts on which nothing is installed: an ELF file around machine code
// that stands in the source as a listing, assembled by hand: each line is what `as` makes of its right side, which
// test/system/tiny-program.test.ts has it do. Also how a POSIX shell writes such a file. Knows no program and no host.
// Format: the ELF-64 object file specification; e_machine as in the processors' supplements.

export interface Listed {
  /** e_machine of the ELF header. */
  readonly machine: number;
  /** Bytes in hexadecimal, two blanks, what they mean. Labels have no bytes. */
  readonly listing: string;
}

/** Memory of zeros that the program may write. */
export interface Table {
  readonly at: number;
  readonly bytes: number;
}

const BASE = 0x400000;
const HEADER = 0x40;
const SEGMENT = 0x38;
/** The largest page of the three kernels. */
const PAGE = 0x10000;

/** ELF header, one segment for all of this file and one for the table, `words` for the code to read, the code itself. */
export function staticElf(listed: Listed, words: readonly bigint[] = [], table: Table | null = null): Uint8Array {
  const code = codeOf(listed);
  const segments = table === null ? 1 : 2;
  const wordsAt = HEADER + segments * SEGMENT;
  const codeAt = wordsAt + 8 * words.length;
  const bytes = new Uint8Array(codeAt + code.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(0x10, 2, true);
  view.setUint16(0x12, listed.machine, true);
  view.setUint32(0x14, 1, true);
  view.setUint32(0x18, BASE + codeAt, true);
  view.setUint32(0x20, HEADER, true);
  view.setUint16(0x34, HEADER, true);
  view.setUint16(0x36, SEGMENT, true);
  view.setUint16(0x38, segments, true);
  segment(view, HEADER, { flags: 5, at: BASE, inFile: bytes.length, inMemory: bytes.length });
  if (table !== null) segment(view, HEADER + SEGMENT, { flags: 6, at: table.at, inFile: 0, inMemory: table.bytes });
  for (const [w, word] of words.entries()) view.setBigUint64(wordsAt + 8 * w, word, true);
  bytes.set(code, codeAt);
  return bytes;
}

function segment(view: DataView, place: number, to: { flags: number; at: number; inFile: number; inMemory: number }): void {
  view.setUint32(place, 1, true);
  view.setUint32(place + 0x04, to.flags, true);
  view.setUint32(place + 0x10, to.at, true);
  view.setUint32(place + 0x18, to.at, true);
  view.setUint32(place + 0x20, to.inFile, true);
  view.setUint32(place + 0x28, to.inMemory, true);
  view.setUint32(place + 0x30, PAGE, true);
}

function codeOf({ listing }: Listed): Uint8Array {
  const hex = [...listing.matchAll(/^ *((?:[0-9a-f]{2})+) {2}/gm)].map(([, bytes]) => bytes).join("");
  return Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16));
}

/** The right sides of the listing. */
export function assemblyOf({ listing }: Listed): string {
  return listing.replace(/^ *((?:[0-9a-f]{2})+ {2})?/gm, "");
}

/** Prints the bytes in any POSIX shell. */
export function printfOf(bytes: Uint8Array): string {
  return `printf '${Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}'`;
}
