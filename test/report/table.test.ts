import { describe, expect, it } from "vitest";
import { rankingMarkdown } from "#report/markdown.js";
import { compareText, runText } from "#report/table.js";
import { sampleInput } from "./sample.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
const ESCAPES = /[\u0000-\u0009\u000b-\u001f\u007f]/;

describe("terminal", () => {
  const hostile = sampleInput();
  const named = {
    ...hostile.compare,
    ranking: hostile.compare.ranking.map((row) => ({ ...row, policy: `${row.policy}\u001b[31m${"-parameter=value".repeat(9)}` })),
  };

  it.each([
    ["one fleet", hostile.compare],
    ["two fleets", sampleInput(undefined, ["book", "book with one more kana and a name that goes on and on"]).compare],
    ["one world", sampleInput(undefined, ["book"], 1).compare],
    ["hostile names", named],
  ])("fits 80 columns without escapes: %s", (_, compare) => {
    const lines = compareText(compare, false).split("\n");
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    expect(lines.filter((line) => ESCAPES.test(line))).toEqual([]);
  });

  it("ranks, explains and says how sure it is", () => {
    const lines = compareText(hostile.compare, false).split("\n");
    expect(lines).toContain("heft *                   6 h 56 min  −1.8/+2.3 %  0.68 (0.66–0.70)   1.23   61 %");
    expect(lines).toContain("nix                     10 h 07 min  −1.8/+2.3 %          baseline   1.80    0 %");
    expect(lines).toContain("heft                    5.62    0.49        0.14       −0.08      0.77    6.93");
    expect(lines).toContain("heft finishes first on book, 32 % sooner than nix (29–34 %).");
    expect(lines.join(" ")).toContain("≈ inside the noise of nix");
  });

  it("colours only when asked to", () => {
    expect(compareText(hostile.compare, true)).toContain("\u001b[1mheft *");
  });

  it("sums up one run, host by host", () => {
    const text = runText(hostile.detail!.run, hostile.compare, false);
    expect(text).toContain("heft on book, seed 1: 6 h 56 min");
    expect(text).toMatch(/^kana +2 +19 +19 % +80 % waiting for gcc-pass1-2\.1-riscv64$/m);
    expect(text.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
  });

  it("says in Markdown what it says in the terminal, whatever the names", () => {
    const text = rankingMarkdown({
      ...hostile.compare,
      ranking: hostile.compare.ranking.map((row) => ({ ...row, policy: `${row.policy}|<b>\`x` })),
    });
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(hostile.compare.ranking.length + 2);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7);
    expect(rows[2]).toBe("| ``heft\\|<b>`x`` | 6 h 56 min | −1.8/+2.3 % | 0.68 (0.66–0.70) | 1.23 | 61 % |");
  });
});
