// The .drv files of a graph's nodes → what the live engine builds of: derivations without their .drv inputs, and the paths
// that each needs. Output paths of inputs come from the inputs' own .drv files.
import { readFileSync } from "node:fs";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { type Aterm, bytesText, parseDrv } from "#ingest/drv.js";
import type { Recipe } from "#live/host/recipe.js";
import { readFault } from "./input-stream.js";

export interface RecipeBook {
  /** Of a .drv file by its whole path. */
  recipe(drvPath: string): Result<Recipe>;
}

export function recipeBook(): RecipeBook {
  const read = new Map<string, Result<Aterm>>();
  const atermOf = (path: string): Result<Aterm> => {
    let found = read.get(path);
    if (found === undefined) {
      found = readAterm(path);
      read.set(path, found);
    }
    return found;
  };
  return {
    recipe(drvPath) {
      const own = atermOf(drvPath);
      if (!own.ok) return own;
      const { outputs, inputDrvs, inputSrcs, system, builder, args, env } = own.value;
      const unknown = outputs.find(({ path }) => path === "");
      if (unknown !== undefined) return fail(floating(drvPath, unknown.name));
      const inputs: string[] = [...inputSrcs];
      for (const input of inputDrvs) {
        const other = atermOf(bytesText(input.path));
        if (!other.ok) return other;
        for (const name of input.outputs) {
          const output = other.value.outputs.find((one) => one.name === name);
          if (output === undefined || output.path === "") return fail(floating(input.path, name));
          inputs.push(output.path);
        }
      }
      return ok({ drvPath, drv: { outputs, system, builder, args, env }, inputs, outputs: outputs.map(({ path }) => path) });
    },
  };
}

function readAterm(path: string): Result<Aterm> {
  try {
    return parseDrv(readFileSync(path), path);
  } catch (error) {
    const broken = readFault(error, path);
    if (broken === undefined) throw error;
    return fail(broken);
  }
}

function floating(drvPath: string, output: string): Fault {
  return fault(
    "input",
    drvPath,
    `found the output ${output}, whose path is not known before it is built, expected outputs with known paths`,
    "content-addressed and dynamic derivations cannot be run yet",
  );
}
