// `drvfleet calibrate`: recorded runs → a model file. Phases: read, prepare without any model, check that one client drove
// all of them, fit, write, print.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type CalibrateInput, calibration } from "#calibrate/calibration.js";
import type { HiddenField } from "#calibrate/hidden.js";
import type { RecordedRun } from "#calibrate/recorded-run.js";
import { familyOf } from "#dispatch/conduct.js";
import { plural } from "#report/figures.js";
import { modelJson, modelYaml } from "#report/model-text.js";
import { calibrateText } from "#report/table-calibrate.js";
import { stem } from "#scenario/file-path.js";
import { line } from "#scenario/shape.js";
import { runOne, worldOf } from "./cell.js";
import { EXIT, printFaults } from "./exit.js";
import { ownInputFault, writeWhole } from "./files.js";
import { heldOutGlobs, isHeldOut } from "./held-out.js";
import { colored, type Loudness, notes } from "./notes.js";
import { recordedAt } from "./validate-inputs.js";
import { type Configuration, configurationsOf } from "./validate-prepare.js";

/** As an output. */
const STDOUT = "-";

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
  const blocked = nameFault(request.name) ?? ownInputFault(output, request.inputs);
  if (blocked !== null) return printFaults([blocked]);
  const read = recordedAt(request.inputs, request.scenario);
  const ready = read.ok ? configurationsOf(read.value, { modelFile: null }, request.policy) : read;
  if (!ready.ok) return printFaults(ready.faults);
  const heldOut = heldOutGlobs(request.inputs, request.heldOut, ready.value);
  if (!heldOut.ok) return printFaults(heldOut.faults);
  const chosen = inSample(ready.value, heldOut.value);
  if (!chosen.ok) return printFaults(chosen.faults);
  const { configurations, left } = chosen.value;

  const model = calibration(inputOf(configurations, request));

  const isJson = output === STDOUT ? request.json : output.endsWith(".json");
  const text = isJson ? modelJson(model) : modelYaml(model);
  if (output === STDOUT) process.stdout.write(text);
  else {
    const failed = writeWhole(output, text);
    if (failed !== null) return printFaults([failed]);
    process.stdout.write(`${request.json ? JSON.stringify(model) : calibrateText(model, colored())}\n`);
  }
  notes({ warnings: [...leftOut(left), ...mixed(configurations)], assumptions: [] }, loudness);
  return EXIT.fine;
}

function nameFault(name: string | undefined): Fault | null {
  if (name === undefined || line("a name").safeParse(name).success) return null;
  return fault("usage", "--name", `found ${JSON.stringify(name)}, expected a name on one line`);
}

function leftOut(configurations: number): readonly string[] {
  if (configurations === 0) return [];
  const told = configurations === 1 ? "1 configuration is held out" : `${configurations} configurations are held out`;
  return [`${told}: nothing is fitted to ${configurations === 1 ? "it" : "them"}`];
}

/** Versions of Nix: their figures are near each other, not the same. */
function mixed(configurations: readonly Configuration[]): readonly string[] {
  const contenders = configurations.map(({ experiment }) => experiment.contenders[0]!);
  if (familyOf(contenders[0]!.conduct.name) !== "nix") return [];
  const [first, other] = new Set(contenders.map(({ policy }) => policy));
  return other === undefined ? [] : [`runs of ${first} and ${other} are taken together: each by itself may be told better`];
}

interface Chosen {
  readonly configurations: readonly Configuration[];
  /** How many are held out. */
  readonly left: number;
}

/** One client drove all of them: figures of two would mix. */
function inSample(all: readonly Configuration[], heldOut: readonly string[]): Result<Chosen> {
  const configurations = all.filter(({ experiment }) => !isHeldOut(experiment.name, heldOut));
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
  const names = new Set(configurations.map(({ experiment }) => experiment.name));
  const conduct = runs[0]!.conduct.name;
  return {
    name: name ?? (output === STDOUT ? "model" : stem(output)),
    about: `Calibrated on ${plural(runs.length, "recorded run")} of ${plural(names.size, "configuration")}, conduct ${conduct}`,
    runs,
    fit,
    simulate: (run, seed) => {
      const { experiment } = origin.get(run.trace)!;
      const compiled = { ...experiment.fleets[0]!, problem: run.problem };
      return runOne(compiled, { ...experiment.contenders[0]!, conduct: run.conduct }, worldOf(compiled, seed)).trace;
    },
  };
}
