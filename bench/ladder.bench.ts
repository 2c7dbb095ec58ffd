// How many builds a second the simulator places, from 10³ derivations upwards, beside the floor in the same process: slots
// only, and shared CPU with a fair network. Usage: node dist-bench/ladder.bench.js [largest exponent, default 4] [reps].
// Prints size, digest, builds per second, ratio to the floor, resident memory.
import { CONDUCTS } from "#dispatch/conducts.js";
import type { Trace } from "#dispatch/trace.js";
import { MODELS_DEFAULT, type Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import { POLICIES } from "#policy/index.js";
import { simulate } from "#sim/simulate.js";
import { floor } from "./floor.js";
import { benchProblem } from "./problem.js";

const SLOTS_ONLY: Models = { ...MODELS_DEFAULT, cpu: "dedicated", network: "free" };
const SHARED: Models = { ...MODELS_DEFAULT, cpu: "shared", network: "fair" };

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

/** Sum over instants: two runs that differ anywhere in time or place differ here. */
function digest(trace: Trace): string {
  let hash = 0;
  for (let r = 0; r < trace.rows; r++) hash = (hash * 31 + trace.noticed[r]! + trace.host[r]! * 7 + trace.task[r]!) % 9007199254740881;
  return hash.toString(16);
}

function timed<T>(work: () => T): [T, number] {
  const from = process.hrtime.bigint();
  const value = work();
  return [value, Number(process.hrtime.bigint() - from) / 1e9];
}

const largest = Number(process.argv[2] ?? 4);
const reps = Number(process.argv[3] ?? 5);
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
console.log("derivations  model   floor/s     builds/s   ratio  rss MB  makespan s   digest");
for (let exponent = 3; exponent <= largest; exponent++) {
  const count = 10 ** exponent;
  for (const [label, models, bytes] of [
    ["slots", SLOTS_ONLY, 0],
    ["shared", SHARED, 2e6],
  ] as const) {
    const problem = benchProblem(count, bytes);
    const ratios: number[] = [];
    const floors: number[] = [];
    const rates: number[] = [];
    let last: Trace | null = null;
    for (let rep = 0; rep < reps + 1; rep++) {
      const [, floorSeconds] = timed(() => floor(problem));
      const [trace, seconds] = timed(() => run(problem, models));
      last = trace;
      if (rep === 0) continue;
      floors.push(count / floorSeconds);
      rates.push(count / seconds);
      ratios.push(floorSeconds / seconds);
    }
    const rss = Math.round(process.memoryUsage().rss / 1e6);
    console.log(
      `${String(count).padStart(11)}  ${label.padEnd(6)} ${String(Math.round(median(floors))).padStart(9)}  ${String(Math.round(median(rates))).padStart(10)}  ${median(ratios).toFixed(3)}  ${String(rss).padStart(6)}  ${(last!.makespan / 1e6).toFixed(3).padStart(10)}   ${digest(last!)}`,
    );
  }
}
