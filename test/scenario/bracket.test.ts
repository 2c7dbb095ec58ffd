import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bracket, formatBracket, parseBracket, splitNames } from "#scenario/bracket.js";

const read = (text: string) => {
  const result = parseBracket(text, "--policies");
  return result.ok ? result.value : result.faults[0];
};

describe("parseBracket", () => {
  it("reads the names of product.md", () => {
    expect(read("nix[version=2.8]")).toEqual({ name: "nix", params: { version: 2.8 } });
    expect(read("list[priority=critical-path,placement=earliest-finish]")).toEqual({
      name: "list",
      params: { priority: "critical-path", placement: "earliest-finish" },
    });
    expect(read("nix[version=2.20]")).toEqual({ name: "nix", params: { version: "2.20" } });
    expect(formatBracket(read("nix[version=2.30]") as Bracket)).toBe("nix[version=2.30]");
    expect(read("heft")).toEqual({ name: "heft", params: {} });
  });

  it("reads booleans, blanks and brackets inside values", () => {
    expect(read(" rollout[ base = list[priority=depth], deep=true , gap=-1.5e-3]")).toEqual({
      name: "rollout",
      params: { base: { name: "list", params: { priority: "depth" } }, deep: true, gap: -0.0015 },
    });
  });

  it.each([
    ["", "character 1", "found the end, expected a name"],
    ["nix[version=2.8", "character 16", "found the end, expected , or ]"],
    ["nix[version]", "character 12", 'found "]", expected = after version'],
    ["nix[a=1,a=2]", "character 9", "found a twice, expected each parameter once"],
    ["nix]", "character 4", 'found "]", expected the end of the name'],
    ["nix[a=[b]]", "character 7", 'found "[b]]", expected a value'],
  ])("says where %j goes wrong", (text, place, what) => {
    const fault = read(text);
    expect(fault).toMatchObject({ code: "usage", where: `--policies ${JSON.stringify(text)} ${place}`, what });
  });

  it("reads back whatever it formats", () => {
    const word = fc.stringMatching(/^[a-z][a-z-]{0,6}$/).filter((text) => text !== "true" && text !== "false");
    const { bracket } = fc.letrec<{ bracket: Bracket; value: Bracket["params"][string] }>((tie) => ({
      bracket: fc.record({ name: word, params: fc.dictionary(word, tie("value"), { maxKeys: 3, noNullPrototype: false }) }),
      value: fc.oneof(
        { maxDepth: 2 },
        word,
        fc.boolean(),
        fc.integer(),
        tie("bracket").filter((inner) => Object.keys(inner.params).length > 0),
      ),
    }));
    fc.assert(
      fc.property(bracket, (value) => {
        expect(read(formatBracket(value))).toEqual(value);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("splitNames", () => {
  it("splits at commas outside brackets only", () => {
    expect(splitNames("nix, list[priority=depth,placement=fastest] ,heft")).toEqual([
      "nix",
      "list[priority=depth,placement=fastest]",
      "heft",
    ]);
    expect(splitNames("")).toEqual([]);
  });
});
