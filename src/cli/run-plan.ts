// From what is wanted to what has to be built: recipes of the graph, a look into all stores, the graph without what is
// there already, compiled. The plan is a scenario in memory, the same that the RUN directory will hold.
import { join } from "node:path";
import { fail, fault, ok, type Fault, type Result } from "#base/fault.js";
import { COORDINATOR } from "#base/units.js";
import type { FleetLink } from "#live/run/fleet-link.js";
import type { Recipe } from "#live/host/recipe.js";
import type { GraphFile } from "#model/graph-file.js";
import type { Compiled } from "#scenario/compiled.js";
import type { Flags } from "#scenario/flags.js";
import { type Contender, type Experiment, experimentOf, type Kit } from "./experiment.js";
import { load } from "./files.js";
import type { RunInput } from "./run-input.js";
import { type Asked, linkSuffix } from "./run-roots.js";
import { recipeBook } from "./run-recipe.js";
import { pruned } from "./run-wanted.js";

/** A run is under our engine, on the one fleet that it has. */
export function liveFlags(flags: Flags, policy: string): Flags {
  return { ...flags, fleets: [], policies: [policy], baseline: policy, conduct: "run" };
}

export interface Wanted {
  readonly input: RunInput;
  readonly flags: Flags;
  readonly policy: string;
}

export interface Plan {
  /** Null: everything is there. */
  readonly build: {
    readonly experiment: Experiment;
    readonly kit: Kit;
    readonly compiled: Compiled;
    readonly contender: Contender;
    readonly recipes: readonly Recipe[];
  } | null;
  /** Outputs that were asked for and need not be built. */
  readonly there: readonly string[];
  /** All outputs that were asked for. */
  readonly asked: readonly Asked[];
}

/** Recipes, and the plan for when nothing is built yet: faults of names, flags and what nobody may build, before any host is asked. */
export function wholePlan(wanted: Wanted): Result<{ readonly recipes: readonly Recipe[]; readonly whole: Plan }> {
  const recipes = recipesOf(wanted.input.graph);
  if (!recipes.ok) return recipes;
  const whole = planOf(wanted, recipes.value, () => false);
  return whole.ok ? ok({ recipes: recipes.value, whole: whole.value }) : whole;
}

/** Whether some store that answers has all outputs of a node, once all have been looked into. */
export async function builtSomewhere(fleet: FleetLink, recipes: readonly Recipe[]): Promise<Result<(node: number) => boolean>> {
  const looked = await lookEverywhere(fleet, recipes);
  if (!looked.ok) return looked;
  return ok((node) => recipes[node]!.outputs.every((path) => fleet.stores.has.some((has, h) => fleet.links[h]!.up && has.has(path))));
}

/** `recipes` by node of the graph; what `isThere` is left out. */
export function planOf(wanted: Wanted, recipes: readonly Recipe[], isThere: (node: number) => boolean): Result<Plan> {
  const { graph } = wanted.input;
  const left = pruned(graph, isThere);
  const asked = (graph.roots ?? sinksOf(graph)).flatMap((node, i) =>
    recipes[node]!.drv.outputs.map(({ name, path }) => ({ path, suffix: linkSuffix(i, name) })),
  );
  const there = left.done.flatMap((node) => recipes[node]!.outputs);
  if (left.graph.nodes.length === 0) return ok({ build: null, there, asked });
  const compiled = compiledOf(wanted, left.graph);
  if (!compiled.ok) return compiled;
  const { experiment, kit } = compiled.value;
  const byKey = new Map(left.indices.map((node) => [graph.nodes[node]!.drv!, recipes[node]!]));
  const one = experiment.fleets[0]!;
  return ok({
    build: {
      experiment,
      kit,
      compiled: one,
      contender: experiment.contenders[0]!,
      recipes: one.problem.graph.keys.map((key) => byKey.get(key)!),
    },
    there,
    asked,
  });
}

function recipesOf(graph: GraphFile): Result<readonly Recipe[]> {
  const book = recipeBook();
  const recipes: Recipe[] = [];
  const faults: Fault[] = [];
  for (const [i, { drv, name }] of graph.nodes.entries()) {
    const recipe = drv === undefined ? fail<Recipe>(noDerivation(i, name)) : book.recipe(drv);
    if (recipe.ok) recipes.push(recipe.value);
    else faults.push(...recipe.faults);
    if (faults.length > 0) break;
  }
  return faults.length > 0 ? fail(...faults) : ok(recipes);
}

function noDerivation(index: number, name: string): Fault {
  return fault(
    "input",
    `graph nodes[${index}].drv`,
    `found no derivation for ${name}, expected the store path of a .drv file`,
    "import graph makes graphs with derivations; a synthetic graph can only be simulated",
  );
}

/** All that any store says of the outputs, the coordinator's included. A builder that does not answer is known to be lost. */
async function lookEverywhere(fleet: FleetLink, recipes: readonly Recipe[]): Promise<Result<void>> {
  const outputs = recipes.flatMap((recipe) => recipe.outputs);
  const looks = await Promise.all(fleet.links.map((link, h) => (link.up ? fleet.stores.look(h, outputs, false) : null)));
  const home = looks[COORDINATOR];
  return home?.ok === false ? fail(fault("host", "coordinator", home.why)) : ok(undefined);
}

function compiledOf({ input, flags, policy }: Wanted, graph: GraphFile): Result<{ experiment: Experiment; kit: Kit }> {
  const path = join(process.cwd(), `${input.name}.json`);
  const text = JSON.stringify({ ...input.scenario, name: input.name, graph, fleet: input.fleet });
  const bytes = new TextEncoder().encode(text);
  return experimentOf(path, liveFlags(flags, policy), (file) => (file === path ? ok({ path, bytes }) : load(file)));
}

function sinksOf({ nodes, edges }: GraphFile): number[] {
  const needed = new Set(Array.from(edges.from));
  return [...nodes.keys()].filter((node) => !needed.has(node));
}
