// The flags that every placing command shares, and what they say as the scenario room wants it.
import { type Command, InvalidArgumentError } from "commander";
import type { Flags } from "#scenario/flags.js";

export interface ScenarioFlags {
  readonly fleet: readonly string[];
  readonly seeds?: number;
  readonly estimates?: string;
  readonly conduct?: string;
  /** false: none, not even the scenario's. */
  readonly modelFile?: string | false;
  readonly model: readonly string[];
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly prefer: readonly string[];
  readonly pin: readonly string[];
  readonly split?: string;
  readonly coresPerBuild?: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

export function withScenarioFlags(command: Command): Command {
  return command
    .option("--fleet <file>", "this fleet instead of the scenario's (repeatable)", collect, [])
    .option("--estimates <kind>", "what policies know: default, exact, history, mean, blind, noisy[cv=0.5]")
    .option("--conduct <name>", "engine: own, nix[version=2.8], run, hook, ideal, hydra-cpp, hydra-rust")
    .option("--model-file <file>", "calibrated figures of hosts and engine instead of the scenario's")
    .option("--no-model-file", "no calibrated figures: the defaults of whoever has measured nothing")
    .option("--model <name=value>", "a model switch, such as cpu=dedicated or network=maxmin (repeatable)", collect, [])
    .option("--only <hosts>", "only these hosts (commas)", collect, [])
    .option("--exclude <hosts>", "not these hosts (commas)", collect, [])
    .option("--prefer <hosts>", "these hosts first while they have room (commas)", collect, [])
    .option("--pin <glob=hosts>", "derivations of that name only there; the last match wins (repeatable)", collect, [])
    .option("--split <what>", "what-if: the largest builds in parts, parts=4,overhead=0.1,largest=1")
    .option("--cores-per-build <n>", "what-if: cores granted to each build", positive);
}

export function scenarioFlags(flags: ScenarioFlags): Flags {
  return {
    fleets: flags.fleet,
    models: flags.model,
    pins: flags.pin,
    only: flags.only,
    exclude: flags.exclude,
    prefer: flags.prefer,
    ...(flags.seeds !== undefined && { seeds: flags.seeds }),
    ...(flags.estimates !== undefined && { estimates: flags.estimates }),
    ...(flags.conduct !== undefined && { conduct: flags.conduct }),
    ...(flags.modelFile !== undefined && { modelFile: flags.modelFile === false ? null : flags.modelFile }),
    ...(flags.split !== undefined && { split: flags.split }),
    ...(flags.coresPerBuild !== undefined && { coresPerBuild: flags.coresPerBuild }),
  };
}

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function whole(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}
