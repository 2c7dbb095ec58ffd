// What came out of all worlds, as one result: ranking, verdict, what is guessed and assumed, and the winner's run in the
// first world in detail. The same for `compare`, `simulate` and `report`.
import { criticalPath, guessShare } from "#metrics/critical-path.js";
import { type Contender as Ran, rank } from "#metrics/rank.js";
import type { CompareResult, Ranked, RunResult } from "#metrics/result.js";
import { percent } from "#report/figures.js";
import type { RunDetail } from "#report/report-input.js";
import type { Compiled } from "#scenario/compiled.js";
import { type Cell, runOne, worldOf } from "./cell.js";
import { runCells } from "./cells.js";
import { type Experiment, statisticsStream } from "./experiment.js";
import type { Progress } from "./progress.js";
import { VERSION } from "./version.js";

export interface Comparison {
  readonly result: CompareResult;
  readonly detail: RunDetail;
  /** By world, then by contender. */
  readonly runs: readonly (readonly RunResult[])[];
}

/** Runs every contender in every world on every fleet. `threads`: 0 = as many as the machine has. */
export async function runComparison(experiment: Experiment, threads: number, progress: Progress): Promise<Comparison> {
  const cells = experiment.fleets.flatMap((_, fleet) => experiment.seeds.map((seed): Cell => ({ fleet, seed })));
  const runs = await runCells(experiment, cells, threads, progress);
  progress.end();
  return { ...resultOf(experiment, cells, runs), runs };
}

/** `lived`: the run in detail, where it took place and need not be simulated again. */
export function resultOf(
  experiment: Experiment,
  cells: readonly Cell[],
  runs: readonly (readonly RunResult[])[],
  lived: RunDetail | null = null,
): { result: CompareResult; detail: RunDetail } {
  const ran = experiment.fleets.flatMap((compiled, fleet) =>
    experiment.contenders.map(
      ({ policy, conduct }, c): Ran => ({
        policy,
        fleet: compiled.fleetName,
        conduct: conduct.name,
        conductMeasured: !conduct.assumed,
        runs: cells.flatMap((cell, i) => (cell.fleet === fleet ? [runs[i]![c]!] : [])),
      }),
    ),
  );
  const { ranking, verdict } = rank(ran, experiment.baseline, statisticsStream(experiment));
  const detail = lived ?? detailOf(experiment, ranking[0]!, ran);
  const first = experiment.fleets[0]!;
  const { graph, tasks, demand } = first.problem;
  const result: CompareResult = {
    schema: "drvfleet.compare/1",
    scenario: {
      name: experiment.name,
      digest: experiment.digest,
      graph: first.name,
      tasks: graph.count,
      edges: graph.pred.length,
      fetches: tasks.fetch.reduce((sum, fetch) => sum + fetch, 0),
      systems: [...new Set(demand.systems)].sort(),
    },
    version: VERSION,
    seeds: experiment.seeds,
    fleets: experiment.fleets.map(({ fleetName }) => fleetName),
    baseline: experiment.baseline,
    estimates: estimatesText(first),
    ranking,
    verdict,
    guessed: guessShare(detail.critical, detail.trace, detail.problem),
    assumptions: [...new Set([...experiment.fleets.flatMap(({ assumptions }) => assumptions), ...assumedConducts(experiment)])],
    warnings: [...new Set([...experiment.fleets.flatMap(({ warnings }) => warnings), ...unfinished(ran)])],
  };
  return { result, detail };
}

function detailOf({ fleets, contenders, seeds }: Experiment, winner: Ranked, ran: readonly Ran[]): RunDetail {
  const compiled = fleets.find(({ fleetName }) => fleetName === winner.fleet)!;
  const contender = contenders.find(({ policy }) => policy === winner.policy)!;
  const world = worldOf(compiled, seeds[0]!);
  const { trace } = runOne(compiled, contender, world);
  const run = ran.find(({ policy, fleet }) => policy === winner.policy && fleet === winner.fleet)!.runs[0]!;
  return { run, problem: world.truth, trace, critical: criticalPath(trace, world.truth) };
}

export function estimatesText({ scenario: { estimates } }: Compiled): string {
  return estimates.kind === "noisy" ? `noisy, cv ${estimates.cv}` : estimates.kind;
}

function assumedConducts({ contenders }: Experiment): string[] {
  const assumed = contenders.flatMap(({ conduct: { name, assumed, source, timing } }) => [
    ...(assumed ? [`conduct ${name}: ${source}`] : []),
    ...(timing.siteCv > 0
      ? [
          `conduct ${name}: what the client does itself takes what it took elsewhere, ± ${percent(timing.siteCv)}; calibrate finds what it takes here`,
        ]
      : []),
  ]);
  return [...new Set(assumed)];
}

/** Who leaves something unbuilt, and in how many worlds: the ranking puts them last. */
function unfinished(ran: readonly Ran[]): string[] {
  return ran.flatMap(({ policy, fleet, runs }) => {
    const worlds = runs.filter(({ failed }) => failed > 0).length;
    return worlds === 0
      ? []
      : [`${policy} on ${fleet} did not build everything in ${worlds} of ${runs.length} worlds; it ranks after those that did`];
  });
}
