// One world on one fleet: all contenders in it, each with the additive ladder between its makespan and the bound. Runs
// in the main thread or in a worker, to the same bytes.
import { assert } from "#base/assert.js";
import type { Conduct } from "#dispatch/conduct.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { Notebook } from "#dispatch/dispatcher.js";
import { lowerBound } from "#metrics/bound.js";
import { ladderOf } from "#metrics/ladder.js";
import type { RunResult } from "#metrics/result.js";
import type { Problem } from "#model/problem.js";
import type { Compiled } from "#scenario/compiled.js";
import { matches } from "#scenario/glob.js";
import type { Failures } from "#sim/faults.js";
import { type SimulateOutput, simulate } from "#sim/simulate.js";
import { beliefOf, truthOf } from "#sim/truth.js";
import { runResult } from "#metrics/summary.js";
import type { Contender, Experiment } from "./experiment.js";
import { schemeOf } from "./scheme-of.js";

export interface Cell {
  readonly fleet: number;
  readonly seed: number;
}

/** The results of all contenders, in their order. */
export async function runCell(experiment: Experiment, cell: Cell): Promise<readonly RunResult[]> {
  const compiled = experiment.fleets[cell.fleet]!;
  const truth = truthOf(compiled.problem, cell.seed);
  const bound = await lowerBound(truth, compiled.models);
  return experiment.contenders.map((contender) => {
    const own = runOne(compiled, contender, cell.seed, truth);
    const seconds = (output: SimulateOutput): number => output.trace.makespan / 1e6;
    const engine = frictionless(contender.conduct);
    const ideal = runOne(compiled, { ...contender, conduct: engine }, cell.seed, truth);
    const exact = runOne(compiled, { ...contender, conduct: engine }, cell.seed, truth, { exact: true });
    const free = runOne(compiled, { ...contender, conduct: engine }, cell.seed, withoutTransfers(truth), { exact: true });
    const ladder = ladderOf({ own: seconds(own), ideal: seconds(ideal), exact: seconds(exact), free: seconds(free) }, bound);
    return runResult({ policy: contender.policy, fleet: compiled.fleetName, seed: cell.seed, trace: own.trace, problem: truth, ladder });
  });
}

/** One run, with what it may know; also for a closer look at one of them. */
export function runOne(
  compiled: Compiled,
  contender: Contender,
  seed: number,
  truth: Problem,
  { exact = false, notebook = null }: { readonly exact?: boolean; readonly notebook?: Notebook | null } = {},
): SimulateOutput {
  const scheme = schemeOf(contender.policy);
  assert(scheme.ok, () => `policy ${contender.policy} was settled before`);
  const { estimates } = compiled.scenario;
  const belief = exact ? truth : beliefOf(compiled.problem, truth, estimates, seed);
  return simulate({
    problem: belief,
    truth,
    models: compiled.models,
    conduct: contender.conduct,
    policyName: contender.policy,
    createPolicy: (problem, random) => scheme.value.create(problem, random),
    prefer: compiled.prefer,
    seed,
    failures: failuresOf(compiled),
    notebook,
  });
}

function failuresOf({ scenario, problem }: Compiled): Failures | null {
  const { buildFailure } = scenario;
  if (buildFailure === null) return null;
  const { rate, match, after } = buildFailure;
  const mayFail = Uint8Array.from(problem.graph.names, (name) => (match.length === 0 || match.some((glob) => matches(glob, name)) ? 1 : 0));
  return { rate, mayFail, after };
}

/** An engine that costs nothing but moves the same bytes the same way: what is left is order, estimates and network. */
function frictionless(conduct: Conduct): Conduct {
  if (conduct.timing.inputs === "produced") return conduct;
  return {
    ...CONDUCTS.ideal,
    name: `${conduct.name}, frictionless`,
    reaction: conduct.reaction,
    timing: { ...CONDUCTS.ideal.timing, inputs: "accepted" },
  };
}

export function withoutTransfers(problem: Problem): Problem {
  const { tasks, graph } = problem;
  return {
    ...problem,
    graph: { ...graph, predBytes: null },
    tasks: {
      ...tasks,
      outputBytes: new Float64Array(graph.count),
      sourceBytes: tasks.sourceBytes.map((bytes, t) => (tasks.fetch[t] === 1 ? bytes : 0)),
    },
  };
}
