// `drvfleet run`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { loudnessOf } from "./notes.js";
import { type ScenarioFlags, scenarioFlags, whole, withScenarioFlags } from "./scenario-flags.js";

interface RunFlags extends ScenarioFlags {
  readonly policy?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly ledger?: string;
  readonly outLink?: string;
  readonly link?: boolean;
  readonly keepGoing?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly jsonLines?: boolean;
}

export function runCommand(program: Command): void {
  withScenarioFlags(
    program
      .command("run")
      .description("build for real, on the hosts of the fleet, under a policy")
      .argument("[what...]", "a scenario file whose derivations are in the local store, .drv files, or installables")
      .option("--policy <name>", "who decides, such as heft or list[placement=fastest]; default: list")
      .option("--seed <n>", "for policies that draw; default: the scenario's first", whole),
  )
    .option("--out <dir>", "the RUN: journal, logs, trace; default: a new directory in $XDG_STATE_HOME/drvfleet/runs")
    .option("--resume <dir>", "go on with a RUN that was interrupted; what it built is not built again")
    .option("--ledger <file>", "where predicted and actual are appended; default: ledger.jsonl in $XDG_STATE_HOME/drvfleet")
    .option("--out-link <name>", "where links to what was asked for are made, as nix-build makes them", "result")
    .option("--no-link", "make no links; the RUN keeps what was asked for from the garbage collector")
    .option("--keep-going", "place further builds after one has failed")
    .option("--dry-run", "say what would be built where and why; connects to no host")
    .option("--json", "the result as JSON on standard output")
    .option("--json-lines", "everything that happens as JSON lines on standard output: drvfleet schema run-event")
    .action(async (what: readonly string[], _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<RunFlags>();
      const { run } = await import("./run.js");
      process.exitCode = await run({
        what,
        flags: { ...scenarioFlags(flags), ...(flags.seed !== undefined && { seeds: [flags.seed] }) },
        policy: flags.policy ?? null,
        out: flags.out ?? null,
        resume: flags.resume ?? null,
        ledger: flags.ledger ?? null,
        outLink: flags.link === false ? null : (flags.outLink ?? "result"),
        keepGoing: flags.keepGoing === true,
        dryRun: flags.dryRun === true,
        output: flags.jsonLines === true ? "json-lines" : flags.json === true ? "json" : "text",
        loudness: loudnessOf(flags),
        command: process.argv.slice(2).join(" "),
      });
    });
}
