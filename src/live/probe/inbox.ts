// What a program writes, taken line by line or passed over by number, each with a deadline: what does not come in time is
// told apart from what will never come. Knows neither programs nor protocols.
import type { Readable } from "node:stream";

export type Taken<T> =
  | { readonly kind: "got"; readonly value: T }
  /** The writer is gone. */
  | { readonly kind: "ended" }
  /** Nothing, or not enough, within the time. */
  | { readonly kind: "silent" };

type Missing = Exclude<Taken<never>, { readonly kind: "got" }>;

/** More than any answer: a writer that never ends its line is as good as silent. */
const LINE_MAX = 1 << 20;
const NEWLINE = 10;

/** One taker at a time. Deadlines are instants of `Date.now()`. */
export class Inbox {
  private held: Buffer = Buffer.alloc(0);
  private ended = false;
  private wake: () => void = () => {};

  constructor(source: Readable) {
    source.on("data", (chunk: Buffer) => {
      this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
      this.wake();
    });
    const end = () => {
      this.ended = true;
      this.wake();
    };
    source.on("end", end).on("close", end).on("error", end);
  }

  /** A line without its end. */
  async line(deadline: number): Promise<Taken<string>> {
    for (let seen = 0; ; ) {
      const at = this.held.indexOf(NEWLINE, seen);
      if (at >= 0) {
        const value = this.held.toString("utf8", 0, at);
        this.held = this.held.subarray(at + 1);
        return { kind: "got", value };
      }
      seen = this.held.length;
      if (seen > LINE_MAX) return { kind: "silent" };
      const missing = await this.more(deadline);
      if (missing !== null) return missing;
    }
  }

  /** Passes over `count` bytes without keeping them. */
  async skip(count: number, deadline: number): Promise<Taken<null>> {
    for (let left = count; ; ) {
      const now = Math.min(left, this.held.length);
      this.held = this.held.subarray(now);
      left -= now;
      if (left === 0) return { kind: "got", value: null };
      const missing = await this.more(deadline);
      if (missing !== null) return missing;
    }
  }

  /** Null once there is more than there was. */
  private more(deadline: number): Promise<Missing | null> {
    if (this.ended) return Promise.resolve({ kind: "ended" });
    const size = this.held.length;
    return new Promise((resolve) => {
      const finish = (missing: Missing | null) => {
        clearTimeout(alarm);
        this.wake = () => {};
        resolve(missing);
      };
      const alarm = setTimeout(() => finish({ kind: "silent" }), Math.max(0, deadline - Date.now()));
      this.wake = () => finish(this.held.length > size ? null : { kind: "ended" });
    });
  }
}
