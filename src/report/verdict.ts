// The message of a comparison in one sentence, for titles. The sentences of `verdict` are metrics' own and are printed as
// they are; this one is short enough to stand above a chart.
import type { CompareResult, Ranked } from "#metrics/result.js";
import { duration } from "#base/duration.js";
import { percent } from "./figures.js";
import { printable } from "./name-lines.js";

/** "list finishes first: 12 min 03.1 s, 31 % sooner than nix". */
export function headline(compare: CompareResult): string {
  const winner = winnerOf(compare);
  if (winner === undefined) return "Nothing was compared";
  const name = printable(winner.policy);
  const where = compare.fleets.length > 1 ? ` on ${printable(winner.fleet)}` : "";
  const time = duration(winner.makespan.mean);
  if (compare.ranking.length === 1) return `${name} takes ${time}${where}`;
  if (compare.verdict.insideNoise && compare.verdict.runnerUp !== null) {
    return `${name}${where} is ahead with ${time}, but inside the noise of ${printable(compare.verdict.runnerUp)}`;
  }
  const { ratio } = winner;
  const baseline = baselineBeside(compare);
  if (baseline !== undefined && baseline.unbuilt > winner.unbuilt)
    return `${name} finishes first${where}: ${time}; ${printable(compare.baseline)} builds less`;
  if (ratio === null) return `${name}, the baseline, finishes first${where}: ${time}`;
  const against = ratio.insideNoise ? `not told apart from ${printable(compare.baseline)}` : againstBaseline(ratio.mean, compare.baseline);
  return `${name} finishes first${where}: ${time}, ${against}`;
}

/** Of a run that took place: "list took 12 min 03.1 s". */
export function tookLine(compare: CompareResult): string {
  const [run] = compare.ranking;
  return run === undefined ? "Nothing was built" : `${printable(run.policy)} took ${duration(run.makespan.mean)}`;
}

/** "31 % sooner than nix". */
export function againstBaseline(ratio: number, baseline: string): string {
  if (ratio === 1) return `as long as ${printable(baseline)}`;
  return ratio < 1 ? `${percent(1 - ratio)} sooner than ${printable(baseline)}` : `${percent(ratio - 1)} later than ${printable(baseline)}`;
}

export function winnerOf(compare: CompareResult): Ranked | undefined {
  return compare.ranking.find((row) => row.policy === compare.verdict.winner && row.fleet === compare.verdict.fleet);
}

/** The row of the baseline on the winner's fleet, unless it is the winner or was not run. */
export function baselineBeside(compare: CompareResult): Ranked | undefined {
  return compare.ranking.find(
    (row) => row.policy === compare.baseline && row.fleet === compare.verdict.fleet && row.policy !== compare.verdict.winner,
  );
}
