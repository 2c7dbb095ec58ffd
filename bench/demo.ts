// The question of the book, answered and then tried: which policy finishes first on its fleet (maxJobs 3, 2, 2)? Simulates
// every policy under our engine and Nix under its own, names the winner, builds the same derivations on real hosts with the
// winner and with stock Nix, and prints predicted and actual of both. Usage: npm run -s demo [-- SCENARIO]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printFaults } from "#cli/exit.js";
import { POLICY_NAMES } from "#policy/index.js";
import { grid } from "#report/text-grid.js";
import { testbed } from "../test/system/testbed/testbed.js";
import { MACHINES } from "./record/expression.js";
import { compilePrograms } from "./record/programs.js";
import { recipeOf } from "./record/recipe.js";
import { configure } from "./record/run.js";
import { race } from "./versus/contenders.js";
import { type Foreseen, foreseen } from "./versus/prediction.js";

const MODEL = "scenarios/recorded/sites/2.8.0-testbed-kept.yaml";
const SEEDS = 20;

process.exitCode = await main(process.argv[2] ?? "scenarios/recorded/2.8.0/wide42.book_j0.yaml");

async function main(scenario: string): Promise<number> {
  const recipe = recipeOf(scenario);
  if (!recipe.ok) return printFaults(recipe.faults);
  // 1. Simulate.
  const policies = POLICY_NAMES.filter((name) => name !== "nix");
  const told: { readonly policy: string; readonly foreseen: Foreseen }[] = [];
  for (const policy of policies) {
    const one = await foreseen(scenario, MODEL, SEEDS, policy);
    if (!one.ok) return printFaults(one.faults);
    told.push({ policy, foreseen: one.value });
  }
  told.sort((a, b) => a.foreseen.makespan.run - b.foreseen.makespan.run || (a.policy < b.policy ? -1 : 1));
  const winner = told[0]!;
  console.log(
    `${recipe.value.name}: ${recipe.value.graph.nodes.length} derivations; no schedule beats ${winner.foreseen.bound.toFixed(1)} s`,
  );
  for (const { policy, foreseen: one } of told) console.log(`  simulated ${policy.padEnd(12)} ${one.makespan.run.toFixed(1)} s`);
  console.log(`  simulated ${"stock Nix".padEnd(12)} ${winner.foreseen.makespan.stock.toFixed(1)} s\nwinner: ${winner.policy}\n`);
  // 2. Build, with the winner and with stock Nix.
  const scratch = mkdtempSync(join(tmpdir(), "drvfleet-demo-"));
  const bed = await testbed({ id: `demo${process.pid}`, hosts: recipe.value.fleet.builders.length, master: true });
  try {
    compilePrograms(scratch, [...new Set(recipe.value.graph.nodes.map(({ system }) => MACHINES[system]!))]);
    await configure(bed, recipe.value, { programs: scratch });
    const ours = await race(bed, recipe.value, "run", "a", winner.policy);
    const stock = await race(bed, recipe.value, "stock", "b", winner.policy);
    // 3. Compare.
    const row = (name: string, predicted: number, actual: number) => ({
      style: "plain" as const,
      cells: [name, predicted.toFixed(2), actual.toFixed(2), `${Math.round(100 * (predicted / actual - 1))} %`],
    });
    const columns = [
      { head: "seconds", width: 28, side: "left" as const },
      ...["predicted", "actual", "off"].map((head) => ({ head, width: 10, side: "right" as const })),
    ];
    const { run, stock: nix } = winner.foreseen.makespan;
    const rows = [row(`drvfleet run, ${winner.policy}`, run, ours.makespan), row("stock Nix", nix, stock.makespan)];
    console.log(grid(columns, rows, false).join("\n"));
    console.log(`with start and end of the program: ${ours.wall.toFixed(2)} s, ${stock.wall.toFixed(2)} s; load ${stock.load.toFixed(1)}`);
    if (ours.digest !== stock.digest) throw new Error(`they built different things: ${ours.digest}, ${stock.digest}`);
    console.log(`both built ${ours.digest}`);
  } finally {
    await bed.down();
    rmSync(scratch, { recursive: true });
  }
  return 0;
}
