// Digests: a fast one of numbers and texts, to see that two runs are the same, SHA-256, to name a scenario, and the SHA-1 of
// Nix's names. The fast one is two 32-bit lanes of multiply-and-rotate (after MurmurHash3, public domain): no defence against malice.
import { createHash } from "node:crypto";

/** Bits of the one NaN that is digested, whatever NaN an engine happens to write. */
const NAN_HIGH = 0x7ff80000;

/** Takes numbers, columns and texts one after the other; order counts. */
export class Digest {
  private a: number;
  private b: number;
  private readonly one = new Float64Array(1);

  constructor(seed = 0) {
    this.a = (0x2545f491 ^ seed) | 0;
    this.b = (0x9e3779b9 + seed) | 0;
  }

  /** A double by its bits; −0 is not 0. */
  number(value: number): this {
    this.one[0] = value;
    return this.doubles(this.one, 0, 1);
  }

  /** column[from … to). */
  doubles(column: Float64Array, from: number, to: number): this {
    // Words are in the order of the machine: little-endian wherever Node runs.
    const words = new Int32Array(column.buffer, column.byteOffset + from * 8, (to - from) * 2);
    let { a, b } = this;
    for (let i = 0; i < words.length; i += 2) {
      let low = words[i]!;
      let high = words[i + 1]!;
      if ((high & NAN_HIGH) === NAN_HIGH) {
        low = 0;
        high = NAN_HIGH;
      }
      a = Math.imul(a ^ low, 0xcc9e2d51);
      a = ((a << 15) | (a >>> 17)) + high;
      b = Math.imul(b ^ high, 0x1b873593);
      b = ((b << 13) | (b >>> 19)) + low;
    }
    this.a = a | 0;
    this.b = b | 0;
    return this;
  }

  /** column[from … to), of integers. */
  integers(column: Int32Array | Uint8Array, from: number, to: number): this {
    let { a, b } = this;
    for (let i = from; i < to; i++) {
      a = Math.imul(a ^ column[i]!, 0xcc9e2d51);
      a = (a << 15) | (a >>> 17);
      b = Math.imul(b, 0x1b873593) + column[i]!;
      b = (b << 13) | (b >>> 19);
    }
    this.a = a | 0;
    this.b = b | 0;
    return this;
  }

  text(value: string): this {
    this.number(value.length);
    for (let i = 0; i < value.length; i++) {
      this.a = Math.imul(this.a ^ value.charCodeAt(i), 0xcc9e2d51);
      this.a = (this.a << 15) | (this.a >>> 17);
      this.b = (Math.imul(this.b, 0x1b873593) + value.charCodeAt(i)) | 0;
    }
    return this;
  }

  /** What was taken so far, as 16 hex digits. More may follow. */
  hex(): string {
    const a = mixed(this.a ^ this.b);
    return (a >>> 0).toString(16).padStart(8, "0") + (mixed(this.b + a) >>> 0).toString(16).padStart(8, "0");
  }
}

function mixed(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** SHA-256 of the UTF-8 bytes, 64 hex digits. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** SHA-256 of bytes that come piece by piece. */
export class Sha256 {
  private readonly hash = createHash("sha256");

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  /** Once, at the end. */
  digest(): Buffer {
    return this.hash.digest();
  }
}

/** By which Nix names what has no secret: 20 bytes. */
export function sha1(text: string): Buffer {
  return createHash("sha1").update(text).digest();
}
