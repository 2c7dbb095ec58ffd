// The main job: all policies (× fleets) in the same worlds, ranked. Phases: read, run the worlds, judge --fail-if, print,
// write the report.
import type { Fault } from "#base/fault.js";
import { evaluateFailIf, type FailIf, parseFailIf, unknownName } from "#report/fail-if.js";
import { compareText } from "#report/table.js";
import type { Flags } from "#scenario/flags.js";
import { runComparison } from "./comparison.js";
import { EXIT, printFaults } from "./exit.js";
import { type Experiment, experimentOf } from "./experiment.js";
import { directoryFault } from "./files.js";
import { colored, type Loudness, notes } from "./notes.js";
import { progressOf } from "./progress.js";

export interface CompareRequest {
  readonly scenario: string;
  readonly flags: Flags;
  readonly failIf: readonly string[];
  /** Directory of the report; undefined = none. */
  readonly out?: string;
  readonly json: boolean;
  readonly loudness: Loudness;
  readonly threads: number;
  readonly command: string;
}

/** Returns the exit code. */
export async function compare(request: CompareRequest): Promise<number> {
  const { out, loudness } = request;
  const parsed = request.failIf.map(parseFailIf);
  const wrong = parsed.flatMap((condition): readonly Fault[] => (condition.ok ? [] : condition.faults));
  if (wrong.length > 0) return printFaults(wrong);
  const conditions = parsed.flatMap((condition) => (condition.ok ? [condition.value] : []));
  const ready = experimentOf(request.scenario, request.flags);
  if (!ready.ok) return printFaults(ready.faults);
  const { experiment, kit } = ready.value;
  const unfit = unfitFor(experiment, conditions, out);
  if (unfit.length > 0) return printFaults(unfit);

  const { result, detail } = await runComparison(experiment, request.threads, progressOf("worlds", loudness));

  const outcomes = conditions.map((condition) => evaluateFailIf(condition, result));
  const without = outcomes.flatMap((outcome): readonly Fault[] => (outcome.ok ? [] : outcome.faults));
  if (without.length > 0) return printFaults(without);
  process.stdout.write(`${request.json ? JSON.stringify(result) : compareText(result, colored())}\n`);
  notes(result, loudness);
  if (out !== undefined) {
    const { writeReport } = await import("./report-files.js");
    const failed = await writeReport({ ...request, what: "compare", out, experiment, kit, result, detail, foretold: null });
    if (failed !== null) return printFaults([failed]);
  }
  const crossed = outcomes.flatMap((outcome) => (outcome.ok && outcome.value.crossed ? [outcome.value.sentence] : []));
  for (const sentence of crossed) process.stderr.write(`fail-if: ${sentence}\n`);
  return crossed.length > 0 ? EXIT.threshold : EXIT.fine;
}

/** What would be in vain after minutes of work, said before it. */
function unfitFor({ contenders, fleets }: Experiment, conditions: readonly FailIf[], out: string | undefined): Fault[] {
  const policies = contenders.map(({ policy }) => policy);
  const names = fleets.map(({ fleetName }) => fleetName);
  const place = out === undefined ? null : directoryFault(out);
  return [...conditions.map((condition) => unknownName(condition, policies, names)), place].filter((found) => found !== null);
}
