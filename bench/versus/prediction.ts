// What the simulator says of each contender before it runs: the scenario's graph and fleet, the site's model, the conduct
// of the engine; and the bound that no schedule beats.
import { type Result, ok } from "#base/fault.js";
import { runOne, worldOf } from "#cli/cell.js";
import { experimentOf } from "#cli/experiment.js";
import { lowerBound } from "#metrics/bound.js";
import type { Flags } from "#scenario/flags.js";
import { median } from "../measure.js";
import { CONTENDERS, type Contender } from "./contenders.js";

export interface Foreseen {
  readonly bound: number;
  /** Medians of the worlds, seconds. */
  readonly makespan: Readonly<Record<Contender, number>>;
}

/** `policy`: of run and hook. `model`: a model file of the site, with kept connections; null: the conducts' own figures. */
export async function foreseen(scenario: string, model: string | null, seeds: number, policy: string): Promise<Result<Foreseen>> {
  const makespan: Partial<Record<Contender, number>> = {};
  let bound = 0;
  for (const contender of CONTENDERS) {
    // Stock Nix is the scenario's own policy; its connections are kept on this testbed.
    const flags: Flags = contender === "stock" ? {} : { policies: [policy], baseline: policy, conduct: contender };
    const read = experimentOf(scenario, { ...flags, seeds, modelFile: model });
    if (!read.ok) return read;
    const [compiled] = read.value.experiment.fleets;
    const [own] = read.value.experiment.contenders;
    const kept =
      contender === "stock"
        ? { ...own!, conduct: { ...own!.conduct, timing: { ...own!.conduct.timing, connect: "kept" as const } } }
        : own!;
    const worlds = read.value.experiment.seeds.map((seed) => worldOf(compiled!, seed));
    makespan[contender] = median(worlds.map((world) => runOne(compiled!, kept, world).trace.makespan / 1e6));
    bound = (await lowerBound(worlds[0]!.truth, compiled!.models)).seconds;
  }
  return ok({ bound, makespan: makespan as Record<Contender, number> });
}
