// The door of the simulator: one policy, one world, one trace. Pure: the same arguments give the same bytes.
// Clients that share the hosts stay apart only where each is a Nix of its own (waves): there every client has a dispatcher and
// a policy. Any other scheme is one scheduler for all, as Hydra or our own engine is, and takes their requests together.
import { stream } from "#base/random.js";
import type { HostId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import { Dispatcher, type Notebook } from "#dispatch/dispatcher.js";
import { drive } from "#dispatch/drive.js";
import { groundOf } from "#dispatch/ground.js";
import type { Policy } from "#dispatch/policy.js";
import { Trace } from "#dispatch/trace.js";
import type { Models } from "#model/models.js";
import { asAskedBy, type Problem } from "#model/problem.js";
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
  const trace = new Trace(problem.graph.count);
  const clients = clientsOf(problem, input, trace);
  const executor = new SimExecutor({ truth, models, conduct, seed, failures: models.faults === "on" ? input.failures : null }, clients);
  drive(clients, executor);
  executor.finish();
  return { trace, stalled: clients.reduce((sum, { state }) => sum + state.unfinished, 0) };
}

/** A dispatcher for each client that stays apart. */
export function clientsOf(problem: Problem, input: Omit<SimulateInput, "truth" | "failures">, trace: Trace): Dispatcher[] {
  const { conduct, models, seed, policyName, prefer, notebook } = input;
  const apart = conduct.offering.kind === "waves" && problem.clients.length > 1;
  const asked = apart ? problem.clients.map((client) => asAskedBy(problem, client)) : [problem];
  const ground = groundOf(problem, asked.length);
  if (apart) trace.clients = problem.clients.map(({ name }) => name);
  const options = { policyName: `${policyName} (seed ${seed})`, conduct, prefer, sharedCores: models.cpu === "shared", notebook };
  return asked.map((own, client) => {
    const random = stream(seed, client === 0 ? `policy/${policyName}` : `policy/${policyName}/${client}`);
    return new Dispatcher(own, input.createPolicy(own, random), trace, options, { ground, client });
  });
}

/** Where inputs travel from the instant they are produced, they go straight from their producer. One literal: one hidden class. */
function routed(problem: Problem, conduct: Conduct): Problem {
  const { graph, tasks, hosts, demand, transport, arrival, clients } = problem;
  const route = conduct.timing.inputs === "produced" ? "direct" : transport.route;
  const { closure, substitutable, substituterBandwidth } = transport;
  return { graph, tasks, hosts, demand, transport: { route, closure, substitutable, substituterBandwidth }, arrival, clients };
}
