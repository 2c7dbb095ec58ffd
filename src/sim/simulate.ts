// The door of the simulator: one policy, one world, one trace. Pure: the same arguments give the same bytes.
import { stream } from "#base/random.js";
import type { HostId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import { Dispatcher, type Notebook } from "#dispatch/dispatcher.js";
import { drive } from "#dispatch/drive.js";
import type { Policy } from "#dispatch/policy.js";
import { Trace } from "#dispatch/trace.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import type { Random } from "#base/random.js";
import { SimExecutor } from "./executor.js";
import type { Failures } from "./faults.js";

export interface SimulateInput {
  /** As the policy sees it. */
  readonly problem: Problem;
  /** As it is. */
  readonly truth: Problem;
  readonly models: Models;
  readonly conduct: Conduct;
  readonly policyName: string;
  readonly createPolicy: (problem: Problem, random: Random) => Policy;
  readonly prefer: readonly HostId[];
  readonly seed: number;
  /** Null = builds never fail on their own. */
  readonly failures: Failures | null;
  readonly notebook: Notebook | null;
}

export interface SimulateOutput {
  readonly trace: Trace;
  /** Tasks neither built nor failed: no host that may build them ever came back. */
  readonly stalled: number;
}

export function simulate(input: SimulateInput): SimulateOutput {
  const { conduct, models, seed } = input;
  const problem = routed(input.problem, conduct);
  const truth = routed(input.truth, conduct);
  const policy = input.createPolicy(problem, stream(seed, `policy/${input.policyName}`));
  const dispatcher = new Dispatcher(problem, policy, new Trace(problem.graph.count), {
    policyName: `${input.policyName} (seed ${seed})`,
    conduct,
    prefer: input.prefer,
    sharedCores: models.cpu === "shared",
    notebook: input.notebook,
  });
  const executor = new SimExecutor({ truth, models, conduct, seed, failures: models.faults === "on" ? input.failures : null }, dispatcher);
  drive(dispatcher, executor);
  executor.finish();
  return { trace: dispatcher.trace, stalled: dispatcher.state.unfinished };
}

/** Where inputs travel from the instant they are produced, they go straight from their producer. One literal: one hidden class. */
function routed(problem: Problem, conduct: Conduct): Problem {
  const { graph, tasks, hosts, demand, transport, arrival } = problem;
  const route = conduct.timing.inputs === "produced" ? "direct" : transport.route;
  const { closure, substitutable, substituterBandwidth } = transport;
  return { graph, tasks, hosts, demand, transport: { route, closure, substitutable, substituterBandwidth }, arrival };
}
