// The commands `drvfleet import trace|history`: records of real builds → our files. Registers the options; the reading is
// loaded only when it runs.
import { type Command, InvalidArgumentError, Option } from "commander";
import { fault } from "#base/fault.js";
import { RECORD_FORMATS, type RecordFormat } from "#ingest/input-format.js";
import { ownInputFault } from "./files.js";
import { explain, write } from "./import-output.js";

interface Common {
  readonly output: string;
  readonly graph?: string;
  readonly fleet?: string;
  readonly name?: string;
  readonly host: string;
  readonly quiet?: boolean;
}

interface TraceFlags extends Common {
  readonly nixVersion?: string;
}

interface HistoryFlags extends Common {
  readonly format?: RecordFormat;
  readonly system: string;
  readonly cores: number;
}

const STAMPING =
  "\nA log needs the arrival time before each line:\n  nix build --log-format internal-json … 2>&1 >/dev/null | ts '%.s' > build.log\n";

/** Called once by `import`. */
export function recordCommands(command: Command): void {
  const trace = command
    .command("trace")
    .description("from internal-json logs of Nix, 2.8 to the newest, that carry arrival times")
    .argument("<log...>", "logs of one run, - for standard input; .gz is undone")
    .requiredOption("-o, --output <file>", "the trace to write: .jsonl or .jsonl.gz, - for standard output")
    .option("--nix-version <version>", "the Nix that wrote the log, for the header")
    .option("--name <name>", "what names the run");
  places(trace, "when inputs were ready")
    .addHelpText("after", STAMPING)
    .action(async (inputs: string[], _flags: unknown, self: Command) => runTrace(inputs, self.optsWithGlobals<TraceFlags>()));
  const history = command
    .command("history")
    .description("from internal-json logs, nix-output-monitor's build-reports.csv, Hydra's JSON and recorded traces of ours")
    .argument("<input...>", "files, - for standard input; .gz is undone")
    .requiredOption("-o, --output <file>", "the history to add to, made where it is missing; a build is in it once; - for standard output")
    .option("--name <pname>", "the package, for Hydra's build-times")
    .option("--system <system>", "of builds whose record and graph know none", "x86_64-linux")
    .option("--cores <n>", "cores a build had, where no fleet tells", positive, 1)
    .addOption(new Option("--format <format>", "what the inputs are, instead of looking at them").choices(RECORD_FORMATS));
  places(history, "packages and systems")
    .addHelpText("after", STAMPING)
    .action(async (inputs: string[], _flags: unknown, self: Command) => runHistory(inputs, self.optsWithGlobals<HistoryFlags>()));
}

function places(command: Command, ofGraph: string): Command {
  return command
    .option("--graph <file>", `the graph that was built: tells ${ofGraph}`)
    .option("--fleet <file>", "the fleet: tells hosts by their addresses, cores and what is emulated")
    .option("--host <name>", "the machine that kept the record, where no fleet tells", "localhost");
}

async function runTrace(inputs: readonly string[], flags: TraceFlags): Promise<void> {
  const own = ownInputFault(flags.output, inputs);
  if (own !== null) return explain([own]);
  const [{ importTrace }, { nixVersion }] = await Promise.all([import("./import-trace.js"), import("#model/nix-version.js")]);
  if (flags.nixVersion !== undefined && nixVersion(flags.nixVersion) === undefined) {
    const found = `found ${JSON.stringify(flags.nixVersion)}, expected a version of Nix`;
    return explain([fault("usage", "--nix-version", found, "for example 2.18")]);
  }
  const result = await importTrace({
    inputs,
    host: flags.host,
    ...given(flags),
    ...(flags.nixVersion !== undefined && { nixVersion: flags.nixVersion.replace(/^nix \([^)]*\) /, "") }),
  });
  if (!result.ok) return explain(result.faults);
  write(result.value.text, result.value.summary, result.value.notes, flags);
}

async function runHistory(inputs: readonly string[], flags: HistoryFlags): Promise<void> {
  const { importHistory } = await import("./import-history.js");
  const { output, system, cores, host } = flags;
  const own = ownInputFault(output, inputs);
  if (own !== null) return explain([own]);
  const result = await importHistory({
    inputs,
    output,
    system,
    cores,
    host,
    ...given(flags),
    ...(flags.format !== undefined && { format: flags.format }),
  });
  if (!result.ok) return explain(result.faults);
  const { text, added, better, known, notes } = result.value;
  const corrected = better === 0 ? "" : `, ${better} corrected`;
  write(text, `${added} builds added${corrected}${known === 0 ? "" : `, ${known} known already`}`, notes, flags);
}

function given({ graph, fleet, name }: Common): { graph?: string; fleet?: string; name?: string } {
  return { ...(graph !== undefined && { graph }), ...(fleet !== undefined && { fleet }), ...(name !== undefined && { name }) };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number above 0");
  return value;
}
