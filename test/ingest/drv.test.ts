import fc from "fast-check";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Aterm, bytesText, parseDrv } from "#ingest/drv.js";
import { readDrv } from "#ingest/derivation-drv.js";
import { bytes, fixture } from "./fixture-files.js";

/** The writer that the reader is judged by: Nix's, byte strings in, bytes out. */
function printDrv(drv: Aterm, dynamic = false): Uint8Array {
  const quoted = (text: string) => `"${text.replace(/["\\\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? `\\${c}`)}"`;
  const list = <T>(items: readonly T[], print: (item: T) => string) => `[${items.map(print).join(",")}]`;
  const strings = (items: readonly string[]) => list(items, quoted);
  const text = [
    list(drv.outputs, (o) => `(${[o.name, o.path, o.hashAlgo, o.hash].map(quoted).join(",")})`),
    list(drv.inputDrvs, (i) => `(${quoted(i.path)},${i.dynamic ? `(${strings(i.outputs)},[("out",["out"])])` : strings(i.outputs)})`),
    strings(drv.inputSrcs),
    quoted(drv.system),
    quoted(drv.builder),
    strings(drv.args),
    list(drv.env, ([k, v]) => `(${quoted(k)},${quoted(v)})`),
  ].join(",");
  return Buffer.from(`${dynamic ? 'DrvWithVersion("xp-dyn-drv",' : "Derive("}${text})`, "latin1");
}

const byteString = fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw).toString("latin1"));
const aterm = (dynamic: boolean) =>
  fc.record({
    outputs: fc.uniqueArray(fc.record({ name: byteString, path: byteString, hashAlgo: byteString, hash: byteString }), {
      selector: (o) => o.name,
      maxLength: 3,
    }),
    inputDrvs: fc.uniqueArray(
      fc.record({
        path: byteString,
        outputs: fc.array(byteString, { maxLength: 3 }),
        dynamic: dynamic ? fc.boolean() : fc.constant(false),
      }),
      { selector: (i) => i.path, maxLength: 4 },
    ),
    inputSrcs: fc.array(byteString, { maxLength: 3 }),
    system: byteString,
    builder: byteString,
    args: fc.array(byteString, { maxLength: 3 }),
    env: fc.uniqueArray(fc.tuple(byteString, byteString), { selector: ([k]) => k, maxLength: 5 }),
  });

describe("parseDrv", () => {
  it.each([false, true])("reads back any bytes that Nix's writer may write (dynamic form: %s)", (dynamic) => {
    fc.assert(
      fc.property(aterm(dynamic), (drv) => {
        expect(parseDrv(printDrv(drv, dynamic), "x.drv")).toEqual({ ok: true, value: drv });
      }),
    );
  });

  it("reads every recorded file to its last byte: printing it again gives the file", () => {
    for (const folder of ["zoo.drvs", "mixed44.drvs"]) {
      for (const file of readdirSync(new URL(`../fixtures/formats/${folder}`, import.meta.url))) {
        const raw = fixture(`${folder}/${file}`);
        const parsed = parseDrv(raw, file);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
        expect(Buffer.from(printDrv(parsed.value)).equals(raw)).toBe(true);
      }
    }
  });

  it("unescapes as Nix does: a backslash before any other character is dropped", () => {
    const parsed = parseDrv(bytes('Derive([],[],[],"s","\\a\\$\\n\\t\\r\\"\\\\",[],[])'), "x");
    expect(parsed).toMatchObject({ value: { builder: 'a$\n\t\r"\\' } });
  });

  it("never throws and always names a byte, whatever the bytes", () => {
    const real = fixture("zoo.drvs/fz2micji61crbrm7di0zykjic2p8g7vg-phases-1.drv");
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.uint8Array({ maxLength: 3 }), (at, noise) => {
        const damaged = Buffer.concat([real.subarray(0, at), noise]);
        const parsed = parseDrv(damaged, "x.drv");
        expect(parsed.ok ? "" : parsed.faults[0]!.where).toMatch(/^x\.drv \(byte \d+\)$/);
      }),
    );
  });

  const table: [string, string, number, string][] = [
    ["no derivation", "hello", 0, 'found "h", expected Derive( or DrvWithVersion('],
    ["empty", "", 0, "found the end of the file"],
    ["unknown version", 'DrvWithVersion("xp-2",[],[],[],"","",[],[])', 15, 'expected the version "xp-dyn-drv"'],
    ["dynamic input in the plain form", 'Derive([],[("a",(["out"],[]))],[],"","",[],[])', 16, 'found "(", expected "["'],
    ["string not closed", 'Derive([("out', 13, "found the end of the file, expected the closing quote"],
    ["no comma", 'Derive([][],[],"","",[],[])', 9, 'found "[", expected ","'],
    ["three parts of an output", 'Derive([("a","b","c")],[],[],"","",[],[])', 20, 'found ")", expected ","'],
    ["something after", 'Derive([],[],[],"","",[],[])x', 28, 'found "x", expected the end of the file'],
    ["a key twice", 'Derive([],[],[],"","",[],[("a","1"),("a","2")])', 0, 'found environment key "a" twice'],
    ["an output twice", 'Derive([("a","","",""),("a","","","")],[],[],"","",[],[])', 0, 'found output "a" twice'],
    ["deep nesting", `DrvWithVersion("xp-dyn-drv",[],[("a",${'([],[("o",'.repeat(100)}`, 687, "at most 64 levels"],
  ];
  it.each(table)("faults: %s", (_, text, at, what) => {
    expect(parseDrv(bytes(text), "x.drv")).toMatchObject({
      ok: false,
      faults: [{ code: "input", where: `x.drv (byte ${at})`, what: expect.stringContaining(what) }],
    });
  });
});

describe("readDrv", () => {
  const drv = (outputs: string, env = "") => bytes(`Derive([${outputs}],[],[],"s","b",[],[${env}])`);

  it.each([
    ['("out","/nix/store/a","","")', "input-addressed"],
    ['("out","/nix/store/a","r:sha256","00")', "fixed"],
    ['("out","","r:sha256","")', "floating"],
    ['("out","","","")', "deferred"],
    ['("out","","r:sha256","impure")', "impure"],
  ])("tells the kind of output %s", (outputs, kind) => {
    expect(readDrv(drv(outputs), "p", "f")).toMatchObject({ value: { outputs: [{ name: "out", kind }] } });
  });

  it("takes the scheduling attributes of a structured derivation from its JSON alone", () => {
    const env = '("__json","{\\"requiredSystemFeatures\\":[\\"kvm\\"]}"),("requiredSystemFeatures","ignored")';
    expect(readDrv(drv("", env), "p", "f")).toMatchObject({
      value: { attributes: { form: "structured", values: { requiredSystemFeatures: ["kvm"] } } },
    });
  });

  it("keeps going over bytes that are not UTF-8", () => {
    const raw = Buffer.from('Derive([],[],[],"s","b",[],[("name","\xff\xe9")])', "latin1");
    expect(readDrv(raw, "p", "f")).toMatchObject({ value: { attributes: { values: { name: "\ufffd\ufffd" } } } });
    expect(bytesText("\xc3\xa9")).toBe("é");
  });
});
