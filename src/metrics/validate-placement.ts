// Where builds went: of builds on which all repetitions agree, the share that most worlds place there too; for the others
// the simulated probability of the host that each repetition chose. Ties of "most worlds" go to the earlier host. Who agree by
// chance agree on a rarer host too: how often says the simulation itself.
import { mean } from "simple-statistics";
import { hostOf, type Observed } from "./observed.js";
import type { PlacementFit } from "./validation.js";

/** A host less probable than this in the simulation counts as not foreseen. */
const LIKELY = 0.05;

export interface HostOdds {
  /** Index of the most frequent simulated host, −1 when no world built it. */
  readonly host: number;
  /** By host: share of worlds. */
  readonly share: Float64Array;
}

export function hostOdds(worlds: readonly Observed[], task: number, hosts: number): HostOdds {
  const share = new Float64Array(hosts);
  for (const world of worlds) {
    const host = hostOf(world, task);
    if (host >= 0) share[host]! += 1 / worlds.length;
  }
  const most = Math.max(...share);
  // Sums of equal parts differ in their last bits.
  return { host: most > 0 ? share.findIndex((one) => one > most - 1e-9) : -1, share };
}

/** `odds` by task. */
export function placementFit(runs: readonly Observed[], odds: readonly HostOdds[]): PlacementFit {
  const agreed: { readonly same: boolean; readonly share: number }[] = [];
  const split: number[] = [];
  /** Of repetitions that are worlds: those of a build agree, and on the host of most worlds. */
  const drawn = { agreed: 0, same: 0 };
  for (const [task, { host, share }] of odds.entries()) {
    const real = runs.map((run) => hostOf(run, task)).filter((at) => at >= 0);
    if (real.length === 0) continue;
    const all = (odds: number): number => real.reduce((chance) => chance * odds, 1);
    drawn.agreed += share.reduce((sum, one) => sum + all(one), 0);
    if (host >= 0) drawn.same += all(share[host]!);
    if (real.every((at) => at === real[0])) agreed.push({ same: host === real[0], share: share[real[0]!]! });
    else split.push(...real.map((at) => share[at]!));
  }
  return {
    agreed: agreed.length,
    same: agreed.filter(({ same }) => same).length,
    atBest: drawn.agreed === 0 ? 0 : (agreed.length * drawn.same) / drawn.agreed,
    worlds: agreed.length === 0 ? null : mean(agreed.map(({ share }) => share)),
    split: split.length,
    probability: split.length === 0 ? null : mean(split),
    likely: split.filter((share) => share >= LIKELY - 1e-9).length,
  };
}

/** Several configurations as one. */
export function placementSum(fits: readonly PlacementFit[]): PlacementFit {
  const sum = (value: (fit: PlacementFit) => number): number => fits.reduce((all, fit) => all + value(fit), 0);
  const agreed = sum((fit) => fit.agreed);
  const split = sum((fit) => fit.split);
  return {
    agreed,
    same: sum((fit) => fit.same),
    atBest: sum((fit) => fit.atBest),
    worlds: agreed === 0 ? null : sum((fit) => (fit.worlds ?? 0) * fit.agreed) / agreed,
    split,
    probability: split === 0 ? null : sum((fit) => (fit.probability ?? 0) * fit.split) / split,
    likely: sum((fit) => fit.likely),
  };
}
