// From a loaded scenario and one of its fleets to a Problem, in named phases. What nobody can build is found here.
import { fail, fault, type Result } from "#base/fault.js";
import type { Compiled, CompileInput } from "./compiled.js";

/** Called once per fleet. Faults: unknown names (input), what no host may build (unbuildable). */
export function compile(input: CompileInput): Result<Compiled> {
  return fail(fault("input", input.fleet.where, "not compiled"));
}
