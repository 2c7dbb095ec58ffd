// What each registered policy costs: all of them on one drawn graph with three systems, unlike hosts and transfers, under
// its own conduct, with shared CPU and a fair network. Usage: node dist-bench/policies.bench.js [nodes, default 10000] [reps].
// One untimed run of each first. Prints builds per second (median), makespan and digest.
import { stream } from "#base/random.js";
import type { Trace } from "#dispatch/trace.js";
import { MODELS_DEFAULT } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { POLICIES, POLICY_NAMES, type PolicyName } from "#policy/index.js";
import { simulate } from "#sim/simulate.js";
import { digest, median, seconds } from "./measure.js";
import { mixedProblem } from "./mixed-problem.js";

function run(problem: Problem, name: PolicyName): Trace {
  const scheme = POLICIES[name].settle({});
  if (!("create" in scheme)) throw new Error(scheme.what);
  const { trace, stalled } = simulate({
    problem,
    truth: problem,
    models: MODELS_DEFAULT,
    conduct: scheme.conduct,
    policyName: name,
    createPolicy: scheme.create,
    prefer: [],
    seed: 1,
    failures: null,
    notebook: null,
  });
  if (stalled > 0) throw new Error(`${name} left ${stalled} builds`);
  return trace;
}

/** Seconds of making the policy: ranks, plans. */
function planning(problem: Problem, name: PolicyName): number {
  const scheme = POLICIES[name].settle({});
  if (!("create" in scheme)) throw new Error(scheme.what);
  return seconds(() => scheme.create(problem, stream(1, name)));
}

const count = Number(process.argv[2] ?? 10_000);
const reps = Number(process.argv[3] ?? 5);
const problem = mixedProblem(count);
console.log("policy          builds/s  of it planning  makespan s  digest");
for (const name of POLICY_NAMES) {
  const trace = run(problem, name);
  const whole = median(Array.from({ length: reps }, () => seconds(() => run(problem, name))));
  const plan = median(Array.from({ length: reps }, () => planning(problem, name)));
  console.log(
    [
      name.padEnd(13),
      String(Math.round(count / whole)).padStart(9),
      `${Math.round((plan / whole) * 100)} %`.padStart(14),
      (trace.makespan / 1e6).toFixed(3).padStart(10),
      digest(trace),
    ].join("  "),
  );
}
