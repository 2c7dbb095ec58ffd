// The upload lock of a builder: one copy to it at a time. Nix's build-remote waits for it a quarter of an hour, and goes on without.
import { describe, expect, it } from "vitest";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { problemOf } from "../problem.js";
import { run } from "../run.js";

const MB = 1e6;
const { timing, ...NIX } = nixConduct(nixVersion("2.34")!);
const EXACT = { ...NIX, timing: { ...timing, connectCv: 0, loadCv: 0, configurationCv: 0, siteCv: 0, wanderCv: 0, copyCv: 0 } };

/** Builds that need so many megabytes each, on one builder that takes one in a second. */
function copies(megabytes: readonly number[], conduct: "run" | typeof EXACT) {
  return run(
    problemOf({
      tasks: megabytes.map((size, i) => ({ name: `t${i + 1}`, seconds: 5, cpu: 0, source: size * MB })),
      hosts: [
        { name: "L", maxJobs: 0 },
        { name: "A", maxJobs: 4, down: MB, connect: 0.1 },
      ],
    }),
    { policy: "nix", conduct, models: { network: "fair" } },
  );
}

describe("the upload lock", () => {
  it("passes on when the copy is over", () => {
    const { row } = copies([100, 200, 300], EXACT);
    expect(row("t2").uploadFrom).toBe(row("t1").uploaded);
    expect(row("t3").uploadFrom).toBe(row("t2").uploaded);
    expect(row("t3").uploaded).toBeCloseTo(600, 0);
  });

  it("is waited for a quarter of an hour: then the copies share the link", () => {
    const { row } = copies([1200, 1200, 100], EXACT);
    for (const name of ["t2", "t3"]) expect(row(name).uploadFrom - row(name).accepted).toBeCloseTo(900, 6);
    // The first has 300 MB left at 900 s. Of three that share, the small one is over after 300 s, the first after 700.
    expect(row("t3").uploaded).toBeCloseTo(1200, -1);
    expect(row("t1").uploaded).toBeCloseTo(1600, -1);
    expect(row("t2").uploaded).toBeCloseTo(2500, -1);
  });

  it("is not taken from who has it by those who went on without", () => {
    const { row } = copies([1300, 10, 10, 10], EXACT);
    // Three of them at 900 s, side by side with the first.
    for (const name of ["t2", "t3", "t4"]) expect(row(name).uploaded).toBeCloseTo(940, -1);
  });

  it("has no such end under `run`", () => {
    const { row } = copies([1200, 10], "run");
    expect(row("t2").uploadFrom).toBe(row("t1").uploaded);
  });
});
