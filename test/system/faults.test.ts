// Six cases of the campaign of faults (`npm run bench:faults`), one of each kind, three by `run` and three by the hook: all
// outputs right, nothing built again that was there, no process and no file left.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseOf, FAULTS, SLOTS } from "./faults/case.js";
import { trial } from "./faults/trial.js";
import { lacksTestbed } from "./needs.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

const SEEDS = [9, 40, 48, 50, 55, 67];

describe.skipIf(lacksTestbed())("one fault in the midst of a build", () => {
  let bed: Testbed;
  beforeAll(async () => {
    bed = await testbed({ id: `faults.${process.pid}`, hosts: Object.keys(SLOTS).length, disk: "96m" });
  }, 60_000);
  afterAll(() => bed?.down());

  it("each kind is there, and both subjects", () => {
    const cases = SEEDS.map(caseOf);
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FAULTS)));
    expect(new Set(cases.map(({ subject }) => subject))).toEqual(new Set(["run", "hook"]));
  });

  it.each(SEEDS.map((seed) => ({ ...caseOf(seed) })))(
    "seed $seed: $subject, $kind at $at s",
    async (one) => {
      const { code, wrong, rebuilt, orphans, leftovers, hit, said } = await trial(bed, one);
      expect({ code, hit, wrong, again: rebuilt.again, orphans, leftovers }, said).toEqual({
        ...{ code: 0, hit: true, wrong: [], again: [], orphans: [], leftovers: [] },
      });
    },
    200_000,
  );
});
