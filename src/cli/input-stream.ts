// Opens what the user names as an input: a file, `-` for standard input, gzip undone. Gives the first bytes for
// telling the format, then everything in pieces. What goes wrong on the way comes back as a fault.
import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Fault, fault } from "#base/fault.js";
import { HEAD_BYTES, isGzip } from "#ingest/input-format.js";

export interface InputStream {
  readonly head: Uint8Array;
  /** All bytes, the head included; may be read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Told the bytes read from disk so far, before gzip is undone, and how many there will be, if known. */
export type ByteProgress = (read: number, size: number | undefined) => void;

/** Throws what Node throws; callers turn it into a fault with `readFault`. */
export async function openInput(path: string, onProgress: ByteProgress): Promise<InputStream> {
  const size = path === "-" ? undefined : statSync(path).size;
  const raw = counted(path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 }), size, onProgress);
  const packed = await withHead(raw, 2);
  if (!isGzip(packed.head)) return withHead(packed.chunks, HEAD_BYTES);
  const source = Readable.from(packed.chunks, { objectMode: false });
  const plain = createGunzip({ chunkSize: 1 << 20 });
  source.on("error", (error) => plain.destroy(error));
  return withHead(source.pipe(plain), HEAD_BYTES);
}

/** All of it at once, for formats that are read whole. */
export async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** Node's error while reading `path`, as a fault; undefined when it is none of the world's making. */
export function readFault(error: unknown, path: string): Fault | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const known = READ_ERRORS[code];
  return known === undefined ? undefined : fault("input", path === "-" ? "standard input" : path, known[0]!, known[1]);
}

const READ_ERRORS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ["found no such file or directory", "check the path"],
  ENOTDIR: ["found a file where the path wants a directory", "check the path"],
  EACCES: ["found a file that may not be read", "check its permissions"],
  EISDIR: ["found a directory, expected a file", ""],
  Z_BUF_ERROR: ["found the end of the file inside its gzip data", "the file is cut off; make it again"],
  Z_DATA_ERROR: ["found damaged gzip data", "make the file again"],
  ERR_STRING_TOO_LONG: ["found more text than fits into memory", ""],
};

async function* counted(stream: AsyncIterable<Uint8Array>, size: number | undefined, onProgress: ByteProgress): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of stream) {
    read += chunk.length;
    onProgress(read, size);
    yield chunk;
  }
}

/** Looks at the first `wanted` bytes without losing them. */
async function withHead(stream: AsyncIterable<Uint8Array>, wanted: number): Promise<InputStream> {
  const iterator = stream[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < wanted) {
    const next = await iterator.next();
    if (next.done === true) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const rest = async function* () {
    yield* pieces.splice(0);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  return { head: Buffer.concat(pieces), chunks: rest() };
}
