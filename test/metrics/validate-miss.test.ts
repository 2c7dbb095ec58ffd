import { describe, expect, it } from "vitest";
import { draw } from "#base/random.js";
import { isBeyond, missFit, missSum } from "#metrics/validate-miss.js";

describe("what a configuration is missed by", () => {
  it("by hand: three runs of 10, 12 and 16 s allow what the others' median misses one by, if that is more than 10 %", () => {
    // 14 ÷ 10, 13 ÷ 12, 11 ÷ 16: the first is missed by 40 %. Foretold 13: 30 % off the first.
    const miss = missFit([10, 12, 16], [13, 13, 13, 13], 13);
    expect(miss.error).toBeCloseTo(0.3, 12);
    expect(miss.allowed).toBeCloseTo(0.4, 12);
    expect(isBeyond(miss)).toBe(false);
    const alike = missFit([10, 10.1, 10.2], [12, 12, 12], 12);
    expect(alike.allowed).toBe(0.1);
    expect(isBeyond(alike)).toBe(true);
  });

  it("draws repetitions from the worlds: each with those that come after it, at each distance", () => {
    // One world of ten is far off; with three worlds at a time at distances 1 to 4, it is in 3 of 10 draws of each. Beside two
    // alike it is missed by as much as they allow: 20 ÷ 10; so it is never beyond.
    const worlds = [20, ...new Array<number>(9).fill(10)];
    expect(missFit([10, 10, 10], worlds, 10)).toEqual({ error: 0, allowed: 0.1, byChance: 0, range: 0 });
    // Half of them at 10, half at 14, foretold 12: draws of three alike are 20 % or 14 % off and allow 10 %, mixed ones allow 29 or 40 %.
    const two = [10, 10, 10, 10, 14, 14, 14, 14];
    const mixed = missFit([10, 14, 14], two, 12);
    // Distances 1, 2 and 3, going round: (0,1,2), (1,2,3), (4,5,6), (5,6,7) alike at distance 1, none of 8 at 2; at 3 (0,3,6) and so on: none.
    expect(mixed.byChance).toBeCloseTo(4 / 24, 12);
    // 4 ÷ 14 or 4 ÷ 10 where they differ, as often.
    expect(mixed.range).toBeCloseTo(4 / 14, 12);
  });

  it("of one repetition: what may be missed is 10 %, and each world is a draw", () => {
    const miss = missFit([12], [8, 10, 10, 10], 10);
    expect(miss).toEqual({ error: expect.closeTo(1 / 6, 12), allowed: 0.1, byChance: 0.25, range: 0 });
  });

  it("expects of many configurations as many beyond as worlds in their place would be", () => {
    const fits = [missFit([10, 10], [8, 10, 12, 10], 10), missFit([20, 20.2], [10, 10, 10, 10], 10), missFit([10], [10], 10)];
    const sum = missSum(fits, fits.slice(0, 2));
    expect(sum.beyond).toBe(1);
    expect(sum.atBest).toBe(fits.reduce((all, { byChance }) => all + byChance, 0));
    expect(sum.range).toBe((fits[0]!.range + fits[1]!.range) / 2);
    expect(missSum(fits.slice(2), []).range).toBeNull();
  });

  it("law: repetitions that are worlds are beyond as often as it says", () => {
    // Worlds around three modes, and all triples of them.
    const worlds = Array.from({ length: 60 }, (_, i) => 10 + 3 * Math.floor(3 * draw(1, "mode", `${i}`)) + draw(1, "rest", `${i}`) / 2);
    const foretold = worlds.toSorted((a, b) => a - b)[30]!;
    let beyond = 0;
    let all = 0;
    for (let a = 0; a < 60; a++) {
      for (let b = 0; b < a; b++) {
        for (let c = 0; c < b; c++) {
          all++;
          if (isBeyond(missFit([worlds[a]!, worlds[b]!, worlds[c]!], [foretold], foretold))) beyond++;
        }
      }
    }
    expect(missFit([10, 10, 10], worlds, foretold).byChance).toBeCloseTo(beyond / all, 1);
  });
});
