// Stock Nix, `drvfleet run` and Nix with drvfleet's hook on the same real hosts, in turn: makespans beside the bound and beside
// what the simulator foretold. Every host of the testbed keeps its connections, for stock Nix too. Each configuration is
// a recorded scenario without faults whose builds sleep, so that hosts of one machine do not slow each other down. Usage:
//   npm run -s bench:versus-stock -- [SCENARIO…] [--repeat 3] [--only GLOB] [--model FILE] [--out FILE.md] [--roots DIR]
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printFaults } from "#cli/exit.js";
import { matches } from "#scenario/glob.js";
import { testbed } from "../test/system/testbed/testbed.js";
import { MACHINES } from "./record/expression.js";
import { compilePrograms } from "./record/programs.js";
import { type Recipe, recipeOf } from "./record/recipe.js";
import { configure } from "./record/run.js";
import { CONTENDERS, race, type Run, startAgent } from "./versus/contenders.js";
import { foreseen } from "./versus/prediction.js";
import { type Measured, tableOf } from "./versus/table.js";

const SCENARIOS = "scenarios/recorded/2.8.0";
const MODEL = "scenarios/recorded/sites/2.8.0-testbed-kept.yaml";
const SEEDS = 40;
/** What run and the agent take unless they are told otherwise. */
const POLICY = "list";

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      repeat: { type: "string", default: "3" },
      only: { type: "string", default: "*" },
      model: { type: "string", default: MODEL },
      roots: { type: "string", default: "/var/tmp/drvfleet-roots" },
      id: { type: "string", default: `versus${process.pid}` },
      out: { type: "string" },
    },
  });
  const scratch = mkdtempSync(join(tmpdir(), "drvfleet-versus-"));
  const measured: Measured[] = [];
  console.log(`load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} processors`);
  try {
    compilePrograms(scratch, Object.values(MACHINES));
    for (const scenario of positionals.length > 0 ? positionals : scenariosOf(SCENARIOS)) {
      const recipe = recipeOf(scenario);
      if (!recipe.ok) return printFaults(recipe.faults);
      if (!isQuiet(recipe.value) || !matches(values.only, recipe.value.name)) continue;
      const expected = await foreseen(scenario, values.model === "none" ? null : values.model, SEEDS, POLICY);
      if (!expected.ok) return printFaults(expected.faults);
      const place = { id: values.id, programs: scratch, ...rootOf(recipe.value.version, values.roots) };
      const runs = await measure(recipe.value, place, Number(values.repeat));
      measured.push({ name: recipe.value.name, foreseen: expected.value, runs });
      if (values.out !== undefined) writeFileSync(values.out, page(measured, process.argv.slice(2)));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(`\n${tableOf(measured).join("\n")}`);
  return 0;
}

interface Place {
  readonly id: string;
  readonly programs: string;
  readonly root?: string;
}

/** All contenders once, then all again, each time beginning with another one. */
async function measure(recipe: Recipe, { id, programs, root }: Place, repeat: number): Promise<readonly Run[]> {
  const bed = await testbed({ id, hosts: recipe.fleet.builders.length, master: true, ...(root !== undefined && { root }) });
  try {
    await configure(bed, recipe, { programs });
    const agent = await startAgent(bed, recipe);
    const runs: Run[] = [];
    for (let turn = 0; turn < repeat; turn++)
      for (let i = 0; i < CONTENDERS.length; i++) {
        const run = await race(bed, recipe, CONTENDERS[(turn + i) % CONTENDERS.length]!, `${turn}.${i}`, POLICY);
        runs.push(run);
        if (run.digest !== runs[0]!.digest) throw new Error(`${recipe.name}: ${run.contender} built something else`);
        console.log(
          `${recipe.name} ${run.contender.padEnd(5)} ${run.wall.toFixed(2)} s, engine ${run.makespan.toFixed(2)} s, ` +
            `turnaround ${Math.round(1000 * run.turnaround)} ms, load ${run.load.toFixed(1)}, digest ${run.digest}`,
        );
      }
    agent.signal("SIGTERM");
    await agent.ended;
    return runs;
  } finally {
    await bed.down();
  }
}

/** No faults, one client, and nothing that works. */
function isQuiet({ faults, clients, graph, kept: _ }: Recipe): boolean {
  return faults.length === 0 && clients.length === 1 && graph.nodes.every(({ seconds, cpu }) => seconds !== undefined && cpu === 0);
}

function scenariosOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}

function rootOf(version: string, roots: string): { root?: string } {
  const root = join(roots, version.split(".").slice(0, 2).join("."));
  return existsSync(root) ? { root } : {};
}

function page(measured: readonly Measured[], args: readonly string[]): string {
  const model = /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
  const loads = measured.flatMap(({ runs }) => runs.map(({ load }) => load)).sort((a, b) => a - b);
  const digests = measured.map(({ name, runs }) => `${name} ${runs[0]!.digest}`);
  return [
    "# Stock Nix, `drvfleet run` and drvfleet's hook on the same hosts",
    "",
    "```sh",
    `npm run -s bench:versus-stock -- ${args.join(" ")}`,
    "```",
    "",
    `${cpus().length} processors (${model.trim()}); load average ${loads[0]!.toFixed(1)} to ${loads.at(-1)!.toFixed(1)}.`,
    `Runs of each contender on a configuration: ${runsEach(measured)}. Noise is not known from one.`,
    "Seconds from the program's start to its end, medians; × is the ratio to the bound; closed is the share of stock's excess over",
    "the bound that is gone. Turnaround: from a build's inputs being there and a slot being free on its host until its builder starts.",
    "",
    "```text",
    ...tableOf(measured),
    "```",
    "",
    "Digests of the goals' outputs (not of those behind them), the same in every run of a configuration:",
    "",
    ...digests.map((line) => `- ${line}`),
    "",
  ].join("\n");
}

function runsEach(measured: readonly Measured[]): string {
  const counts = measured.map(({ runs }) => runs.length / CONTENDERS.length);
  return [...new Set(counts)].sort((a, b) => a - b).join(" or ");
}
