// One world on one fleet: all contenders in it, each with the additive ladder between its makespan and the bound. Runs
// in the main thread or in a worker, to the same bytes.
import { assert } from "#base/assert.js";
import type { Conduct } from "#dispatch/conduct.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { Notebook } from "#dispatch/dispatcher.js";
import type { Trace } from "#dispatch/trace.js";
import { lowerBound } from "#metrics/bound.js";
import { type LadderRuns, ladderOf } from "#metrics/ladder.js";
import type { Bound, Ladder, RunResult } from "#metrics/result.js";
import { hasTransfers, type Problem } from "#model/problem.js";
import type { Compiled } from "#scenario/compiled.js";
import { matches } from "#scenario/glob.js";
import type { Failures } from "#sim/faults.js";
import { type RetellInput, retell } from "#sim/retell.js";
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
  const world = worldOf(compiled, cell.seed);
  const bound = await boundOf(compiled, world.truth);
  const free = withoutTransfers(world.truth);
  return experiment.contenders.map((contender) => {
    const own = runOne(compiled, contender, world);
    const ladder = ladderOf({ own: seconds(own), ...ladderRuns(compiled, contender, world, free) }, bound);
    return runResult({
      policy: contender.policy,
      fleet: compiled.fleetName,
      seed: cell.seed,
      trace: own.trace,
      problem: world.truth,
      ladder,
    });
  });
}

/** What all contenders meet alike: the truth, and what may be known of it. */
export interface World {
  readonly seed: number;
  readonly truth: Problem;
  readonly belief: Problem;
}

export function worldOf(compiled: Compiled, seed: number): World {
  const truth = truthOf(compiled.problem, seed);
  return { seed, truth, belief: beliefOf(compiled.problem, truth, compiled.scenario.estimates, seed) };
}

export function runOne(compiled: Compiled, contender: Contender, world: World, notebook: Notebook | null = null): SimulateOutput {
  const scheme = schemeOf(contender.policy);
  assert(scheme.ok, () => `policy ${contender.policy} was settled before`);
  return simulate({
    problem: world.belief,
    truth: world.truth,
    models: compiled.models,
    conduct: contender.conduct,
    policyName: contender.policy,
    createPolicy: (problem, random) => scheme.value.create(problem, random),
    prefer: compiled.prefer,
    seed: world.seed,
    failures: failuresOf(compiled),
    notebook,
  });
}

/** A recorded run told again with its own durations; null where it cannot be. */
export function retellOne({ problem, models, prefer }: Compiled, { policy, conduct }: Contender, recorded: Trace): Trace | null {
  const scheme = schemeOf(policy);
  assert(scheme.ok, () => `policy ${policy} was settled before`);
  const createPolicy: RetellInput["createPolicy"] = (given, random) => scheme.value.create(given, random);
  return retell({ problem, models, conduct, policyName: policy, createPolicy, prefer, seed: 1 }, recorded);
}

/** The ladder of a run that took place: what it took, over simulated runs of the same durations. */
export async function livedLadder(compiled: Compiled, contender: Contender, world: World, makespan: number): Promise<Ladder> {
  const bound = await boundOf(compiled, world.truth);
  return ladderOf({ own: makespan, ...ladderRuns(compiled, contender, world, withoutTransfers(world.truth)) }, bound);
}

/** One obstacle fewer each time; a run that would repeat the one before is not repeated. */
function ladderRuns(compiled: Compiled, contender: Contender, { seed, truth, belief }: World, free: Problem): Omit<LadderRuns, "own"> {
  const engine = { ...contender, conduct: frictionless(contender.conduct) };
  const ideal = seconds(runOne(compiled, engine, { seed, truth, belief }));
  const exact = belief === truth ? ideal : seconds(runOne(compiled, engine, { seed, truth, belief: truth }));
  const carried = hasTransfers(truth) ? seconds(runOne(compiled, engine, { seed, truth: free, belief: free })) : exact;
  return { ideal, exact, free: carried };
}

/** The bound of a world; where all worlds have the same truth it is proven once. */
function boundOf(compiled: Compiled, truth: Problem): Promise<Bound> {
  if (truth !== compiled.problem) return lowerBound(truth, compiled.models);
  let bound = bounds.get(truth);
  if (bound === undefined) {
    bound = lowerBound(truth, compiled.models);
    bounds.set(truth, bound);
  }
  return bound;
}

const bounds = new WeakMap<Problem, Promise<Bound>>();

function seconds({ trace }: SimulateOutput): number {
  return trace.makespan / 1e6;
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
