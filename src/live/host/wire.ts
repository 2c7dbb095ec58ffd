// Nix's wire: unsigned 64-bit little-endian numbers, strings padded to eight bytes, lists as a count and items. Strings
// are byte strings, one character a byte. The first break wins: after it every read yields nothing, so that loops end
// and a command's last line asks once whether all went well. Rule: Nix serve protocol, wire encoding.
import type { Readable, Writable } from "node:stream";

/** Longest string that is believed: an error message with a log, an environment value. */
const TEXT_MAX = 64 * 2 ** 20;
const LIST_MAX = 2 ** 24;
const EMPTY = Buffer.alloc(0);

/** Who takes bytes as they come, at its own pace: another connection, or files. */
export interface Sink {
  write(bytes: Buffer): Promise<void>;
}

export class Wire implements Sink {
  /** Why nothing more can be read or written; null while all is well. */
  broken: string | null = null;
  private readonly chunks: AsyncIterator<Buffer>;
  private held: Buffer = EMPTY;
  private pieces: Buffer[] = [];

  constructor(
    input: Readable,
    private readonly output: Writable,
  ) {
    this.chunks = input[Symbol.asyncIterator]();
  }

  stop(why: string): void {
    this.broken ??= why;
  }

  // ---- reading

  /** Eight bytes as they are: a greeting, which may be something else. */
  async word(): Promise<Buffer> {
    return this.take(8);
  }

  async number(): Promise<number> {
    const bytes = await this.take(8);
    const value = bytes.length < 8 ? 0n : bytes.readBigUInt64LE(0);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.stop(`found the number ${value}, which no field can have`);
    return Number(value);
  }

  async text(): Promise<string> {
    const length = await this.number();
    if (length > TEXT_MAX) this.stop(`found a text of ${length} bytes`);
    if (length === 0 || this.broken !== null) return "";
    const bytes = await this.take(length + padding(length));
    return bytes.toString("latin1", 0, length);
  }

  async texts(): Promise<string[]> {
    const count = await this.number();
    if (count > LIST_MAX) this.stop(`found a list of ${count} items`);
    const items: string[] = [];
    for (let i = 0; i < count && this.broken === null; i++) items.push(await this.text());
    return items;
  }

  /** Hands on the next `length` bytes as they come; no more is held than one chunk, and the slowest receiver sets the pace. */
  async forward(length: number, receivers: readonly Sink[]): Promise<void> {
    for (let left = length; left > 0 && this.broken === null; ) {
      if (this.held.length === 0 && !(await this.pull())) return;
      const piece = this.held.subarray(0, left);
      this.held = this.held.subarray(piece.length);
      left -= piece.length;
      for (const receiver of receivers) await receiver.write(piece);
    }
  }

  // ---- writing: gathered until `flush`

  putNumber(value: number): this {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64LE(BigInt(value));
    this.pieces.push(bytes);
    return this;
  }

  putText(text: string): this {
    this.putNumber(text.length);
    this.pieces.push(Buffer.from(text, "latin1"), Buffer.alloc(padding(text.length)));
    return this;
  }

  putTexts(texts: readonly string[]): this {
    this.putNumber(texts.length);
    for (const text of texts) this.putText(text);
    return this;
  }

  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    await this.write(bytes);
  }

  /** Waits where the other side reads slowly. */
  async write(bytes: Buffer): Promise<void> {
    if (this.broken !== null) return;
    if (this.output.destroyed || this.output.writableEnded) return this.stop("the connection is closed");
    if (this.output.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.output.off("drain", done).off("close", done).off("error", done);
        resolve();
      };
      this.output.on("drain", done).on("close", done).on("error", done);
    });
  }

  /** The next `count` bytes, or fewer when the stream ends before. */
  private async take(count: number): Promise<Buffer> {
    if (this.broken !== null) return EMPTY;
    if (this.held.length < count) {
      const parts = [this.held];
      let length = this.held.length;
      while (length < count) {
        this.held = EMPTY;
        if (!(await this.pull())) return EMPTY;
        parts.push(this.held);
        length += this.held.length;
      }
      this.held = Buffer.concat(parts);
    }
    const bytes = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return bytes;
  }

  private async pull(): Promise<boolean> {
    try {
      const next = await this.chunks.next();
      if (next.done !== true) {
        this.held = next.value;
        return true;
      }
      this.stop("the connection ended");
    } catch (error) {
      this.stop(error instanceof Error ? error.message : String(error));
    }
    return false;
  }
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}
