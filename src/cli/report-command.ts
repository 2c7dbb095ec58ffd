// `drvfleet report RUN…`: its flags. The work is loaded when it runs.
import type { Command } from "commander";
import { fault, suggest } from "#base/fault.js";
import { printFaults } from "./exit.js";
import { loudnessOf } from "./notes.js";
import { collect, whole } from "./scenario-flags.js";

interface ReportFlags {
  readonly format: readonly string[];
  readonly out?: string;
  readonly threads: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function reportCommand(program: Command): void {
  program
    .command("report")
    .description("render results again: page, tables, charts, traces")
    .argument("<run...>", "directories that simulate or compare wrote with --out")
    .option("--format <list>", "which of html,csv,vl,svg,png,trace,md; default: all (repeatable)", collect, [])
    .option("--out <dir>", "write there instead of into the RUN")
    .option("--threads <n>", "worker threads, 0 = all cores", whole, 0)
    .action(async (runs: string[], _flags: unknown, self: Command) => {
      const flags = self.optsWithGlobals<ReportFlags>();
      const [{ FORMATS }, { renderRuns }] = await Promise.all([import("./report-files.js"), import("./report.js")]);
      const asked = flags.format.flatMap((list) => list.split(",")).map((name) => name.trim());
      const unknown = asked.filter((name) => !(FORMATS as readonly string[]).includes(name));
      const faults = unknown.map((name) =>
        fault("usage", "--format", `found the unknown format ${JSON.stringify(name)}`, suggest(name, FORMATS)),
      );
      if (flags.out !== undefined && runs.length > 1)
        faults.push(fault("usage", "--out", `found ${runs.length} RUNs, expected one`, "without --out each is rendered into itself"));
      if (faults.length > 0) {
        process.exitCode = printFaults(faults);
        return;
      }
      process.exitCode = await renderRuns({
        runs,
        formats: new Set(FORMATS.filter((name) => asked.length === 0 || asked.includes(name))),
        loudness: loudnessOf(flags),
        threads: flags.threads,
        ...(flags.out !== undefined && { out: flags.out }),
      });
    });
}
