// Every registered policy, and some of their parameters, in every animal of the zoo, under every conduct.
import { describe, expect, it } from "vitest";
import type { Policy, View } from "#dispatch/policy.js";
import type { Models } from "#model/models.js";
import { POLICY_NAMES, type PolicyName } from "#policy/index.js";
import { PLACEMENTS } from "#policy/placement.js";
import { PRIORITIES } from "#policy/rank.js";
import { run } from "../run.js";
import { holds } from "./policy.js";
import { ZOO } from "./zoo.js";

interface Variant {
  readonly policy: PolicyName;
  readonly params: Readonly<Record<string, unknown>>;
}

const VARIANTS: readonly Variant[] = [
  ...POLICY_NAMES.map((policy) => ({ policy, params: {} })),
  ...["2.8", "2.26", "2.35.2"].map((version): Variant => ({ policy: "nix", params: { version } })),
  ...PRIORITIES.map((priority): Variant => ({ policy: "list", params: { priority, placement: "locality" } })),
  ...PLACEMENTS.map((placement): Variant => ({ policy: "list", params: { placement } })),
  { policy: "heft", params: { inputs: "ahead" } },
];
const CONDUCTS = ["own", "nix[2.8]", "nix[2.26]", "nix[2.34]", "nix[2.35.2]", "run", "hook", "ideal", "hydra-cpp", "hydra-rust"];
const PHYSICS: readonly Partial<Models>[] = [
  {},
  { cpu: "dedicated", network: "fixed" },
  { network: "maxmin", uploads: "parallel" },
  { network: "free", memory: "off", fetches: "free", emulation: "off", parallelism: "off", substitution: "off" },
];

const text = ({ policy, params }: Variant): string =>
  `${policy}[${Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(",")}]`;

/** Nix never tries a build again elsewhere. */
function givesUp({ policy }: Variant, conduct: string): boolean {
  return conduct.startsWith("nix") || (policy === "nix" && conduct === "own");
}

describe.each(VARIANTS.map((variant) => ({ what: text(variant), variant })))("$what", ({ variant }) => {
  for (const conduct of CONDUCTS) {
    it(`under ${conduct}`, () => {
      for (const [i, animal] of ZOO.entries()) {
        const models = PHYSICS[(i + conduct.length) % PHYSICS.length]!;
        try {
          const options = { ...variant, conduct, models, seed: 1 + (i % 3) };
          const done = run(animal.problem, options);
          holds(animal, done, {
            losses: animal.lossy === true && givesUp(variant, conduct),
            memoryOff: models.memory === "off",
            early: done.conduct.timing.dependents === "built",
          });
          expect(run(animal.problem, options).digest).toBe(done.digest);
        } catch (error) {
          throw new Error(`${animal.name}, ${JSON.stringify(models)}: ${(error as Error).message}`, { cause: error });
        }
      }
    });
  }

  it("is not told of requests that have not arrived", () => {
    for (const { problem } of ZOO.filter((animal) => animal.problem.arrival !== null)) {
      const arrival = problem.arrival!;
      const watched = (policy: Policy): Policy => ({
        decide(view: View, act) {
          for (let i = 0; i < view.readied.length; i++) expect(arrival[view.readied.ids[i]!]).toBeLessThanOrEqual(view.now);
          for (let t = 0; t < arrival.length; t++) if (arrival[t]! > view.now) expect(view.isReady(t as never)).toBe(false);
          policy.decide(view, act);
        },
      });
      expect(run(problem, { ...variant, wrap: watched }).stalled).toBe(0);
    }
  });
});
