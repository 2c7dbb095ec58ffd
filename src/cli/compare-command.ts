// `drvfleet compare`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { loudnessOf } from "./notes.js";
import { collect, type ScenarioFlags, scenarioFlags, whole, withScenarioFlags } from "./scenario-flags.js";

interface CompareFlags extends ScenarioFlags {
  readonly policies: readonly string[];
  readonly baseline?: string;
  readonly failIf: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
  readonly threads: number;
}

export function compareCommand(program: Command): void {
  withScenarioFlags(
    program
      .command("compare")
      .description("all policies on the same worlds: ranked, with intervals, the gap to the bound, and a report")
      .argument("<scenario>", "scenario file (YAML or JSON)")
      .option("--policies <list>", "these policies, such as nix[version=2.8],list,heft (repeatable)", collect, [])
      .option("--seeds <n>", "worlds 1 … n instead of the scenario's", whole)
      .option("--baseline <policy>", "the policy that the others are held against"),
  )
    .option("--fail-if <condition>", "exit 3 when true, such as 'makespan.p95(nix) > 2 h' (repeatable)", collect, [])
    .option("--out <dir>", "write report.html, CSVs, charts and the trace there")
    .option("--json", "the result as JSON on standard output")
    .option("--threads <n>", "worker threads, 0 = all cores", whole, 0)
    .action(async (scenario: string, _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompareFlags>();
      const { compare } = await import("./compare.js");
      process.exitCode = await compare({
        scenario,
        flags: { ...scenarioFlags(flags), policies: flags.policies, ...(flags.baseline !== undefined && { baseline: flags.baseline }) },
        failIf: flags.failIf,
        json: flags.json === true,
        loudness: loudnessOf(flags),
        threads: flags.threads,
        command: process.argv.slice(2).join(" "),
        ...(flags.out !== undefined && { out: flags.out }),
      });
    });
}
