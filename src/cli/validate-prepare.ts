// Recordings made ready to be replayed: grouped by scenario and recorded engine, the policy settled, traces bound to the
// compiled problem. Each group is one configuration with its repetitions.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import type { Trace } from "#dispatch/trace.js";
import { bindTrace } from "#report/trace-bind.js";
import type { Flags } from "#scenario/flags.js";
import { type Experiment, experimentOf } from "./experiment.js";
import { readRun, type RunFile } from "./run-directory.js";
import type { Recorded, Recording } from "./validate-inputs.js";

/** A scenario under one policy, and what was recorded of it. */
export interface Configuration {
  readonly experiment: Experiment;
  /** Name of the graph. */
  readonly graph: string;
  readonly recorded: readonly { readonly name: string; readonly trace: Trace }[];
}

export function configurationsOf(all: readonly Recorded[], flags: Flags, policy: string | undefined): Result<readonly Configuration[]> {
  const faults: Fault[] = [];
  const configurations: Configuration[] = [];
  for (const { scenario, recordings } of all) {
    const run = runOf(scenario);
    if (!run.ok) {
      faults.push(...run.faults);
      continue;
    }
    const told = run.value === null ? flags : asItWas(run.value, flags);
    for (const engine of new Set(recordings.map(({ file }) => file.header.engine))) {
      const own = recordings.filter(({ file }) => file.header.engine === engine);
      const settled = underPolicy(scenario, engine, told, policy ?? run.value?.policy);
      const ready = settled.ok ? bound(scenario, settled.value, own) : settled;
      if (ready.ok) configurations.push(ready.value);
      else faults.push(...ready.faults);
    }
  }
  return faults.length > 0 ? fail(...faults) : ok(configurations);
}

/** The RUN whose scenario it is; null = none. */
function runOf(scenario: string): Result<RunFile | null> {
  if (basename(scenario) !== "scenario.json" || !existsSync(join(dirname(scenario), "run.json"))) return ok(null);
  const read = readRun(dirname(scenario));
  return read.ok ? ok(read.value.run) : read;
}

/** A RUN is played as it was, with other worlds, figures or another engine where somebody says so. */
function asItWas(run: RunFile, { seeds, conduct, modelFile }: Flags): Flags {
  return {
    ...run.flags,
    ...(seeds !== undefined && { seeds }),
    ...(conduct !== undefined && { conduct }),
    ...(modelFile !== undefined && { modelFile }),
  };
}

type Settled = Pick<Configuration, "experiment" | "graph">;

/** The policy: --policy, else the only one that the scenario names (of Nix the version recorded, where it names none), else what was recorded ("nix-2.8"), else the baseline. */
function underPolicy(scenario: string, engine: string, flags: Flags, policy: string | undefined): Result<Settled> {
  const narrowed = (wanted: string): Result<Settled> => {
    const ready = experimentOf(scenario, { ...flags, policies: [wanted] });
    if (!ready.ok) return ready;
    const { experiment, kit } = ready.value;
    const contenders = experiment.contenders.filter((one) => one.policy === wanted);
    return ok({ experiment: { ...experiment, contenders, baseline: wanted }, graph: kit.loaded.graph.file.name });
  };
  if (policy !== undefined) return narrowed(policy);
  const ready = experimentOf(scenario, flags);
  if (!ready.ok) return ready;
  const { experiment, kit } = ready.value;
  const [only, ...more] = kit.loaded.scenario.policies;
  const nix = /^nix-(\d[\w.]*)$/.exec(engine);
  const recorded = nix === null ? null : `nix[version=${nix[1]}]`;
  // A scenario that says nix leaves open which.
  if (only !== undefined && more.length === 0) return narrowed(only === "nix" ? (recorded ?? only) : only);
  return narrowed(recorded ?? experiment.baseline);
}

function bound(scenario: string, { experiment, graph }: Settled, recordings: readonly Recording[]): Result<Configuration> {
  const [fleet, ...others] = experiment.fleets;
  if (others.length > 0)
    return fail(fault("usage", "--fleet", `${scenario} has several fleets, expected the one that was recorded`, "--fleet FILE chooses"));
  const faults: Fault[] = [];
  const recorded: { name: string; trace: Trace }[] = [];
  for (const { path, file } of recordings) {
    const trace = bindTrace(file, fleet!.problem, path);
    if (trace.ok) recorded.push({ name: file.header.run, trace: trace.value });
    else faults.push(...trace.faults);
  }
  return faults.length > 0 ? fail(...faults) : ok({ experiment, graph, recorded });
}
