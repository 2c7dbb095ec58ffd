// Outputs brought home: which ones are left to Nix's own hook, and in which order paths follow what they refer to.
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { bringHome } from "#live/agent/homecoming.js";
import { infosInOrder } from "#live/host/references.js";
import { Registrar } from "#live/agent/registrar.js";
import type { PathInfo } from "#live/host/serve.js";
import type { Session } from "#live/host/session.js";
import type { Program } from "#live/host/shell.js";

const path = (name: string): string => `/nix/store/${"0".repeat(32)}-${name}`;
const info = (name: string, references: readonly string[] = [], more: Partial<PathInfo> = {}): PathInfo => ({
  path: path(name),
  deriver: "",
  references: references.map(path),
  narSize: 8,
  narHash: "sha256:x",
  ca: "",
  signatures: [],
  ...more,
});

describe("paths in order", () => {
  it("follow what they refer to, themselves excepted", () => {
    const infos = [info("c", ["b", "c"]), info("a"), info("b", ["a", "elsewhere"])];
    expect(infosInOrder(infos).map((one) => one.path)).toEqual(["a", "b", "c"].map(path));
  });
});

describe("an output", () => {
  const bring = (one: PathInfo, isWanted = true) => {
    const started: string[][] = [];
    const registrar = new Registrar({ start: (words) => idle(started, words) }, ["nix-store"]);
    const serve = { infos: async () => ({ ok: true, value: [one] }), dump: async () => ({ ok: true, value: undefined }) };
    const session = { serve, reason: async () => "gone" } as unknown as Session;
    return bringHome([one.path], "x.drv", session, registrar, () => isWanted);
  };

  it("is left to Nix's own hook where it is signed, known by content, or no store path", async () => {
    expect(await bring(info("a", [], { signatures: ["key:x"] }))).toMatchObject({ kind: "own", why: expect.stringMatching(/signed/) });
    expect(await bring(info("a", [], { ca: "fixed:r:sha256:x" }))).toMatchObject({ kind: "own" });
    expect(await bring(info("a", [], { path: "/nix/store/../etc/passwd" }))).toMatchObject({ kind: "own" });
  });

  it("is not written where nobody waits for it", async () => {
    expect(await bring(info("a"), false)).toEqual({ kind: "own", why: "nobody waits for it" });
  });
});

describe("the registrar", () => {
  it("tells Nix path, hash, size, deriver and references, to a program that was started before", async () => {
    const started: string[][] = [];
    const said: Buffer[] = [];
    const registrar = new Registrar({ start: (words) => idle(started, words, said) }, ["nix-store"]);
    registrar.ready(1);
    registrar.ready(1);
    expect(started).toEqual([["nix-store", "--register-validity", "--hash-given"]]);
    expect(await registrar.register([info("a", ["b"])], "x.drv")).toBeNull();
    expect(Buffer.concat(said).toString()).toBe(`${path("a")}\nsha256:x\n8\nx.drv\n1\n${path("b")}\n`);
    expect(started).toHaveLength(1);
    registrar.ready(2);
    expect(started).toHaveLength(3);
    await Promise.all([info("a"), info("b"), info("c")].map((one) => registrar.register([one], "x.drv")));
    expect(started).toHaveLength(4);
  });
});

/** A program that reads its input to the end and is content. */
function idle(started: string[][], words: readonly string[], said: Buffer[] = []): Program {
  started.push([...words]);
  const input = new PassThrough();
  input.on("data", (bytes: Buffer) => said.push(bytes));
  const ended = new Promise<{ code: number; error: string }>((resolve) => input.on("end", () => resolve({ code: 0, error: "" })));
  return { input, output: new PassThrough(), errors: new PassThrough(), ended, kill: () => {}, release: () => {} };
}
