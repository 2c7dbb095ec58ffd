// Records real Nix on the testbed: `npm run -s record -- SCENARIO… [--runs N]`. Each scenario is run N times in all; what
// has been recorded already is kept. Phases: flags, recipes, programs, runs.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { printFaults } from "#cli/exit.js";
import { writeWhole } from "#cli/files.js";
import type { Evidence } from "./evidence.js";
import { MACHINES } from "./expression.js";
import { compilePrograms } from "./programs.js";
import { type Recipe, recipeOf } from "./recipe.js";
import { recorded } from "./run.js";
import { recordingOf } from "./witnessed.js";

const HELP = `npm run -s record -- SCENARIO… [--runs N] [--id NAME] [--roots DIR] [--keep DIR]

Runs the graph of each scenario through the stock Nix that its policy names (nix[version=2.26.3]), on a testbed made for
it after its fleet, and writes NAME.rK.trace.jsonl beside NAME.yaml. Of a folder, every scenario below it.

  --runs N     so many runs of each in all (3); runs that are there already are kept
  --id NAME    name of the testbed, where several stand side by side (record)
  --roots DIR  root folders with other versions of Nix, DIR/2.26 … (/var/tmp/drvfleet-roots)
  --keep DIR   keep the logs and what the witnesses saw there

Needs root, Nix, namespaces, gcc (and a cross gcc with qemu-user for emulated systems).
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "3" },
      id: { type: "string", default: "record" },
      roots: { type: "string", default: "/var/tmp/drvfleet-roots" },
      keep: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), "drvfleet-record-"));
  try {
    compilePrograms(scratch, Object.values(MACHINES));
    // Repetitions apart from each other, so that a slow minute of the machine does not fall on one configuration alone.
    for (let run = 1; run <= Number(values.runs); run++)
      for (const scenario of positionals.flatMap(scenariosAt)) {
        const file = scenario.replace(/\.ya?ml$/, `.r${run}.trace.jsonl`);
        if (existsSync(file)) continue;
        const recipe = recipeOf(scenario);
        if (!recipe.ok) return printFaults(recipe.faults);
        const code = await recordInto(file, recipe.value, scratch, values);
        if (code !== 0) return code;
      }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return 0;
}

interface Asked {
  readonly id: string;
  readonly roots: string;
  readonly keep?: string | undefined;
}

async function recordInto(file: string, recipe: Recipe, scratch: string, { id, roots, keep }: Asked): Promise<number> {
  const evidence = await recorded(recipe, { id, ...rootOf(recipe.version, roots), programs: scratch, scratch });
  const run = basename(file).replace(/\.trace\.jsonl$/, "");
  const recording = await recordingOf(recipe, run, evidence);
  if (!recording.ok) return printFaults(recording.faults);
  if (keep !== undefined) keepEvidence(join(keep, recipe.name, run), evidence);
  const { text, trace, doubts } = recording.value;
  const failed = writeWhole(file, text);
  if (failed !== null) return printFaults([failed]);
  process.stdout.write(
    `${file}: ${trace.rows} builds, ${(trace.makespan / 1e6).toFixed(2)} s, load ${evidence.load.map((l) => l.toFixed(1)).join(" ")}\n`,
  );
  for (const doubt of doubts) process.stderr.write(`  ${doubt}\n`);
  return 0;
}

function keepEvidence(folder: string, { clients, ...rest }: Evidence): void {
  mkdirSync(folder, { recursive: true });
  for (const { log } of clients) copyFileSync(log, join(folder, basename(log)));
  writeFileSync(join(folder, "evidence.json"), `${JSON.stringify({ clients, ...rest }, null, 1)}\n`);
}

/** The machine's own Nix where it is that version, else a root folder. */
function rootOf(version: string, roots: string): { root?: string } {
  const root = join(roots, version.split(".").slice(0, 2).join("."));
  return existsSync(root) ? { root } : {};
}

function scenariosAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name) && dirname(name) !== "fleets")
    .sort()
    .map((name) => join(path, name));
}
