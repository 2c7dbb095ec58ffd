// What Nix says to a build hook, byte by byte: settings once, then questions, and after an accepted one its inputs and
// wanted outputs. Reads a growing stream and tells whole messages with their places in it, so that they can be repeated
// to Nix's own hook. Rule: HookInstance and build-remote of Nix 2.8 to 2.36: 64-bit little-endian numbers, padded strings.

export interface Question {
  /** Nix has a local slot free at this instant. */
  readonly amWilling: boolean;
  readonly system: string;
  readonly drv: string;
  readonly features: readonly string[];
  /** Where the question begins and ends in the stream. */
  readonly from: number;
  readonly to: number;
}

export type HookMessage =
  | { readonly kind: "settings"; readonly settings: ReadonlyMap<string, string>; readonly to: number }
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "inputs"; readonly inputs: readonly string[]; readonly wanted: readonly string[]; readonly to: number }
  /** What no Nix says: whoever listens gives up on this stream. */
  | { readonly kind: "broken"; readonly what: string };

/** No setting, path or list of Nix's comes near it: more is another protocol. */
const SIZE_MAX = 2 ** 26;
const EMPTY = new Uint8Array(0);

export class HookReader {
  private bytes: Uint8Array = EMPTY;
  private length = 0;
  /** Up to where messages have been told. */
  private told = 0;
  private at = 0;
  private short = false;
  private wrong = "";
  private expects: "settings" | "question" | "inputs" | "nothing" = "settings";

  /** All that has arrived, for repeating it. */
  get received(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** The latest question is accepted: what follows are its inputs. */
  accepted(): void {
    this.expects = "inputs";
  }

  push(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(16384, 2 * (this.length + chunk.length)));
      grown.set(this.received);
      this.bytes = grown;
    }
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** The next whole message; undefined until it has arrived. Nothing follows a question before it is answered. */
  next(): HookMessage | undefined {
    if (this.expects === "nothing") return undefined;
    this.at = this.told;
    this.short = false;
    const message = this.expects === "settings" ? this.settings() : this.expects === "question" ? this.question() : this.inputs();
    if (this.wrong !== "") {
      this.expects = "nothing";
      return { kind: "broken", what: this.wrong };
    }
    if (this.short) return undefined;
    this.told = this.at;
    if (this.expects === "settings") this.expects = "question";
    else if (this.expects === "inputs") this.expects = "nothing";
    return message;
  }

  private settings(): HookMessage {
    const settings = new Map<string, string>();
    let more = this.number();
    for (; more === 1 && !this.stopped; more = this.number()) settings.set(this.string(), this.string());
    if (!this.stopped && more !== 0) this.wrong = `found ${more} before a setting, expected 1 or 0`;
    return { kind: "settings", settings, to: this.at };
  }

  private question(): HookMessage {
    const from = this.at;
    const word = this.string();
    if (!this.stopped && word !== "try") this.wrong = `found the word ${JSON.stringify(word.slice(0, 20))}, expected try`;
    const amWilling = this.number() !== 0;
    const system = this.string();
    const drv = this.string();
    const features = this.strings();
    return { kind: "question", question: { amWilling, system, drv, features, from, to: this.at } };
  }

  private inputs(): HookMessage {
    const inputs = this.strings();
    const wanted = this.strings();
    return { kind: "inputs", inputs, wanted, to: this.at };
  }

  private get stopped(): boolean {
    return this.short || this.wrong !== "";
  }

  private number(): number {
    if (this.stopped || this.at + 8 > this.length) {
      this.short = true;
      return 0;
    }
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 8);
    this.at += 8;
    return view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  }

  private string(): string {
    const size = this.number();
    if (size > SIZE_MAX) this.wrong = `found a string of ${size} bytes`;
    const padded = size + ((8 - (size % 8)) % 8);
    if (this.stopped || this.at + padded > this.length) {
      this.short = true;
      return "";
    }
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + size));
    this.at += padded;
    return text;
  }

  private strings(): string[] {
    const count = this.number();
    if (count > SIZE_MAX) this.wrong = `found a list of ${count} strings`;
    const texts: string[] = [];
    while (!this.stopped && texts.length < count) texts.push(this.string());
    return texts;
  }
}

/** A number as on the wire. */
export function wireNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value % 2 ** 32, true);
  view.setUint32(4, Math.floor(value / 2 ** 32), true);
  return bytes;
}

export function wireString(text: string): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + encoded.length + ((8 - (encoded.length % 8)) % 8));
  bytes.set(wireNumber(encoded.length));
  bytes.set(encoded, 8);
  return bytes;
}

export function wireStrings(texts: readonly string[]): Uint8Array {
  return joined([wireNumber(texts.length), ...texts.map(wireString)]);
}

/** Offset of *amWilling* in a question: after the word `try`. */
const WILLING_AT = 16;

/**
 * What Nix's own hook is to read so that it builds this one question, on a machine that is named: the settings as they came, with others after
 * them (the later counts), the question without the way out of a local slot, then whatever follows it.
 */
export function repeated(
  received: Uint8Array,
  settingsTo: number,
  { from, to }: Question,
  settings: Readonly<Record<string, string>>,
): Uint8Array {
  const changes = Object.entries(settings).map(([name, value]) => joined([wireNumber(1), wireString(name), wireString(value)]));
  const question = received.slice(from, to);
  question.fill(0, WILLING_AT, WILLING_AT + 8);
  return joined([received.subarray(0, settingsTo - 8), ...changes, wireNumber(0), question, received.subarray(to)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
