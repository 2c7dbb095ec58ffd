// One simulated run of a sketch or a problem, as tests read it: instants in seconds by task name. The policy is named as
// on the command line; physics defaults are the textbook's (no emulation of anything that the test does not name).

import { CONDUCTS, nixConduct } from "#dispatch/conducts.js";
import type { Conduct } from "#dispatch/conduct.js";
import { nixVersion } from "#model/nix-version.js";
import type { Policy } from "#dispatch/policy.js";
import { STAGES, type Stage, type Trace } from "#dispatch/trace.js";
import { MODELS_DEFAULT, type Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { POLICIES, type PolicyName } from "#policy/index.js";
import type { Failures } from "#sim/faults.js";
import { simulate } from "#sim/simulate.js";

/** "own", "nix[2.8]" or a name of CONDUCTS; "nix[2.8] poll 1" sets the poll interval. */
export type ConductText = string;

export interface RunOptions {
  readonly policy?: PolicyName;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly conduct?: ConductText | Conduct;
  readonly models?: Partial<Models>;
  readonly seed?: number;
  readonly truth?: Problem;
  readonly failures?: Failures;
  /** Stands between the dispatcher and the policy. */
  readonly wrap?: (policy: Policy) => Policy;
}

export interface Row extends Readonly<Record<Stage, number>> {
  readonly task: string;
  readonly host: string;
  /** Empty where one client asks for everything. */
  readonly client: string;
  readonly attempt: number;
  readonly slot: number;
  readonly cores: number;
  readonly outcome: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly coreSeconds: number;
}

export interface Run {
  readonly problem: Problem;
  readonly conduct: Conduct;
  readonly trace: Trace;
  readonly stalled: number;
  /** Seconds. */
  readonly makespan: number;
  /** One per attempt, in the order of asks; seconds. */
  readonly rows: readonly Row[];
  /** The last attempt of a task. */
  row(task: string): Row;
  readonly digest: string;
}

export function run(problem: Problem, options: RunOptions = {}): Run {
  const { policy = "list", params = {}, models = {}, seed = 1, truth = problem, failures, wrap = (policy) => policy } = options;
  const scheme = POLICIES[policy].settle(params);
  if ("parameter" in scheme) throw new Error(`${policy}: ${scheme.parameter}: ${scheme.what}`);
  const conduct = conductOf(options.conduct ?? "own", scheme.conduct);
  const { trace, stalled } = simulate({
    problem,
    truth,
    models: { ...MODELS_DEFAULT, ...models },
    conduct,
    policyName: policy,
    createPolicy: (given, roll) => wrap(scheme.create(given, roll)),
    prefer: [],
    seed,
    failures: failures ?? null,
    notebook: null,
  });
  const rows = rowsOf(problem, trace);
  return {
    problem,
    conduct,
    trace,
    stalled,
    makespan: trace.makespan / 1e6,
    rows,
    row(task) {
      const row = rows.findLast((candidate) => candidate.task === task);
      if (row === undefined) throw new Error(`${task} was never asked`);
      return row;
    },
    digest: JSON.stringify([trace.makespan, rows, trace.spans]),
  };
}

export function conductOf(conduct: ConductText | Conduct, own: Conduct): Conduct {
  if (typeof conduct !== "string") return conduct;
  if (conduct === "own") return own;
  const nix = /^nix\[([\d.]+)\](?: poll ([\d.]+))?$/.exec(conduct);
  if (nix === null) {
    const named = CONDUCTS[conduct as keyof typeof CONDUCTS];
    if (named === undefined) throw new Error(`no conduct ${conduct}`);
    return named;
  }
  const made = nixConduct(nixVersion(nix[1]!)!);
  if (nix[2] === undefined || made.offering.kind !== "waves") return made;
  return { ...made, offering: { ...made.offering, pollSeconds: Number(nix[2]) } };
}

function rowsOf({ graph, hosts }: Problem, trace: Trace): Row[] {
  return Array.from({ length: trace.rows }, (_, r) => ({
    task: graph.names[trace.task[r]!]!,
    host: hosts.names[trace.host[r]!]!,
    client: trace.clients[trace.client[r]!] ?? "",
    attempt: trace.attempt[r]!,
    slot: trace.slot[r]!,
    cores: trace.cores[r]!,
    outcome: trace.outcome[r]!,
    bytesIn: trace.bytesIn[r]!,
    bytesOut: trace.bytesOut[r]!,
    coreSeconds: trace.coreSeconds[r]!,
    ...(Object.fromEntries(STAGES.map((stage) => [stage, trace[stage][r]! / 1e6])) as Record<Stage, number>),
  }));
}
