// One run of one policy in one world: the summary, and with --out a directory that can be explained and rendered.
import { fail, fault, ok, type Result } from "#base/fault.js";
import { runText } from "#report/table-run.js";
import type { Flags } from "#scenario/flags.js";
import { runCell } from "./cell.js";
import { colored, compareResult, estimatesText } from "./compare.js";
import { EXIT, printFaults } from "./exit.js";
import { type Experiment, experimentOf, type Kit } from "./experiment.js";
import { notes } from "./notes.js";
import { VERSION } from "./version.js";

export interface SimulateRequest {
  readonly scenario: string;
  readonly flags: Flags;
  readonly policy?: string;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly command: string;
}

/** Returns the exit code. */
export async function simulateScenario(request: SimulateRequest): Promise<number> {
  const ready = oneRun(request);
  if (!ready.ok) return printFaults(ready.faults);
  const { experiment, kit } = ready.value;
  const cell = { fleet: 0, seed: experiment.seeds[0]! };
  const results = await runCell(experiment, cell);
  const { result, detail } = compareResult(experiment, [cell], [results]);
  const run = results[0]!;
  if (request.json) {
    const { scenario, version, estimates, guessed, assumptions, warnings } = result;
    process.stdout.write(
      `${JSON.stringify({ schema: "drvfleet.simulate/1", scenario, version, estimates, ...run, guessed, assumptions, warnings })}\n`,
    );
  } else {
    const compiled = experiment.fleets[0]!;
    const context = { scenario: result.scenario, version: VERSION, estimates: estimatesText(compiled), guessed: result.guessed };
    process.stdout.write(`${runText(run, context, colored())}\n`);
  }
  if (!request.quiet) notes(result.warnings);
  if (request.out !== undefined) {
    const { writeReport } = await import("./report-files.js");
    const flags = { ...request.flags, policies: [run.policy], seeds: [run.seed] };
    const failed = await writeReport({ ...request, flags, out: request.out, experiment, kit, result, detail });
    if (failed !== null) return printFaults([failed]);
  }
  return EXIT.fine;
}

/** The scenario narrowed to one policy, one world and one fleet. */
function oneRun({ scenario, flags, policy }: SimulateRequest): Result<{ experiment: Experiment; kit: Kit }> {
  const ready = experimentOf(scenario, { ...flags, ...(policy !== undefined && { policies: [policy] }) });
  if (!ready.ok) return ready;
  const { experiment, kit } = ready.value;
  if (experiment.fleets.length > 1) {
    const names = experiment.fleets.map(({ fleetName }) => fleetName).join(", ");
    return fail(
      fault("usage", "--fleet", `the scenario has several fleets (${names}), expected one`, "--fleet FILE chooses; compare runs them all"),
    );
  }
  const contender =
    experiment.contenders.find((one) => policy !== undefined || one.policy === experiment.baseline) ?? experiment.contenders[0]!;
  return ok({
    experiment: { ...experiment, contenders: [contender], seeds: experiment.seeds.slice(0, 1), baseline: contender.policy },
    kit,
  });
}
