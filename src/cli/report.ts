// RUN directories rendered again: what run.json names is run once more and written beside it. Same program, same bytes;
// another version may see other worlds, and then that is said.
import { ok } from "#base/fault.js";
import type { Foretold } from "#report/foretold.js";
import { EXIT, printFaults } from "./exit.js";
import { experimentOf } from "./experiment.js";
import { runComparison } from "./comparison.js";
import { directoryFault } from "./files.js";
import type { Loudness } from "./notes.js";
import { progressOf } from "./progress.js";
import { type Format, rendered } from "./report-files.js";
import { livedComparison } from "./lived.js";
import { type RunFile, readRun } from "./run-directory.js";
import { forecastOf } from "./run-forecast.js";
import { oneRun } from "./simulate.js";
import { VERSION } from "./version.js";
import { writeAll } from "./files.js";

export interface RenderRequest {
  readonly runs: readonly string[];
  readonly formats: ReadonlySet<Format>;
  /** Instead of the RUN itself; for one RUN only. */
  readonly out?: string;
  readonly loudness: Loudness;
  readonly threads: number;
}

/** Returns the exit code: of the first RUN that cannot be rendered, or 0. */
export async function renderRuns(request: RenderRequest): Promise<number> {
  for (const directory of request.runs) {
    const code = await renderRun(directory, request);
    if (code !== EXIT.fine) return code;
  }
  return EXIT.fine;
}

async function renderRun(directory: string, { formats, out = directory, loudness, threads }: RenderRequest): Promise<number> {
  const read = readRun(directory);
  if (!read.ok) return printFaults(read.faults);
  const { run, scenario } = read.value;
  const blocked = directoryFault(out);
  if (blocked !== null) return printFaults([blocked]);
  const ready = run.what !== "compare" ? oneRun(scenario, run.flags, run.policy) : experimentOf(scenario, run.flags);
  if (!ready.ok) return printFaults(ready.faults);
  const { experiment } = ready.value;
  if (experiment.digest !== run.digest && loudness !== "quiet")
    process.stderr.write(
      `note: ${directory} was made by drvfleet ${run.version}, for ${VERSION} it is another run (${experiment.digest}, not ${run.digest})\n`,
    );
  const compared =
    run.what === "run"
      ? await livedComparison(experiment, directory)
      : ok(await runComparison(experiment, threads, progressOf("worlds", loudness)));
  if (!compared.ok) return printFaults(compared.faults);
  const comparison = compared.value;
  const foretold = run.what === "run" ? foretoldOf(scenario, run) : null;
  const drawn = await rendered({ ...ready.value, ...comparison, foretold }, formats);
  // The trace of a real run is what is rendered, not what comes of it.
  const files = run.what === "run" ? drawn.filter(({ name }) => name !== "trace.jsonl") : drawn;
  const failed = writeAll(out, files);
  if (failed !== null) return printFaults([failed]);
  for (const { name } of files) process.stdout.write(`${out.replace(/\/+$/, "")}/${name}\n`);
  return EXIT.fine;
}

/** What was foretold of a run before it began: the worlds of its scenario again. */
function foretoldOf(scenario: string, { flags, policy }: RunFile): Foretold | null {
  const all = experimentOf(scenario, { ...flags, policies: [policy] });
  if (!all.ok) return null;
  const { experiment } = all.value;
  return forecastOf({ compiled: experiment.fleets[0]!, contender: experiment.contenders[0]!, experiment });
}
