// A Nix archive back to files: what is there before and after, in pieces of any size, and archives that lead astray. The
// archives are made here, by the format's own few words; those of real Nix come with every build of test/system/hook.
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ArchiveFiles } from "#live/agent/archive-files.js";
import { folder } from "../../program.js";

type Node =
  | { readonly file: string; readonly executable?: boolean }
  | { readonly link: string }
  | { readonly entries: readonly (readonly [string, Node])[] };

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([size, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

const texts = (...values: string[]): Buffer => Buffer.concat(values.map(text));

function node(of: Node): Buffer {
  if ("file" in of) return texts("(", "type", "regular", ...(of.executable ? ["executable", ""] : []), "contents", of.file, ")");
  if ("link" in of) return texts("(", "type", "symlink", "target", of.link, ")");
  const entries = of.entries.map(([name, inner]) => Buffer.concat([texts("entry", "(", "name", name, "node"), node(inner), text(")")]));
  return Buffer.concat([texts("(", "type", "directory"), ...entries, text(")")]);
}

const archive = (of: Node): Buffer => Buffer.concat([text("nix-archive-1"), node(of)]);

const TREE: Node = {
  entries: [
    ["bin", { entries: [["run", { file: "#!/bin/sh\n", executable: true }]] }],
    ["empty", { file: "" }],
    ["link", { link: "bin/run" }],
    ["t\xe9xt", { file: "x".repeat(1001) }],
  ],
};

let place: ReturnType<typeof folder>;
beforeEach(() => {
  place = folder();
});
afterEach(() => place.remove());

async function write(bytes: Buffer, piece: number): Promise<ArchiveFiles> {
  const files = new ArchiveFiles(place.at("out"));
  for (let at = 0; at < bytes.length; at += piece) await files.write(bytes.subarray(at, at + piece));
  return files;
}

describe("an archive", () => {
  for (const piece of [1, 7, 8, 1 << 20])
    it(`becomes the files that it was made of, in pieces of ${piece}, in place of what was there`, async () => {
      mkdirSync(place.at("out"));
      writeFileSync(place.at("out", "old"), "old");
      const files = await write(archive(TREE), piece);
      expect([files.complete, files.broken]).toEqual([true, null]);
      expect(readdirSync(place.at("out"), "latin1").sort()).toEqual(["bin", "empty", "link", "t\xe9xt"]);
      expect(readFileSync(place.at("out", "bin", "run"), "utf8")).toBe("#!/bin/sh\n");
      expect(lstatSync(place.at("out", "bin", "run")).mode & 0o100).toBe(0o100);
      expect(lstatSync(place.at("out", "empty")).mode & 0o100).toBe(0);
      expect(readlinkSync(place.at("out", "link"))).toBe("bin/run");
    });

  it("may be one file, or one link", async () => {
    await write(archive({ file: "alone" }), 5);
    expect(readFileSync(place.at("out"), "utf8")).toBe("alone");
    await write(archive({ link: "/nowhere" }), 5);
    expect(readlinkSync(place.at("out"))).toBe("/nowhere");
  });

  it("has the hash of its bytes, as Nix writes it", async () => {
    const bytes = archive({ file: "hello" });
    const files = await write(bytes, 8);
    // Nix's base 32 reads the digest as one little-endian number, five bits a digit, the highest first.
    const digest = [...createHash("sha256").update(bytes).digest()].reverse().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    let expected = "";
    for (let n = 51n; n >= 0n; n--) expected += "0123456789abcdfghijklmnpqrsvwxyz"[Number((digest >> (n * 5n)) & 31n)];
    expect(files.digest()).toBe(expected);
  });

  it("is not complete before its last byte", async () => {
    const bytes = archive(TREE);
    const files = new ArchiveFiles(place.at("out"));
    await files.write(bytes.subarray(0, -1));
    expect(files.complete).toBe(false);
    await files.write(bytes.subarray(-1));
    expect(files.complete).toBe(true);
    await files.write(Buffer.from("more"));
    expect(files.complete).toBe(false);
  });
});

describe("what is no archive", () => {
  const wrong: Readonly<Record<string, Buffer>> = {
    "leads out of its path": archive({ entries: [["..", { file: "" }]] }),
    "leads through a path": archive({ entries: [["a/b", { file: "" }]] }),
    "has a name without end": archive({ entries: [["a\0b", { file: "" }]] }),
    "has no name": archive({ entries: [["", { file: "" }]] }),
    "has a name twice": archive({
      entries: [
        ["a", { link: "/tmp" }],
        ["a", { entries: [] }],
      ],
    }),
    "is out of order": archive({
      entries: [
        ["b", { file: "" }],
        ["a", { file: "" }],
      ],
    }),
    "has another kind": Buffer.concat([texts("nix-archive-1", "(", "type", "fifo", ")")]),
    "has another greeting": texts("nix-archive-2", "("),
    "has a text without end": Buffer.concat([text("nix-archive-1"), Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])]),
  };
  for (const [what, bytes] of Object.entries(wrong))
    it(`breaks where it ${what}`, async () => {
      const files = await write(bytes, 8);
      expect(files.broken).toMatch(/^found /);
      expect(files.complete).toBe(false);
      expect(existsSync(place.at("b"))).toBe(false);
    });
});
