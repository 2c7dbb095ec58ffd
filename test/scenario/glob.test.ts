import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText } from "#base/order.js";
import { matches } from "#scenario/glob.js";
import { sortByName } from "#scenario/name-order.js";

describe("matches", () => {
  it.each([
    ["linux-*", "linux-6.9", true],
    ["linux-*", "my-linux-6.9", false],
    ["*linux*", "my-linux-6.9", true],
    ["gcc-1?", "gcc-13", true],
    ["gcc-1?", "gcc-1", false],
    ["a.c", "abc", false],
    ["*", "", true],
    ["", "a", false],
    ["[ab]", "a", false],
  ])("%s on %s: %s", (glob, text, expected) => {
    expect(matches(glob, text)).toBe(expected);
  });

  it("agrees with the regular expression it stands for", () => {
    const letters = fc.stringMatching(/^[ab*?]{0,8}$/);
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[ab]{0,10}$/), (glob, text) => {
        const pattern = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matches(glob, text)).toBe(pattern.test(text));
      }),
      { seed: 8, numRuns: 2000 },
    );
  });

  it("cannot be made to hang", () => {
    expect(matches("*a".repeat(30), `${"a".repeat(5000)}b`)).toBe(false);
  });
});

it("sortByName sorts as compareText does, whatever the characters", () => {
  const name = fc.stringMatching(/^[ab~\u007fé\u{FFFD}\u{1F600}]{0,18}$/u);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 40 }), (names) => {
      const keys = names.map((_, i) => String((i * 7) % 40));
      const sorted = [...sortByName(Int32Array.from(names.keys()), names, keys)];
      expect(sorted).toEqual(
        [...names.keys()].sort((a, b) => compareText(names[a]!, names[b]!) || compareText(keys[a]!, keys[b]!) || a - b),
      );
    }),
    { seed: 9, numRuns: 1000 },
  );
});
