// One run of one policy in one world: the summary, and with --out a directory that can be explained and rendered.
import { fail, fault, ok, type Result } from "#base/fault.js";
import { runText } from "#report/table-run.js";
import type { Flags } from "#scenario/flags.js";
import { runComparison } from "./comparison.js";
import { EXIT, printFaults } from "./exit.js";
import { type Experiment, experimentOf, type Kit } from "./experiment.js";
import { directoryFault } from "./files.js";
import { colored, type Loudness, notes } from "./notes.js";
import { QUIET } from "./progress.js";

export interface SimulateRequest {
  readonly scenario: string;
  readonly flags: Flags;
  readonly policy?: string;
  readonly out?: string;
  readonly json: boolean;
  readonly loudness: Loudness;
  readonly command: string;
}

/** Returns the exit code. */
export async function simulateScenario(request: SimulateRequest): Promise<number> {
  const { scenario: path, flags, out, loudness } = request;
  const ready = oneRun(path, flags, request.policy);
  if (!ready.ok) return printFaults(ready.faults);
  const blocked = out === undefined ? null : directoryFault(out);
  if (blocked !== null) return printFaults([blocked]);
  const { experiment, kit } = ready.value;

  const { result, detail } = await runComparison(experiment, 1, QUIET);

  const { scenario, version, estimates, guessed, assumptions, warnings } = result;
  const { run } = detail;
  const json = { schema: "drvfleet.simulate/1", scenario, version, estimates, ...run, guessed, assumptions, warnings };
  process.stdout.write(`${request.json ? JSON.stringify(json) : runText(run, { scenario, version, estimates, guessed }, colored())}\n`);
  notes(result, loudness);
  if (out !== undefined) {
    const { writeReport } = await import("./report-files.js");
    const narrowed = { ...flags, policies: [run.policy], seeds: [run.seed] };
    const failed = await writeReport({
      ...request,
      what: "simulate",
      flags: narrowed,
      out,
      experiment,
      kit,
      result,
      detail,
      foretold: null,
    });
    if (failed !== null) return printFaults([failed]);
  }
  return EXIT.fine;
}

/** The scenario narrowed to one policy, one world and one fleet. `policy` undefined: the baseline, or the first. */
export function oneRun(path: string, flags: Flags, policy: string | undefined): Result<{ experiment: Experiment; kit: Kit }> {
  const ready = experimentOf(path, { ...flags, ...(policy !== undefined && { policies: [policy] }) });
  if (!ready.ok) return ready;
  const { experiment, kit } = ready.value;
  if (experiment.fleets.length > 1) {
    const names = experiment.fleets.map(({ fleetName }) => fleetName).join(", ");
    return fail(
      fault("usage", "--fleet", `the scenario has several fleets (${names}), expected one`, "--fleet NAME chooses; compare runs them all"),
    );
  }
  const contender =
    experiment.contenders.find((one) => policy !== undefined || one.policy === experiment.baseline) ?? experiment.contenders[0]!;
  return ok({
    experiment: { ...experiment, contenders: [contender], seeds: experiment.seeds.slice(0, 1), baseline: contender.policy },
    kit,
  });
}
