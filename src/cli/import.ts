// The command `drvfleet import`: what Nix users have → our files; here graphs and fleets. Registers the options; the reading is
// loaded only when it runs, so that `--help` stays quick. Data goes to the file (or `-`), the rest to standard error.
import { type Command, Option } from "commander";
import { fault } from "#base/fault.js";
import { FLEET_FORMATS, type FleetFormat, GRAPH_FORMATS, type GraphFormat } from "#ingest/input-format.js";
import type { GraphFile } from "#model/graph-file.js";
import { explain, write } from "./import-output.js";
import { recordCommands } from "./import-record.js";
import { workflowCommand } from "./import-workflow-command.js";

interface Common {
  readonly output: string;
  readonly name?: string;
  readonly system?: string;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

interface GraphFlags extends Common {
  readonly roots: readonly string[];
  readonly format?: GraphFormat;
}

interface FleetFlags extends Common {
  readonly nixVersion?: string;
  readonly format?: FleetFormat;
}

/** Called once by the program; adds `import` with the kinds that this file knows. */
export function importCommand(program: Command): void {
  const command = program
    .command("import")
    .description("make a graph, a fleet, a trace or a history from what Nix users have, a replay of measured workflow runs");
  command
    .command("graph")
    .description("from store directories, .drv files, `nix derivation show -r`, nix-eval-jobs, DOT or WfCommons")
    .argument("<input...>", "files or store directories, - for standard input; .gz is undone")
    .requiredOption("-o, --output <file>", "the graph to write: .json or .json.gz, - for standard output")
    .option("--roots <list>", "only these derivations (paths or names, comma-separated) and what they need", words, [])
    .option("--name <name>", "name of the graph")
    .option("--system <system>", "system of inputs that know none (DOT, WfCommons)")
    .addOption(new Option("--format <format>", "what the inputs are, instead of looking at them").choices(GRAPH_FORMATS))
    .action(async (inputs: string[], _flags: unknown, self: Command) => runGraph(inputs, self.optsWithGlobals<GraphFlags>()));
  command
    .command("fleet")
    .description("from machines files, nix.buildMachines as JSON and nix.conf")
    .argument("<input...>", "files, - for standard input")
    .requiredOption("-o, --output <file>", "the fleet to write: .json or .json.gz, - for standard output")
    .option("--nix-version <version>", "whose grammar of machines files holds (2.8 … newest)")
    .option("--name <name>", "name of the fleet")
    .option("--system <system>", "the coordinator's system, where nix.conf does not say")
    .addOption(new Option("--format <format>", "what the inputs are, instead of looking at them").choices(FLEET_FORMATS))
    .action(async (inputs: string[], _flags: unknown, self: Command) => runFleet(inputs, self.optsWithGlobals<FleetFlags>()));
  recordCommands(command);
  workflowCommand(command);
}

async function runGraph(inputs: readonly string[], flags: GraphFlags): Promise<void> {
  const [{ importGraph }, { importProgress }] = await Promise.all([import("./import-graph.js"), import("./import-progress.js")]);
  const progress = importProgress(flags.quiet === true);
  const result = await importGraph({
    inputs,
    roots: flags.roots,
    progress,
    ...given(flags),
    ...(flags.format !== undefined && { format: flags.format }),
  });
  progress.done();
  if (!result.ok) return explain(result.faults);
  const { graph, notes } = result.value;
  const systems = new Map<string, number>();
  for (const node of graph.nodes) systems.set(node.system, (systems.get(node.system) ?? 0) + 1);
  const fetches = graph.nodes.filter((node) => node.fixedOutput === true || node.kind === "fetch").length;
  const bySystem = [...systems].map(([system, count]) => `${system} ${count}`).join(", ");
  write(
    graphText(graph),
    `${graph.nodes.length} nodes, ${graph.edges.from.length} edges, ${fetches} fetches; systems: ${bySystem || "none"}`,
    notes,
    flags,
  );
}

async function runFleet(inputs: readonly string[], flags: FleetFlags): Promise<void> {
  const [{ importFleet }, { nixVersion: versionOf }] = await Promise.all([import("./import-fleet.js"), import("#model/nix-version.js")]);
  const nixVersion = flags.nixVersion === undefined ? undefined : versionOf(flags.nixVersion);
  if (flags.nixVersion !== undefined && nixVersion === undefined) {
    const found = `found ${JSON.stringify(flags.nixVersion)}, expected a version of Nix`;
    return explain([fault("usage", "--nix-version", found, "for example 2.18")]);
  }
  const result = importFleet({
    inputs,
    ...given(flags),
    ...(flags.format !== undefined && { format: flags.format }),
    ...(nixVersion !== undefined && { nixVersion }),
  });
  if (!result.ok) return explain(result.faults);
  const { fleet, notes } = result.value;
  const slots = fleet.builders.reduce((total, host) => total + host.maxJobs, 0);
  write(
    `${JSON.stringify(fleet, null, 2)}\n`,
    `${fleet.builders.length} builders with ${slots} slots, coordinator with ${fleet.coordinator.maxJobs}`,
    notes,
    flags,
  );
}

/** JSON with one node a line, for eyes and diffs. */
function graphText({ schema, name, source, nodes, edges, roots }: GraphFile): string {
  const lines = nodes.map((node) => JSON.stringify(node)).join(",\n");
  const start = JSON.stringify({ schema, name, source }).slice(0, -1);
  return `${start},"nodes":[\n${lines}\n],"edges":${JSON.stringify(edges)}${roots === undefined ? "" : `,"roots":${JSON.stringify(roots)}`}}\n`;
}

function given(flags: Common): { name?: string; system?: string } {
  return { ...(flags.name !== undefined && { name: flags.name }), ...(flags.system !== undefined && { system: flags.system }) };
}

function words(text: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, ...text.split(/[\s,]+/).filter((word) => word !== "")];
}
