// Recorded real runs against simulated worlds. Phases: read, prepare, run the worlds, hold them against each other, print,
// write, judge --fail-if.
import { type Fault, fault } from "#base/fault.js";
import { BUILT, type Trace } from "#dispatch/trace.js";
import { observed } from "#metrics/observed.js";
import { validation } from "#metrics/validate.js";
import { validationSummary } from "#metrics/validate-summary.js";
import type { ValidateResult, Validation } from "#metrics/validation.js";
import { isGuessed } from "#model/tasks.js";
import { validateChart } from "#report/chart-validate.js";
import { judgedBy, parseValidateIf } from "#report/fail-if-validate.js";
import { plural } from "#report/figures.js";
import { validateText } from "#report/table-validate.js";
import type { Compiled } from "#scenario/compiled.js";
import type { Flags } from "#scenario/flags.js";
import { retellOne, runOne, worldOf } from "./cell.js";
import { EXIT, printFaults } from "./exit.js";
import { directoryFault, type Written, writeAll } from "./files.js";
import { heldOutGlobs, isHeldOut } from "./held-out.js";
import { colored, type Loudness, notes } from "./notes.js";
import { type Progress, progressOf } from "./progress.js";
import { recordedAt, recordedRuns } from "./validate-inputs.js";
import { type Configuration, configurationsOf } from "./validate-prepare.js";
import { VERSION } from "./version.js";

export interface ValidateRequest {
  /** Scenarios, traces with their scenario beside them, or folders of both. */
  readonly scenarios: readonly string[];
  /** Files or folders; none: those given, and those beside each scenario. */
  readonly traces: readonly string[];
  readonly flags: Flags;
  readonly policy?: string;
  /** Globs of configuration names, besides those of a file HELD-OUT. */
  readonly heldOut: readonly string[];
  readonly failIf: readonly string[];
  readonly out?: string;
  readonly json: boolean;
  readonly loudness: Loudness;
}

/** Returns the exit code. */
export async function validate(request: ValidateRequest): Promise<number> {
  const { out, loudness } = request;
  const conditions = request.failIf.map(parseValidateIf);
  const wrong = conditions.flatMap((condition): readonly Fault[] => (condition.ok ? [] : condition.faults));
  const place = out === undefined ? null : directoryFault(out);
  if (wrong.length > 0 || place !== null) return printFaults(place === null ? wrong : [...wrong, place]);
  const { scenarios, traces } = request;
  const read = traces.length > 0 ? recordedRuns(scenarios, traces) : recordedAt(scenarios, undefined);
  const ready = read.ok ? configurationsOf(read.value, request.flags, request.policy) : read;
  if (!ready.ok) return printFaults(ready.faults);
  const heldOut = heldOutGlobs(scenarios, request.heldOut, ready.value);
  if (!heldOut.ok) return printFaults(heldOut.faults);
  const none = !ready.value.some(({ experiment }) => isHeldOut(experiment.name, heldOut.value));
  if (none && conditions.some((condition) => condition.ok && condition.value.column.ofHeldOut))
    return printFaults([fault("usage", "--fail-if", "found no configuration held out", "--held-out GLOB or a file HELD-OUT names them")]);

  const progress = progressOf("worlds", loudness);
  const result = resultOf(await replayed(ready.value, heldOut.value, progress));
  progress.end();

  process.stdout.write(`${request.json ? JSON.stringify(result) : validateText(result, colored())}\n`);
  notes(notesOf(ready.value), loudness);
  if (out !== undefined) {
    const failed = writeAll(out, await filesOf(result));
    if (failed !== null) return printFaults([failed]);
  }
  const judged = conditions.flatMap((condition) => (condition.ok ? [judgedBy(condition.value, result)] : []));
  for (const { sentence } of judged) if (sentence !== null) process.stderr.write(`fail-if: ${sentence}\n`);
  return judged.some(({ crossed }) => crossed) ? EXIT.threshold : EXIT.fine;
}

async function replayed(all: readonly Configuration[], heldOut: readonly string[], progress: Progress): Promise<Validation[]> {
  const total = all.reduce((sum, { experiment }) => sum + experiment.seeds.length, 0);
  let done = 0;
  const replays: Validation[] = [];
  for (const { experiment, graph, recorded } of all) {
    const { name, digest, contenders, seeds, fleets } = experiment;
    const compiled = fleets[0]!;
    const contender = contenders[0]!;
    const simulated: Trace[] = [];
    for (const seed of seeds) {
      progress.step(++done, total);
      simulated.push(runOne(compiled, contender, worldOf(compiled, seed)).trace);
      await signals();
    }
    const retold = recorded.map(({ trace }) => retellOne(compiled, contender, trace));
    replays.push(
      validation({
        name,
        graph,
        policy: contender.policy,
        digest,
        heldOut: isHeldOut(name, heldOut),
        problem: compiled.problem,
        recorded,
        simulated,
        retold,
      }),
    );
  }
  return replays;
}

/** Between worlds the program may be told to end. */
function signals(): Promise<void> {
  return new Promise((go) => setImmediate(go));
}

function resultOf(configurations: readonly Validation[]): ValidateResult {
  const heldOut = configurations.filter((one) => one.heldOut);
  const inSample = configurations.filter((one) => !one.heldOut);
  const apart = heldOut.length > 0 && inSample.length > 0;
  return {
    schema: "drvfleet.validate/1",
    version: VERSION,
    configurations,
    summary: validationSummary(configurations),
    inSample: apart ? validationSummary(inSample) : null,
    heldOut: heldOut.length > 0 ? validationSummary(heldOut) : null,
  };
}

function notesOf(all: readonly Configuration[]): { warnings: string[]; assumptions: string[] } {
  const fleets = all.flatMap(({ experiment }) => experiment.fleets);
  return {
    warnings: [...stopped(all), ...guessed(fleets), ...new Set(fleets.flatMap(({ warnings }) => warnings))],
    assumptions: [...new Set(fleets.flatMap(({ assumptions }) => assumptions))],
  };
}

/** Runs that did not build all: simulated worlds do. */
function stopped(all: readonly Configuration[]): readonly string[] {
  return all.flatMap(({ experiment, recorded }) => {
    const { count } = experiment.fleets[0]!.problem.graph;
    return recorded.flatMap(({ name, trace }) => {
      const built = observed(trace, count).rowOf.filter((row) => row >= 0 && trace.outcome[row] === BUILT).length;
      return built === count ? [] : [`${name} built ${built} of ${count}: its makespan is not that of the whole graph`];
    });
  });
}

/** A simulation is no better than what it is told that builds take. */
function guessed(fleets: readonly Compiled[]): readonly string[] {
  const durations = fleets.flatMap(({ problem }) => [...problem.tasks.provenance]);
  const guesses = durations.filter(isGuessed).length;
  return guesses === 0
    ? []
    : [`${guesses} of ${plural(durations.length, "duration")} guessed: what is missed may be theirs, a history helps`];
}

/** The result, and predicted against actual as spec, SVG and PNG. */
async function filesOf(result: ValidateResult): Promise<readonly Written[]> {
  const { toPng, toSvg } = await import("#report/charts.js");
  const spec = validateChart(result);
  const svg = await toSvg(spec);
  return [
    { name: "validate.json", content: `${JSON.stringify(result)}\n` },
    { name: "validate.txt", content: `${validateText(result, false)}\n` },
    { name: "charts/validate.vl.json", content: `${JSON.stringify(spec, null, 1)}\n` },
    { name: "charts/validate.svg", content: svg },
    { name: "charts/validate.png", content: toPng(svg) },
  ];
}
