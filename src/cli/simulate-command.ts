// `drvfleet simulate`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { loudnessOf } from "./notes.js";
import { type ScenarioFlags, scenarioFlags, whole, withScenarioFlags } from "./scenario-flags.js";

interface SimulateFlags extends ScenarioFlags {
  readonly policy?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

export function simulateCommand(program: Command): void {
  withScenarioFlags(
    program
      .command("simulate")
      .description("one run of one policy in one world: what it took, and where the time went")
      .argument("<scenario>", "scenario file (YAML or JSON)")
      .option("--policy <name>", "such as nix[version=2.8] or list[priority=depth]; default: the scenario's baseline")
      .option("--seed <n>", "which world; default: the scenario's first", whole),
  )
    .option("--out <dir>", "make a RUN there: run.json, trace, CSVs, charts, report.html")
    .option("--json", "the result as JSON on standard output")
    .action(async (scenario: string, _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<SimulateFlags>();
      const { simulateScenario } = await import("./simulate.js");
      process.exitCode = await simulateScenario({
        scenario,
        flags: { ...scenarioFlags(flags), ...(flags.seed !== undefined && { seeds: [flags.seed] }) },
        json: flags.json === true,
        loudness: loudnessOf(flags),
        command: process.argv.slice(2).join(" "),
        ...(flags.policy !== undefined && { policy: flags.policy }),
        ...(flags.out !== undefined && { out: flags.out }),
      });
    });
}
