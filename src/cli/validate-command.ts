// `drvfleet validate`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { fault } from "#base/fault.js";
import { printFaults } from "./exit.js";
import { loudnessOf } from "./notes.js";
import { collect, type ScenarioFlags, scenarioFlags, whole, withScenarioFlags } from "./scenario-flags.js";

interface ValidateFlags extends ScenarioFlags {
  readonly trace: readonly string[];
  readonly policy?: string;
  readonly heldOut: readonly string[];
  readonly failIf: readonly string[];
  readonly ledger?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function validateCommand(program: Command): void {
  withScenarioFlags(
    program
      .command("validate")
      .description("hold recorded real runs against simulated worlds: makespan, hosts, starts, stages, beside the noise of equal runs")
      .argument(
        "[scenario...]",
        "scenarios that have traces beside them (NAME.yaml, NAME.r1.trace.jsonl), one of those traces, folders of them, or RUNs",
      )
      .option("--trace <path...>", "recorded runs of the scenario, or a folder of them; default: those beside it", [])
      .option("--ledger <file>", "instead: what run predicted and what it took, from the ledger it appends to")
      .option("--policy <name>", "replay under this policy; default: the scenario's only one, else the recorded engine (nix-2.8)")
      .option("--seeds <n>", "worlds 1 … n instead of the scenario's", whole)
      .option(
        "--held-out <glob>",
        "configurations that nothing was fitted to, besides those of a file HELD-OUT: summed up apart (repeatable)",
        collect,
        [],
      ),
  )
    .option("--fail-if <condition>", "exit 3 when true, such as 'error.worst > 10 %' (repeatable)", collect, [])
    .option("--out <dir>", "write validate.json and the chart there")
    .option("--json", "the result as JSON on standard output")
    .action(async (scenarios: string[], _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<ValidateFlags>();
      if ((flags.ledger === undefined) === (scenarios.length === 0)) {
        const found = flags.ledger === undefined ? "found neither a scenario nor --ledger" : "found scenarios beside --ledger";
        process.exitCode = printFaults([fault("usage", "validate", `${found}, expected one of both`)]);
        return;
      }
      if (flags.ledger !== undefined) {
        const { validateLedger } = await import("./ledger.js");
        process.exitCode = await validateLedger(flags.ledger, flags.out ?? null, flags.json === true);
        return;
      }
      const { validate } = await import("./validate.js");
      process.exitCode = await validate({
        scenarios,
        traces: flags.trace,
        flags: scenarioFlags(flags),
        heldOut: flags.heldOut,
        failIf: flags.failIf,
        json: flags.json === true,
        loudness: loudnessOf(flags),
        ...(flags.policy !== undefined && { policy: flags.policy }),
        ...(flags.out !== undefined && { out: flags.out }),
      });
    });
}
