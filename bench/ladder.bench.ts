// How many builds a second the simulator places, from 10³ derivations upwards, beside the floor in the same process: slots
// only, and shared CPU with a fair network. Usage: node dist-bench/ladder.bench.js [largest exponent, default 4] [reps].
// Names, trace and policy set-up count; making the problem does not. Before anything is timed both engines and the floor
// run WARM_UP builds each, because the time of the compiler is no property of an event core; a timing has at least
// TIMED_MIN builds, so small sizes are repeated within it. Floor and engine take turns; figures are medians over the reps.
// Prints size, digest, builds per second, ratio to the floor, resident memory.
import { CONDUCTS } from "#dispatch/conducts.js";
import type { Trace } from "#dispatch/trace.js";
import { MODELS_DEFAULT, type Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { POLICIES } from "#policy/index.js";
import { simulate } from "#sim/simulate.js";
import { floor } from "./floor.js";
import { digest, median, megabytes, seconds } from "./measure.js";
import { benchProblem } from "./problem.js";

const WARM_UP = 300_000;
const TIMED_MIN = 100_000;

interface Rung {
  readonly label: string;
  readonly models: Models;
  /** Of each output. */
  readonly bytes: number;
}

const RUNGS: readonly Rung[] = [
  { label: "slots", models: { ...MODELS_DEFAULT, cpu: "dedicated", network: "free" }, bytes: 0 },
  { label: "shared", models: { ...MODELS_DEFAULT, cpu: "shared", network: "fair" }, bytes: 2e6 },
];

function run(problem: Problem, models: Models): Trace {
  const scheme = POLICIES.list.settle({ priority: "critical-path", placement: "fastest" });
  if (!("create" in scheme)) throw new Error(scheme.what);
  const conduct =
    models.network === "free" ? CONDUCTS.ideal : { ...CONDUCTS.ideal, timing: { ...CONDUCTS.ideal.timing, inputs: "accepted" as const } };
  return simulate({
    problem,
    truth: problem,
    models,
    conduct,
    policyName: "list",
    createPolicy: scheme.create,
    prefer: [],
    seed: 1,
    failures: null,
    notebook: null,
  }).trace;
}

function warmUp(): void {
  const count = 10_000;
  for (const { models, bytes } of RUNGS) {
    const problem = benchProblem(count, bytes);
    for (let done = 0; done < WARM_UP; done += count) {
      floor(problem);
      run(problem, models);
    }
  }
}

function row(count: number, { label, models, bytes }: Rung, reps: number): string {
  const problem = benchProblem(count, bytes);
  const times = Math.max(1, TIMED_MIN / count);
  const floors: number[] = [];
  const engines: number[] = [];
  for (let rep = 0; rep < reps; rep++) {
    floors.push(seconds(() => floor(problem), times));
    engines.push(seconds(() => run(problem, models), times));
  }
  const rss = megabytes();
  const ratio = median(floors.map((floorSeconds, i) => floorSeconds / engines[i]!));
  const trace = run(problem, models);
  return [
    String(count).padStart(11),
    label.padEnd(6),
    String(Math.round((count * times) / median(floors))).padStart(9),
    String(Math.round((count * times) / median(engines))).padStart(10),
    ratio.toFixed(3),
    String(rss).padStart(6),
    (trace.makespan / 1e6).toFixed(3).padStart(10),
    digest(trace),
  ].join("  ");
}

const largest = Number(process.argv[2] ?? 4);
const reps = Number(process.argv[3] ?? 5);
warmUp();
console.log("derivations  model     floor/s    builds/s  ratio  rss MB  makespan s  digest");
for (let exponent = 3; exponent <= largest; exponent++) for (const rung of RUNGS) console.log(row(10 ** exponent, rung, reps));
