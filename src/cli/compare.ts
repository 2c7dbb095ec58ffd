// The main job: all policies (× fleets) in the same worlds, ranked. Phases: read, run the worlds, rank, look closely at
// the winner, print, write the report, judge --fail-if.
import type { Fault } from "#base/fault.js";
import { criticalPath, guessShare } from "#metrics/critical-path.js";
import { type Contender as Ran, rank } from "#metrics/rank.js";
import type { CompareResult, Ranked, RunResult } from "#metrics/result.js";
import { evaluateFailIf, type FailIf, parseFailIf } from "#report/fail-if.js";
import type { RunDetail } from "#report/report-input.js";
import { compareText } from "#report/table.js";
import type { Compiled } from "#scenario/compiled.js";
import type { Flags } from "#scenario/flags.js";
import { type Cell, runOne, worldOf } from "./cell.js";
import { runCells } from "./cells.js";
import { EXIT, printFaults } from "./exit.js";
import { type Experiment, experimentOf, statisticsStream } from "./experiment.js";
import { notes } from "./notes.js";
import { progressOf } from "./progress.js";
import { VERSION } from "./version.js";

export interface CompareRequest {
  readonly scenario: string;
  readonly flags: Flags;
  readonly failIf: readonly string[];
  /** Directory of the report; undefined = none. */
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly threads: number;
  readonly command: string;
}

/** Returns the exit code. */
export async function compare(request: CompareRequest): Promise<number> {
  const conditions = request.failIf.map(parseFailIf);
  const wrong = conditions.flatMap((condition): readonly Fault[] => (condition.ok ? [] : condition.faults));
  if (wrong.length > 0) return printFaults(wrong);
  const ready = experimentOf(request.scenario, request.flags);
  if (!ready.ok) return printFaults(ready.faults);
  const { experiment, kit } = ready.value;

  const progress = progressOf("worlds", request.quiet);
  const cells = experiment.fleets.flatMap((_, fleet) => experiment.seeds.map((seed): Cell => ({ fleet, seed })));
  const results = await runCells(experiment, cells, request.threads, progress);
  progress.end();
  const { result, detail } = compareResult(experiment, cells, results);

  const outcomes = conditions.map((condition) => evaluateFailIf((condition as { value: FailIf }).value, result));
  const unknown = outcomes.flatMap((outcome): readonly Fault[] => (outcome.ok ? [] : outcome.faults));
  if (unknown.length > 0) return printFaults(unknown);
  process.stdout.write(`${request.json ? JSON.stringify(result) : compareText(result, colored())}\n`);
  if (!request.quiet) notes(result.warnings);
  if (request.out !== undefined) {
    const { writeReport } = await import("./report-files.js");
    const failed = await writeReport({ ...request, out: request.out, experiment, kit, result, detail });
    if (failed !== null) return printFaults([failed]);
  }
  const crossed = outcomes.flatMap((outcome) => (outcome.ok && outcome.value.crossed ? [outcome.value.sentence] : []));
  for (const sentence of crossed) process.stderr.write(`fail-if: ${sentence}\n`);
  return crossed.length > 0 ? EXIT.threshold : EXIT.fine;
}

export function colored(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}

/** The ranking of all runs, and the winner's run in the first world in detail. */
export function compareResult(
  experiment: Experiment,
  cells: readonly Cell[],
  results: readonly (readonly RunResult[])[],
): { result: CompareResult; detail: RunDetail } {
  const ran = experiment.fleets.flatMap((compiled, fleet) =>
    experiment.contenders.map(
      ({ policy, conduct }, c): Ran => ({
        policy,
        fleet: compiled.fleetName,
        conduct: conduct.name,
        conductMeasured: !conduct.assumed,
        runs: cells.flatMap((cell, i) => (cell.fleet === fleet ? [results[i]![c]!] : [])),
      }),
    ),
  );
  const { ranking, verdict } = rank(ran, experiment.baseline, statisticsStream(experiment));
  const detail = detailOf(experiment, ranking[0]!, ran);
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
  const assumed = contenders.filter(({ conduct }) => conduct.assumed).map(({ conduct }) => `conduct ${conduct.name}: ${conduct.source}`);
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
