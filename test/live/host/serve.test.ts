// The serve protocol against a store made of bytes: what goes over the wire, both ways, and how a connection that breaks or
// lies is told. The bytes follow Nix's own serialisation: numbers of eight bytes, texts padded to eight.
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Serve, UNLIMITED } from "#live/host/serve.js";
import { Wire } from "#live/host/wire.js";

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer =>
  Buffer.concat([number(value.length), Buffer.from(value), Buffer.alloc((8 - (value.length % 8)) % 8)]);
const greeting = (version: number): Buffer => Buffer.concat([number(0x5452eecb), number(version)]);

/** A client whose server has said these bytes, in pieces of that size, and then ended. */
function client(said: Buffer, piece = said.length): { serve: Serve; sent: () => Buffer } {
  const input = new PassThrough();
  const output = new PassThrough();
  const sent: Buffer[] = [];
  output.on("data", (bytes: Buffer) => sent.push(bytes));
  for (let at = 0; at < said.length; at += piece) input.write(said.subarray(at, at + piece));
  input.end();
  return { serve: new Serve(new Wire(input, output)), sent: () => Buffer.concat(sent) };
}

const PATH = "/nix/store/00000000000000000000000000000000-a";
const info = (path: string, references: readonly string[], narSize: number): Buffer =>
  Buffer.concat([
    text(path),
    text(""),
    number(references.length),
    ...references.map(text),
    number(0),
    number(narSize),
    text("sha256:x"),
    text(""),
    number(0),
  ]);

describe("the serve protocol", () => {
  it.each([1, 3, 8, 1000])("is read from pieces of %i bytes", async (piece) => {
    const { serve, sent } = client(Buffer.concat([greeting(0x207), number(1), text(PATH), info(PATH, [PATH], 120), text("")]), piece);
    expect(await serve.greet()).toEqual({ ok: true, value: undefined });
    expect(await serve.validPaths([PATH], false)).toEqual({ ok: true, value: [PATH] });
    expect(await serve.infos([PATH])).toMatchObject({
      ok: true,
      value: [{ path: PATH, references: [PATH], narSize: 120, narHash: "sha256:x" }],
    });
    expect(sent()).toEqual(
      Buffer.concat([
        number(0x390c9deb),
        number(0x207),
        number(1),
        number(1),
        number(0),
        number(1),
        text(PATH),
        number(2),
        number(1),
        text(PATH),
      ]),
    );
  });

  it("speaks the older of both protocols, and none before 2.5", async () => {
    expect((await client(greeting(0x205)).serve.greet()).ok).toBe(true);
    expect((await client(greeting(0x208)).serve.greet()).ok).toBe(true);
    expect(await client(greeting(0x204)).serve.greet()).toMatchObject({ ok: false, why: expect.stringContaining("serve protocol 2.4") });
    expect((await client(greeting(0x305)).serve.greet()).ok).toBe(false);
  });

  it("names what a talkative shell says in place of the greeting", async () => {
    expect(await client(Buffer.from("Welcome!rest of it")).serve.greet()).toMatchObject({
      ok: false,
      why: expect.stringMatching(/start-up file/),
    });
  });

  it("tells a build's result, and keeps the bytes of environments that are no UTF-8", async () => {
    const result = Buffer.concat([number(3), text("failed"), number(1), number(0), number(5), number(9), number(0)]);
    const { serve, sent } = client(Buffer.concat([greeting(0x207), result]));
    await serve.greet();
    const drv = { outputs: [], inputs: [], system: "x", builder: "/b", args: [], env: [["k", "\u00ff\u0080"]] as const };
    expect(await serve.build(`${PATH}.drv`, drv, UNLIMITED)).toEqual({
      ok: true,
      value: { status: 3, message: "failed", startTime: 5, stopTime: 9 },
    });
    expect(sent().includes(Buffer.concat([number(2), Buffer.from([0xff, 0x80])]))).toBe(true);
  });

  it("streams a path to several stores, and a store that goes away does not stop the others", async () => {
    const nar = Buffer.alloc(300_000, 7);
    const source = client(nar, 65_536);
    const good = client(number(1));
    const gone = client(Buffer.alloc(0));
    const path = { path: PATH, deriver: "", references: [], narSize: nar.length, narHash: "sha256:x", ca: "", signatures: [] };
    expect(await source.serve.copy(path, [good.serve, gone.serve])).toEqual({ ok: true, value: undefined });
    expect(good.serve.wire.broken).toBeNull();
    expect(good.sent().subarray(-nar.length).equals(nar)).toBe(true);
    expect(gone.serve.wire.broken).toBe("the connection ended");
  });

  it("a path that breaks off on its way breaks whoever was getting it", async () => {
    const source = client(Buffer.alloc(10));
    const target = client(number(1));
    const path = { path: PATH, deriver: "", references: [], narSize: 1000, narHash: "sha256:x", ca: "", signatures: [] };
    expect((await source.serve.copy(path, [target.serve])).ok).toBe(false);
    expect(target.serve.wire.broken).toBe("the path broke off on its way");
  });

  it.each([
    ["a text of 2^50 bytes", number(2 ** 50)],
    ["a list of 2^40 items", number(2 ** 40)],
    ["a number beyond all fields", Buffer.alloc(8, 0xff)],
    ["nothing", Buffer.alloc(0)],
    ["half a number", Buffer.alloc(4)],
  ])("breaks, and neither waits nor allocates, when the other side says %s", async (_, bytes) => {
    const { serve } = client(Buffer.concat([greeting(0x207), bytes]));
    await serve.greet();
    expect((await serve.validPaths([PATH], false)).ok).toBe(false);
  });
});
