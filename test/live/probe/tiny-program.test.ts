import { describe, expect, it } from "vitest";
import { ANSWER_ONCE, tinyAssembly, ROUNDS, TINY_SYSTEMS, tinyProgram } from "#live/probe/tiny-program.js";

/** What the program says of itself, computed with whole numbers; for ROUNDS of them the processors answer (test/system). */
function answerOf(rounds: number): string {
  const mask = (1n << 64n) - 1n;
  const table = new BigUint64Array(65536);
  let x = 0x9e3779b97f4a7c15n;
  let sum = 0n;
  for (let round = 0; round < rounds; round++) {
    x ^= (x << 13n) & mask;
    x ^= x >> 7n;
    x ^= (x << 17n) & mask;
    const index = Number(x & 0xffffn);
    table[index] += x;
    const word = table[index]!;
    sum = (word & 1n) === 1n ? sum ^ word : (3n * sum + 1n) & mask;
  }
  const letters = [...sum.toString(16).padStart(16, "0")].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  return `ok ${letters.join("")}`;
}

describe("the tiny program", () => {
  it("prints what the loop of its comment computes", () => {
    expect(answerOf(1)).toBe(ANSWER_ONCE);
  });

  it.each(TINY_SYSTEMS)("is an ELF file of %s that differs in nothing but the rounds", (system) => {
    const once = tinyProgram(system, 1);
    const often = tinyProgram(system, ROUNDS);
    expect([...once.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
    expect(once.length).toBeLessThan(420);
    expect([...once.keys()].filter((at) => once[at] !== often[at]).every((at) => at >= 0xb0 && at < 0xb8)).toBe(true);
    expect(tinyAssembly(system)).not.toMatch(/^(?:[0-9a-f]{2})+ {2}/m);
  });
});
