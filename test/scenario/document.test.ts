import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDocument } from "#scenario/document.js";
import { showPath } from "#scenario/place.js";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array) => readDocument("f", typeof text === "string" ? utf8(text) : text);
const faultOf = (text: string | Uint8Array) => {
  const result = read(text);
  return result.ok ? result.value.value : result.faults[0];
};

describe("readDocument: broken text", () => {
  it.each([
    ["an empty file", "", "f", "found an empty file, expected YAML or JSON"],
    ["blanks only", " \n\t\n", "f", "found an empty file, expected YAML or JSON"],
    ["cut off JSON", '{"a": [1,\n 2', "f:2:3", "found the end of the file, expected a comma or ]"],
    ["a trailing comma", '{"a": 1,\n}', "f:2:1", 'found "}", expected a key in "quotes"'],
    ["two JSON values", '{"a": 1}\n{}', "f:2:1", 'found "{}", expected the end of the file'],
    ["a bad number", '{"a": 01}', "f:1:8", 'found "1}", expected a comma or }'],
    ["a key twice in JSON", '{"a": 1,\n "a": 2}', "f:2:2", 'found the key "a" a second time, expected each key once'],
    ["a string across lines", '["a\nb"]', "f:1:2", 'found "\\"a\\nb\\"]", expected a string that ends on its line'],
    ["a key twice in YAML", "a: 1\na: 2", "f:2:1", "found broken YAML, expected that it can be read: Map keys must be unique"],
    ["deep JSON", `${"[".repeat(201)}${"]".repeat(201)}`, "f:1:201", "found nesting deeper than 200, expected at most 200 levels"],
    ["very deep cut off JSON", "[".repeat(100000), "f:1:201", "found nesting deeper than 200, expected at most 200 levels"],
  ])("%s", (_, text, where, what) => {
    expect(faultOf(text)).toMatchObject({ code: "input", where, what });
  });

  it("counts lines, not characters, up to a byte that is no UTF-8", () => {
    const bytes = Uint8Array.from([...utf8("a: ä\nb: "), 0xff, 0x41]);
    expect(faultOf(bytes)).toMatchObject({ where: "f:2:4", what: "found the byte 0xff, expected UTF-8 text" });
    expect(faultOf(Uint8Array.from([...utf8("a: "), 0xc3]))).toMatchObject({ where: "f:1:4" });
  });

  it("guesses that a gzip file was not unpacked", () => {
    expect(faultOf(Uint8Array.from([0x1f, 0x8b, 8, 0]))).toMatchObject({ hint: "is it compressed? name it .gz" });
  });

  it("refuses an alias bomb", () => {
    const bomb = [
      "a0: &a0 [x, x]",
      ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`),
    ].join("\n");
    expect(faultOf(bomb)).toMatchObject({ code: "input", where: "f" });
  });

  it("refuses an alias that was never set", () => {
    expect(faultOf("a: *b")).toMatchObject({ code: "input" });
  });

  it.each([
    ["flow", "a: ".concat("[".repeat(5000))],
    ["compact block", "- ".repeat(20000)],
    ["deep and closed flow", `a: ${"[".repeat(3000)}${"]".repeat(3000)}`],
  ])("survives deep YAML: %s", (_, text) => {
    expect(read(text).ok).toBe(false);
  });
});

describe("readDocument: places", () => {
  const value = { name: "x", list: [1, { "a b": [true, null] }], end: "é" };

  it("finds values and keys in JSON", () => {
    const result = read(JSON.stringify(value, null, 2));
    if (!result.ok) throw new Error("unreadable");
    expect(result.value.value).toEqual(value);
    expect(result.value.where(["list", 1, "a b", 1])).toBe('f:8:9 list[1]["a b"][1]');
    expect(result.value.where(["list", 1, "a b"], "key")).toBe('f:6:7 list[1]["a b"]');
    expect(result.value.where(["list", 7, "x"])).toBe("f:3:11 list[7].x");
  });

  it("finds values and keys in YAML, through aliases too", () => {
    const result = read("name: x\nbase: &b\n  cores: 4\nlist:\n  - 1\n  - *b\n");
    if (!result.ok) throw new Error("unreadable");
    expect(result.value.where(["base", "cores"])).toBe("f:3:10 base.cores");
    expect(result.value.where(["base", "cores"], "key")).toBe("f:3:3 base.cores");
    expect(result.value.where(["list", 1, "cores"])).toBe("f:6:5 list[1].cores");
    expect(result.value.where(["missing"])).toBe("f:1:1 missing");
  });

  it("reads any JSON value the same as JSON.parse, and finds every part of it", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 4 }), (json) => {
        const text = JSON.stringify(json, null, 1);
        const result = read(text);
        if (!result.ok) throw new Error(result.faults[0]!.what);
        expect(result.value.value).toEqual(JSON.parse(text));
        for (const i of json.keys()) {
          const [, line, column] = /^f:(\d+):(\d+)/.exec(result.value.where([i]))!;
          const rest = text
            .split("\n")
            .slice(Number(line) - 1)
            .join("\n")
            .slice(Number(column) - 1);
          expect(rest.startsWith(JSON.stringify(json[i], null, 1).slice(0, 1))).toBe(true);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("names the first flaw of any truncated JSON", () => {
    const text = JSON.stringify(value);
    for (let end = 2; end < text.length; end++) {
      const fault = faultOf(text.slice(0, end)) as { where: string; hint: string };
      expect(Number(fault.where.split(":")[2])).toBeLessThanOrEqual(end + 1);
      if (!/[}\]]$/.test(text.slice(0, end))) expect(fault.hint).toBe("the file may be cut off");
    }
  });
});

it("shows paths as people write them", () => {
  expect(showPath(["a", 0, "b-c", "x y", "*"])).toBe('a[0].b-c["x y"]["*"]');
});
