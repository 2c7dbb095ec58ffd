// A client of `nix-store --serve --write`: what a store has, what it knows of a path, a path sent or fetched, a derivation
// built without its .drv. One command at a time on one connection. Speaks protocol 2.5 to 2.7; a newer server (Nix 2.24
// and later have 2.8) then speaks 2.7 too. Rule: Nix's serve protocol, read at 2.8.0 and 2.34.
import type { Sink, Wire } from "./wire.js";

const CLIENT_MAGIC = 0x390c9deb;
/** 0x5452eecb as eight bytes. */
const SERVER_MAGIC = Buffer.from([0xcb, 0xee, 0x52, 0x54, 0, 0, 0, 0]);
const MAJOR = 2;
const MINOR = 7;
const MINOR_MIN = 5;

const QUERY_VALID_PATHS = 1;
const QUERY_PATH_INFOS = 2;
const DUMP_STORE_PATH = 3;
const BUILD_DERIVATION = 8;
const ADD_TO_STORE_NAR = 9;

export interface PathInfo {
  readonly path: string;
  /** "" = unknown. */
  readonly deriver: string;
  readonly references: readonly string[];
  readonly narSize: number;
  /** As the server writes it: algorithm and base-32 digits. */
  readonly narHash: string;
  readonly ca: string;
  readonly signatures: readonly string[];
}

/** A derivation whose inputs are paths: all that a builder needs. Byte strings. */
export interface BasicDerivation {
  readonly outputs: readonly { readonly name: string; readonly path: string; readonly hashAlgo: string; readonly hash: string }[];
  readonly inputs: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [string, string])[];
}

export interface BuildResult {
  /** Nix's BuildResult::Status. */
  readonly status: number;
  readonly message: string;
  /** Whole seconds since 1970, by the builder's clock; 0 = not built. */
  readonly startTime: number;
  readonly stopTime: number;
}

/** What a build may use before its host ends it; 0 = as much as it likes. */
export interface Limits {
  readonly silentSeconds: number;
  readonly seconds: number;
  readonly logBytes: number;
  /** Its directory stays for looking at, where it fails. */
  readonly keepsFailed: boolean;
}

export const UNLIMITED: Limits = { silentSeconds: 0, seconds: 0, logBytes: 0, keepsFailed: false };

