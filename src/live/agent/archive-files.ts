// A Nix archive that arrives piece by piece → files. Takes it as untrusted: names that lead out of the path, entries out of
// order and kinds that no archive has break it. Owners, modes and times are not its business: registering a path settles
// them. Rule: the NAR format as `nix-store --restore` reads it.
import { nix32 } from "#live/host/nix32.js";
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { Sha256 } from "#base/digest.js";
import type { Sink } from "#live/host/wire.js";

const TEXT_MAX = 2 ** 16;
const EMPTY = Buffer.alloc(0);
const SLASH = Buffer.from("/");

/** Asks for so many bytes, or (negative) for at most so many; is given them. */
type Reader<T> = Generator<number, T, Buffer>;

export class ArchiveFiles implements Sink {
  /** Why it is no archive, or could not be written; null while all is well. */
  broken: string | null = null;
  private held: Buffer = EMPTY;
  private readonly reader: Reader<void>;
  private wants: number;
  private isWhole = false;
  private readonly hash = new Sha256();

  /** Whatever stands at the path is replaced. */
  constructor(path: string) {
    this.reader = this.whole(Buffer.from(path));
    this.wants = this.reader.next().value as number;
  }

  /** Its last byte has come, and all of it is written. */
  get complete(): boolean {
    return this.isWhole && this.broken === null && this.held.length === 0;
  }

  async write(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    if (this.broken !== null) return;
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    try {
      while (!this.isWhole && this.broken === null && this.held.length > 0) {
        const count = this.wants > 0 ? this.wants : Math.min(-this.wants, this.held.length);
        if (this.held.length < count) return;
        const piece = this.held.subarray(0, count);
        this.held = this.held.subarray(count);
        const next = this.reader.next(piece);
        if (next.done === true) this.isWhole = true;
        else this.wants = next.value;
      }
    } catch (error) {
      this.stop(error instanceof Error ? error.message : String(error));
    }
  }

  /** SHA-256 of all that came, in Nix's own base 32. */
  digest(): string {
    return nix32(this.hash.digest());
  }

  private stop(why: string): void {
    this.broken ??= why;
  }

  private *whole(path: Buffer): Reader<void> {
    yield* this.word("nix-archive-1");
    rmSync(path, { recursive: true, force: true });
    yield* this.node(path);
  }

  private *node(path: Buffer): Reader<void> {
    yield* this.word("(");
    yield* this.word("type");
    const kind = yield* this.text();
    if (kind === "regular") yield* this.regular(path);
    else if (kind === "directory") yield* this.directory(path);
    else if (kind === "symlink") {
      yield* this.word("target");
      const target = yield* this.text();
      if (this.broken === null) symlinkSync(Buffer.from(target, "latin1"), path);
      yield* this.word(")");
    } else this.stop(`found the kind ${JSON.stringify(kind)}`);
  }

  private *regular(path: Buffer): Reader<void> {
    let word = yield* this.text();
    const isExecutable = word === "executable";
    if (isExecutable) {
      yield* this.word("");
      word = yield* this.text();
    }
    if (this.broken !== null) return;
    const file = openSync(path, "wx", 0o600);
    if (word === "contents") {
      const size = (yield* this.take(8)).readBigUInt64LE();
      for (let left = Number(size); left > 0 && this.broken === null; ) {
        const piece = yield -left;
        writeSync(file, piece);
        left -= piece.length;
      }
      yield* this.padding(Number(size));
      word = yield* this.text();
    }
    closeSync(file);
    if (isExecutable) chmodSync(path, 0o700);
    if (word !== ")") this.stop(`found ${JSON.stringify(word)} at the end of a file`);
  }

  private *directory(path: Buffer): Reader<void> {
    if (this.broken !== null) return;
    mkdirSync(path, 0o700);
    let last = "";
    for (let word = yield* this.text(); word !== ")" && this.broken === null; word = yield* this.text()) {
      if (word !== "entry") return this.stop(`found ${JSON.stringify(word)} in a directory`);
      yield* this.word("(");
      yield* this.word("name");
      const name = yield* this.text();
      if (name === "" || name === "." || name === ".." || /[/\0]/.test(name) || name <= last)
        return this.stop(`found the name ${JSON.stringify(name)} after ${JSON.stringify(last)}`);
      last = name;
      yield* this.word("node");
      yield* this.node(Buffer.concat([path, SLASH, Buffer.from(name, "latin1")]));
      yield* this.word(")");
    }
  }

  private *word(expected: string): Reader<void> {
    const found = yield* this.text();
    if (found !== expected) this.stop(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }

  /** A byte string, one character a byte; "" once it is broken. */
  private *text(): Reader<string> {
    if (this.broken !== null) return "";
    const size = Number((yield* this.take(8)).readBigUInt64LE());
    if (size > TEXT_MAX) this.stop(`found a text of ${size} bytes`);
    if (size === 0 || this.broken !== null) return "";
    const text = (yield* this.take(size)).toString("latin1");
    yield* this.padding(size);
    return text;
  }

  private *padding(size: number): Reader<void> {
    const rest = (8 - (size % 8)) % 8;
    if (rest > 0) yield* this.take(rest);
  }

  private *take(count: number): Reader<Buffer> {
    return yield count;
  }
}
