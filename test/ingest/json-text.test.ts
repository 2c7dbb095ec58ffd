import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, parseJsonFile } from "#ingest/json-text.js";
import { firstInvalid, placeIn } from "#ingest/source-text.js";
import { bytes } from "./fixture-files.js";

const START = { offset: 0, line: 1, column: 1 };

function faultAt(data: Uint8Array): number | undefined {
  const result = parseJson(data, "f", START);
  return result.ok ? undefined : Number(/byte (\d+)\)$/.exec(result.faults[0]!.where)![1]);
}

describe("parseJson", () => {
  it("accepts exactly what JSON.parse accepts, and blames the first byte that no JSON text may have there", () => {
    const damaged = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", "{", "}", "[", "]", ",", ":", '"', "\\", "0", "-", "e", "t", "\n", "\u0001", " "),
      fc.nat(2),
    );
    fc.assert(
      fc.property(damaged, ([text, at, noise, drop]) => {
        const ascii = text.replace(/[\u0080-\uffff]/g, "?");
        const place = at % (ascii.length + 1);
        const changed = ascii.slice(0, place) + noise + ascii.slice(place + drop);
        let good = true;
        try {
          JSON.parse(changed);
        } catch {
          good = false;
        }
        const blamed = faultAt(bytes(changed));
        expect(blamed === undefined).toBe(good);
        if (blamed === undefined) return;
        // What stands before the blamed byte could still have become JSON: cut off there, the only fault is its end.
        expect(faultAt(bytes(changed.slice(0, blamed))) ?? blamed).toBe(blamed);
      }),
      { numRuns: 500 },
    );
  });

  it("names line and column, byte order mark counted", () => {
    const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes('{"a": 1,\n "b": }')]);
    expect(parseJsonFile(marked, "f")).toMatchObject({ faults: [{ where: "f:2:7 (byte 18)", what: 'found "}", expected a JSON value' }] });
  });

  it("survives nesting of any depth", () => {
    expect(faultAt(bytes("[".repeat(500_000)))).toBe(500_000);
  });
});

describe("firstInvalid", () => {
  it("finds the byte that breaks UTF-8", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom([0xff], [0x80], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80]),
        fc.string(),
        (before, bad, after) => {
          const head = bytes(before);
          const data = Uint8Array.from([...head, ...bad, ...bytes(`a${after}`)]);
          expect(firstInvalid(data)).toBe(head.length);
        },
      ),
    );
  });

  it("counts lines", () => {
    expect(placeIn(bytes("ab\ncd\n"), 4)).toEqual({ offset: 4, line: 2, column: 2 });
    expect(placeIn(bytes("\n\nx"), 2, { offset: 10, line: 5, column: 3 })).toEqual({ offset: 12, line: 7, column: 1 });
    expect(placeIn(bytes("x"), 0, { offset: 10, line: 5, column: 3 })).toEqual({ offset: 10, line: 5, column: 3 });
  });
});
