// `drvfleet calibrate`: its flags. The work is loaded when it runs.
import { type Command, Option } from "commander";
import { HIDDEN, type HiddenField } from "#calibrate/hidden.js";
import { loudnessOf } from "./notes.js";
import { collect } from "./scenario-flags.js";

interface CalibrateFlags {
  readonly output: string;
  readonly scenario?: string;
  readonly policy?: string;
  readonly heldOut: readonly string[];
  readonly fit?: HiddenField;
  readonly name?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function calibrateCommand(program: Command): void {
  program
    .command("calibrate")
    .description("fit what hosts and client take per build to recorded real runs; says what the traces cannot tell")
    .argument(
      "<trace...>",
      "recorded runs beside their scenario (NAME.r1.trace.jsonl, NAME.yaml); scenarios, folders of both, or RUNs of run",
    )
    .requiredOption("-o, --output <file>", "the model to write: .yaml or .json, - for standard output; scenarios name it as their model")
    .option("--scenario <file>", "the scenario of all traces, where it does not lie beside them")
    .option("--policy <name>", "what drove the runs; default: the scenario's only policy, else the recorded engine (nix-2.8)")
    .option("--held-out <glob>", "configurations that are left out, besides those of a file HELD-OUT (repeatable)", collect, [])
    .addOption(new Option("--fit <field>", "find this one from makespans, where no stage shows it").choices(HIDDEN))
    .option("--name <name>", "name of the model; default: the file's")
    .option("--json", "the model as JSON on standard output")
    .action(async (inputs: string[], _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CalibrateFlags>();
      const { calibrate } = await import("./calibrate.js");
      process.exitCode = calibrate({
        inputs,
        output: flags.output,
        heldOut: flags.heldOut,
        fit: flags.fit ?? null,
        json: flags.json === true,
        loudness: loudnessOf(flags),
        ...(flags.scenario !== undefined && { scenario: flags.scenario }),
        ...(flags.policy !== undefined && { policy: flags.policy }),
        ...(flags.name !== undefined && { name: flags.name }),
      });
    });
}
