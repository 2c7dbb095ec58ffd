// A run that took place, as reports and explanations want it: its journal told again to a dispatcher gives its trace and
// what the policy saw; the world that it met is the plan with the durations that its builds really took.
import { join } from "node:path";
import { assert } from "#base/assert.js";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { stream } from "#base/random.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { Dispatcher, type Notebook } from "#dispatch/dispatcher.js";
import { BUILT, Trace } from "#dispatch/trace.js";
import { finish } from "#live/run/observation.js";
import { parseJournal, replay } from "#live/run/replay.js";
import { criticalPath } from "#metrics/critical-path.js";
import { runResult } from "#metrics/summary.js";
import type { Problem } from "#model/problem.js";
import type { Compiled } from "#scenario/compiled.js";
import { livedLadder } from "./cell.js";
import { type Comparison, resultOf } from "./comparison.js";
import type { Contender, Experiment } from "./experiment.js";
import { load } from "./files.js";
import { schemeOf } from "./scheme-of.js";

const JOURNAL = "journal.jsonl";

export function livedTrace(
  directory: string,
  compiled: Compiled,
  contender: Contender,
  seed: number,
  notebook: Notebook | null,
): Result<Trace> {
  const path = join(directory, JOURNAL);
  const text = load(path);
  if (!text.ok) return text;
  const journal = parseJournal(new TextDecoder().decode(text.value.bytes));
  if (journal === undefined) return fail(fault("input", path, "it is no journal of a run"));
  const { problem } = compiled;
  const scheme = schemeOf(contender.policy);
  assert(scheme.ok, () => `policy ${contender.policy} was settled before`);
  const dispatcher = new Dispatcher(
    problem,
    scheme.value.create(problem, stream(seed, `policy/${contender.policy}`)),
    new Trace(problem.graph.count),
    {
      policyName: contender.policy,
      conduct: CONDUCTS.run,
      prefer: compiled.prefer,
      sharedCores: compiled.models.cpu === "shared",
      notebook,
    },
  );
  const { differs } = replay(journal.lines, dispatcher, problem);
  finish(dispatcher);
  if (differs === null) return ok(dispatcher.trace);
  return fail(
    fault(
      "input",
      `${path}:${differs.line}`,
      `found ${differs.written}, but this drvfleet would decide ${differs.decided}`,
      "another version wrote it",
    ),
  );
}

export async function livedComparison(experiment: Experiment, directory: string): Promise<Result<Comparison>> {
  const compiled = experiment.fleets[0]!;
  const contender = experiment.contenders[0]!;
  const seed = experiment.seeds[0]!;
  const told = livedTrace(directory, compiled, contender, seed, null);
  if (!told.ok) return told;
  const trace = told.value;
  const truth = asItWas(compiled.problem, trace);
  const world = { seed, truth, belief: compiled.problem };
  const ladder = await livedLadder(compiled, contender, world, trace.makespan / 1e6);
  const run = runResult({ policy: contender.policy, fleet: compiled.fleetName, seed, trace, problem: truth, ladder });
  const detail = { run, problem: truth, trace, critical: criticalPath(trace, truth) };
  return ok({ ...resultOf(experiment, [{ fleet: 0, seed }], [[run]], detail), runs: [[run]] });
}

/** The plan with real durations on any host: what each build took where it was built. Unbuilt ones keep their estimates. */
function asItWas(problem: Problem, trace: Trace): Problem {
  const { tasks } = problem;
  const seconds = Float64Array.from(tasks.seconds);
  for (let row = 0; row < trace.rows; row++) {
    const took = (trace.built[row]! - trace.started[row]!) / 1e6;
    if (trace.outcome[row] === BUILT && took > 0) seconds[trace.task[row]!] = took;
  }
  return { ...problem, tasks: { ...tasks, seconds }, demand: { ...problem.demand, rows: null } };
}
