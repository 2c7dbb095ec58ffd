// Gaps of a planned slot against looking at every instant, intervals of no length among them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timeline } from "#policy/timeline.js";

describe("a slot's timeline", () => {
  it("finds the first gap that fits, as looking at every instant does", () => {
    const ask = fc.record({ ready: fc.nat(20), length: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 25 }), (asks) => {
        const timeline = new Timeline();
        const taken: (readonly [number, number])[] = [];
        for (const { ready, length } of asks) {
          const overlaps = (at: number): boolean =>
            taken.some(([start, finish]) =>
              length === 0
                ? start < at && at < finish
                : start === finish
                  ? at < start && start < at + length
                  : start < at + length && at < finish,
            );
          let at = ready;
          while (overlaps(at)) at++;
          expect(timeline.gap(ready, length)).toBe(at);
          timeline.take(at, at + length);
          taken.push([at, at + length]);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
