// Who wins: every policy on every fleet over the same worlds, ranked by mean makespan, compared in pairs with the
// baseline. Who builds less is never ahead of who builds more: a run that gives up early is not fast. Worlds that are all
// alike are one world, and then there is no interval. Rule: architecture.md "Bounds and statistics". Ties end in the name
// of the policy, then in the order of the fleets.
import { mean } from "simple-statistics";
import { assert } from "#base/assert.js";
import { compareText } from "#base/order.js";
import type { Random } from "#base/random.js";
import { meanUses } from "./host-use.js";
import { meanLadder } from "./ladder.js";
import { pairedRatio } from "./paired.js";
import type { HostUse, Ranked, RunResult, Verdict } from "./result.js";
import { meanInterval, probabilityLeast, quantile, type Resamples, resamples, worldsWon } from "./stats.js";
import { verdictOf } from "./verdict.js";

/** A policy on a fleet: one run per world, in the same order of worlds for all. */
export interface Contender {
  readonly policy: string;
  readonly fleet: string;
  /** Name of the conduct it ran under. */
  readonly conduct: string;
  readonly conductMeasured: boolean;
  readonly runs: readonly RunResult[];
}

export interface Ranking {
  /** By derivations left unbuilt, then by mean makespan, best first. */
  readonly ranking: readonly Ranked[];
  readonly verdict: Verdict;
}

/** `baseline` names a policy; each contender is held against it on the contender's own fleet. At least one contender. */
export function rank(contenders: readonly Contender[], baseline: string, random: Random): Ranking {
  // 1. The worlds.
  const all = sameWorlds(contenders);
  const times = all.map(({ runs }) => runs.map(({ makespan }) => makespan));
  const drawn = resamples(times[0]!.length, random);
  // 2. Who is best how often, of those that build most.
  const left = all.map(({ runs }) => runs.reduce((sum, { failed }) => sum + failed, 0));
  const best = probabilityLeast(
    times.map((row, i) => (left[i] === Math.min(...left) ? row : row.map(() => Number.POSITIVE_INFINITY))),
    drawn,
  );
  const won = worldsWon(eligible(all));
  // 3. The rows.
  const rows = all.map((contender, i) => {
    const other = all.findIndex(({ policy, fleet }) => isBaseline(policy, baseline) && fleet === contender.fleet);
    const ratio = other < 0 || other === i ? null : pairedRatio(times[i]!, times[other]!, drawn);
    return { ...ranked(contender, times[i]!, drawn), ratio, probabilityBest: best[i]!, worldsWon: won[i]! };
  });
  const order = Array.from(rows.keys()).sort(
    (a, b) =>
      left[a]! - left[b]! || rows[a]!.makespan.mean - rows[b]!.makespan.mean || compareText(rows[a]!.policy, rows[b]!.policy) || a - b,
  );
  const ranking = order.map((i) => rows[i]!);
  // 4. The verdict.
  const [winner, second] = order;
  const lead = second === undefined ? null : pairedRatio(times[winner!]!, times[second]!, drawn);
  return { ranking, verdict: verdictOf(ranking, lead, baseline, times[0]!.length) };
}

/** "nix" is also "nix[version=2.34]". */
function isBaseline(policy: string, baseline: string): boolean {
  return policy === baseline || policy.startsWith(`${baseline}[`);
}

/** The contenders, with one world only where all worlds are alike for all of them. */
function sameWorlds(contenders: readonly Contender[]): readonly Contender[] {
  const worlds = contenders[0]?.runs.length ?? 0;
  assert(worlds > 0, "nothing was run");
  for (const { runs, policy } of contenders) {
    assert(runs.length === worlds, () => `${policy} ran in another number of worlds`);
    for (const [k, run] of runs.entries()) assert(run.seed === contenders[0]!.runs[k]!.seed, () => `${policy} ran in other worlds`);
  }
  const alike = contenders.every(({ runs }) =>
    runs.every(({ makespan, failed }) => makespan === runs[0]!.makespan && failed === runs[0]!.failed),
  );
  return alike ? contenders.map((contender) => ({ ...contender, runs: contender.runs.slice(0, 1) })) : contenders;
}

/** Makespans by contender and world; infinite where another built more in that world. */
function eligible(contenders: readonly Contender[]): number[][] {
  const least = contenders[0]!.runs.map((_, world) => Math.min(...contenders.map(({ runs }) => runs[world]!.failed)));
  return contenders.map(({ runs }) =>
    runs.map(({ makespan, failed }, world) => (failed === least[world] ? makespan : Number.POSITIVE_INFINITY)),
  );
}

function ranked(
  { policy, fleet, conduct, conductMeasured, runs }: Contender,
  times: readonly number[],
  drawn: Resamples,
): Omit<Ranked, "ratio" | "probabilityBest" | "worldsWon"> {
  const ascending = times.toSorted((a, b) => a - b);
  const hosts = meanUses(runs.map((run) => run.hosts));
  const ladder = meanLadder(runs.map((run) => run.ladder));
  const average = mean([...times]);
  return {
    policy,
    fleet,
    conduct,
    conductMeasured,
    makespan: {
      mean: average,
      p5: quantile(ascending, 0.05),
      p50: quantile(ascending, 0.5),
      p95: quantile(ascending, 0.95),
      min: ascending[0]!,
      max: ascending.at(-1)!,
    },
    interval: meanInterval(times, drawn),
    unbuilt: mean(runs.map(({ failed }) => failed)),
    ladder,
    // Nothing to build: as good as can be.
    boundRatio: ladder.bound > 0 ? average / ladder.bound : 1,
    utilization: utilization(hosts, average),
    bytesMoved: hosts.reduce((sum, { bytesIn, bytesOut }) => sum + bytesIn + bytesOut, 0),
    hosts,
  };
}

/** Share of slots × makespan in which builders ran. */
function utilization(hosts: readonly HostUse[], makespan: number): number {
  const slots = hosts.reduce((sum, host) => sum + host.slots, 0);
  const building = hosts.reduce((sum, host) => sum + host.busy.building, 0);
  return slots * makespan > 0 ? building / (slots * makespan) : 0;
}
