// `drvfleet check`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { loudnessOf } from "./notes.js";
import { collect, whole } from "./scenario-flags.js";

interface CheckFlags {
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  readonly graph?: string;
  readonly timeout?: number;
  readonly out?: string;
  readonly machines?: boolean;
  readonly nixos?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function checkCommand(program: Command): void {
  program
    .command("check")
    .description("probe real hosts over your own ssh: what works, what does not and why, how fast they are; then lint the fleet")
    .argument("[fleet...]", "a fleet, a machines file or nix.conf, or names of hosts", ["/etc/nix/machines"])
    .option("--only <host>", "check only these hosts (commas)", collect, [])
    .option("--exclude <host>", "not these hosts (commas)", collect, [])
    .option("--graph <file>", "derivations that must find a host")
    .option("--timeout <seconds>", "patience with each step", whole)
    .option("--out <file>", "write the fleet with what was measured")
    .option("--machines", "print the machines file that follows, instead of the report")
    .option("--nixos", "print the nix.buildMachines that follow, instead of the report")
    .option("--json", "everything as JSON on standard output")
    .action(async (inputs: string[], _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CheckFlags>();
      const { check } = await import("./check.js");
      process.exitCode = await check({
        inputs,
        only: flags.only,
        exclude: flags.exclude,
        graph: flags.graph ?? null,
        patience: (flags.timeout ?? 10) * 1000,
        out: flags.out ?? null,
        print: flags.json === true ? "json" : flags.machines === true ? "machines" : flags.nixos === true ? "nixos" : "report",
        loudness: loudnessOf(flags),
      });
    });
}
