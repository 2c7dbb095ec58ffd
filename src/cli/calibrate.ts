// `drvfleet calibrate`: recorded runs → a model file. Phases: read, prepare without any model, check that one client drove
// all of them, fit, write, print.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type CalibrateInput, calibration } from "#calibrate/calibration.js";
import type { HiddenField } from "#calibrate/hidden.js";
import type { RecordedRun } from "#calibrate/recorded-run.js";
import { familyOf } from "#dispatch/conduct.js";
import { modelJson, modelYaml } from "#report/model-text.js";
import { calibrateText } from "#report/table-calibrate.js";
import { stem } from "#scenario/file-path.js";
import { matches } from "#scenario/glob.js";
import { runOne, worldOf } from "./cell.js";
import { EXIT, printFaults } from "./exit.js";
import { ownInputFault, writeWhole } from "./files.js";
import { heldOutGlobs } from "./held-out.js";
import { colored, type Loudness, notes } from "./notes.js";
import { recordedAt } from "./validate-inputs.js";
import { type Configuration, configurationsOf } from "./validate-prepare.js";

export interface CalibrateRequest {
  /** Traces, scenarios or folders. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly scenario?: string;
  readonly policy?: string;
  /** Globs of configuration names, besides those of a file HELD-OUT. */
  readonly heldOut: readonly string[];
  readonly fit: HiddenField | null;
  readonly name?: string;
  readonly json: boolean;
  readonly loudness: Loudness;
}

/** Returns the exit code. */
export function calibrate(request: CalibrateRequest): number {
  const { output, loudness } = request;
  const own = ownInputFault(output, request.inputs);
  if (own !== null) return printFaults([own]);
  const read = recordedAt(request.inputs, request.scenario);
  const ready = read.ok ? configurationsOf(read.value, { modelFile: null }, request.policy) : read;
  if (!ready.ok) return printFaults(ready.faults);
  const heldOut = heldOutGlobs(request.inputs, request.heldOut, ready.value);
  if (!heldOut.ok) return printFaults(heldOut.faults);
  const chosen = inSample(ready.value, heldOut.value);
  if (!chosen.ok) return printFaults(chosen.faults);
  const { configurations, left } = chosen.value;

  const model = calibration(inputOf(configurations, request));

  const failed = writeWhole(output, output.endsWith(".json") ? modelJson(model) : modelYaml(model));
  if (failed !== null) return printFaults([failed]);
  process.stdout.write(`${request.json ? JSON.stringify(model) : calibrateText(model, colored())}\n`);
  const warnings =
    left === 0
      ? []
      : [
          left === 1
            ? "1 configuration is held out: nothing is fitted to it"
            : `${left} configurations are held out: nothing is fitted to them`,
        ];
  notes({ warnings, assumptions: [] }, loudness);
  return EXIT.fine;
}

interface Chosen {
  readonly configurations: readonly Configuration[];
  /** How many are held out. */
  readonly left: number;
}

/** One client drove all of them: figures of two would mix. */
function inSample(all: readonly Configuration[], heldOut: readonly string[]): Result<Chosen> {
  const configurations = all.filter(({ experiment }) => !heldOut.some((glob) => matches(glob, experiment.name)));
  if (configurations.length === 0)
    return fail(fault("usage", "--held-out", "found every configuration held out, expected some to calibrate with"));
  const faults: Fault[] = [];
  const families = new Map<string, string>();
  for (const { experiment } of configurations) {
    const family = familyOf(experiment.contenders[0]!.conduct.name);
    if (!families.has(family)) families.set(family, experiment.name);
  }
  const [first, other] = [...families];
  if (other !== undefined)
    faults.push(
      fault(
        "input",
        other[1],
        `found runs of ${other[0]}, expected those of ${first![0]} only, as in ${first![1]}`,
        "calibrate each client by itself",
      ),
    );
  return faults.length > 0 ? fail(...faults) : ok({ configurations, left: all.length - configurations.length });
}

/** Worlds come from the simulator; a run's own problem and conduct stand in for the scenario's. */
function inputOf(configurations: readonly Configuration[], { fit, name, output }: CalibrateRequest): CalibrateInput {
  const origin = new Map<RecordedRun["trace"], Configuration>();
  const runs = configurations.flatMap((configuration) => {
    const { experiment, recorded } = configuration;
    return recorded.map(({ trace }): RecordedRun => {
      origin.set(trace, configuration);
      return { name: experiment.name, problem: experiment.fleets[0]!.problem, conduct: experiment.contenders[0]!.conduct, trace };
    });
  });
  const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;
  const conduct = runs[0]!.conduct.name;
  return {
    name: name ?? stem(output),
    about: `Calibrated on ${count(runs.length, "recorded run")} of ${count(configurations.length, "configuration")}, conduct ${conduct}`,
    runs,
    fit,
    simulate: (run, seed) => {
      const { experiment } = origin.get(run.trace)!;
      const compiled = { ...experiment.fleets[0]!, problem: run.problem };
      return runOne(compiled, { ...experiment.contenders[0]!, conduct: run.conduct }, worldOf(compiled, seed)).trace;
    },
  };
}