/** What came of a command, or why the connection broke. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export class Serve {
  private minor = MINOR;
  /** The newest protocol that the server has, as "2.8"; "" before the greeting. */
  theirs = "";

  constructor(readonly wire: Wire) {}

  /** First of all: who is there, and which protocol both speak. */
  async greet(): Promise<Answer<void>> {
    const { wire } = this;
    wire.putNumber(CLIENT_MAGIC).putNumber(MAJOR * 256 + MINOR);
    await wire.flush();
    const magic = await wire.word();
    if (wire.broken === null && !magic.equals(SERVER_MAGIC))
      wire.stop(
        `found ${JSON.stringify(magic.toString("latin1"))} instead of Nix's greeting: does a start-up file of the remote shell print something?`,
      );
    const version = await wire.number();
    this.theirs = `${version >> 8}.${version % 256}`;
    this.minor = Math.min(MINOR, version % 256);
    if (wire.broken === null && (version >> 8 !== MAJOR || this.minor < MINOR_MIN))
      wire.stop(`found serve protocol ${version >> 8}.${version % 256}, expected 2.${MINOR_MIN} or later (Nix 2.4)`);
    return this.answer(undefined);
  }

  /** Which of the paths are there. They are kept from the garbage collector as long as this connection lives. */
  async validPaths(paths: readonly string[], substitute: boolean): Promise<Answer<readonly string[]>> {
    const { wire } = this;
    wire
      .putNumber(QUERY_VALID_PATHS)
      .putNumber(1)
      .putNumber(substitute ? 1 : 0)
      .putTexts(paths);
    await wire.flush();
    return this.answer(await wire.texts());
  }

  /** Of those that are there, in no order. */
  async infos(paths: readonly string[]): Promise<Answer<readonly PathInfo[]>> {
    const { wire } = this;
    wire.putNumber(QUERY_PATH_INFOS).putTexts(paths);
    await wire.flush();
    const infos: PathInfo[] = [];
    for (let path = await wire.text(); path !== ""; path = await wire.text()) {
      const deriver = await wire.text();
      const references = await wire.texts();
      await wire.number();
      const narSize = await wire.number();
      const narHash = await wire.text();
      const ca = await wire.text();
      infos.push({ path, deriver, references, narSize, narHash, ca, signatures: await wire.texts() });
    }
    return this.answer(infos);
  }

  /** Streams the path from this store into others, which must have its references. */
  async copy(info: PathInfo, receivers: readonly Serve[]): Promise<Answer<void>> {
    const { wire } = this;
    wire.putNumber(DUMP_STORE_PATH).putText(info.path);
    for (const receiver of receivers) await receiver.announce(info);
    await wire.flush();
    await wire.forward(
      info.narSize,
      receivers.map((receiver) => receiver.wire),
    );
    if (wire.broken !== null) for (const receiver of receivers) receiver.wire.stop("the path broke off on its way");
    for (const receiver of receivers) await receiver.received(info.path);
    return this.answer(undefined);
  }

  /** Streams the path's archive into something that is no store. */
  async dump(info: PathInfo, sink: Sink): Promise<Answer<void>> {
    const { wire } = this;
    wire.putNumber(DUMP_STORE_PATH).putText(info.path);
    await wire.flush();
    await wire.forward(info.narSize, [sink]);
    return this.answer(undefined);
  }

  private async announce({ path, deriver, narHash, references, narSize, signatures, ca }: PathInfo): Promise<void> {
    const { wire } = this;
    wire.putNumber(ADD_TO_STORE_NAR).putText(path).putText(deriver).putText(narHash).putTexts(references);
    wire.putNumber(0).putNumber(narSize).putNumber(0).putTexts(signatures).putText(ca);
    await wire.flush();
  }

  private async received(path: string): Promise<void> {
    const done = await this.wire.number();
    if (this.wire.broken === null && done !== 1) this.wire.stop(`found ${done} as the answer to ${path}, expected 1`);
  }

  /** Builds; ends when the builder ended. What it prints goes to the standard error of the serving process. */
  async build(drvPath: string, drv: BasicDerivation, limits: Limits): Promise<Answer<BuildResult>> {
    const { wire } = this;
    wire.putNumber(BUILD_DERIVATION).putText(drvPath).putNumber(drv.outputs.length);
    for (const { name, path, hashAlgo, hash } of drv.outputs) wire.putText(name).putText(path).putText(hashAlgo).putText(hash);
    wire.putTexts(drv.inputs).putText(drv.system).putText(drv.builder).putTexts(drv.args).putNumber(drv.env.length);
    for (const [key, value] of drv.env) wire.putText(key).putText(value);
    // One round: builds are not repeated to compare them.
    wire.putNumber(limits.silentSeconds).putNumber(limits.seconds).putNumber(limits.logBytes).putNumber(0).putNumber(0);
    if (this.minor >= 7) wire.putNumber(limits.keepsFailed ? 1 : 0);
    await wire.flush();
    const status = await wire.number();
    const message = Buffer.from(await wire.text(), "latin1").toString("utf8");
    await wire.number();
    await wire.number();
    const startTime = await wire.number();
    const stopTime = await wire.number();
    if (this.minor >= 6) await this.skipOutputs();
    return this.answer({ status, message, startTime, stopTime });
  }

  /** Outputs by their content: their paths are known beforehand, so nothing is learnt here. */
  private async skipOutputs(): Promise<void> {
    const count = await this.wire.number();
    for (let i = 0; i < count && this.wire.broken === null; i++) {
      await this.wire.text();
      await this.wire.text();
    }
  }

  private answer<T>(value: T): Answer<T> {
    const { broken } = this.wire;
    return broken === null ? { ok: true, value } : { ok: false, why: broken };
  }
}
