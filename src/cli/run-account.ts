// What a run leaves: the RUN's files before it begins, its trace and history when it is over, and the account that a
// person reads: what was built, predicted and actual, and what failed with the end of its log.
import type { Fault } from "#base/fault.js";
import { BUILT, type Trace } from "#dispatch/trace.js";
import { rowsOf } from "#estimate/history-rows.js";
import { HISTORY_HEADER, stringifyHistory } from "#estimate/history-file.js";
import type { Failed } from "#live/run/engine.js";
import type { JournalHeader } from "#live/run/journal.js";
import type { PastBuild } from "#model/past-build.js";
import type { Problem } from "#model/problem.js";
import { traceLines } from "#report/trace-jsonl.js";
import { append } from "./append.js";
import { writeAll } from "./files.js";
import type { Built } from "./run-build.js";
import { runFilesOf } from "./run-directory.js";
import type { RunInput } from "./run-input.js";
import type { Logs } from "./run-logs.js";
import { liveFlags, type Plan, type Wanted } from "./run-plan.js";

/** The files that make the directory a RUN. */
export function begunFiles(
  directory: string,
  wanted: Wanted,
  build: NonNullable<Plan["build"]>,
  seed: number,
  command: string,
): Fault | null {
  const { experiment, kit, compiled } = build;
  const run = {
    what: "run",
    digest: experiment.digest,
    policy: wanted.policy,
    fleet: compiled.fleetName,
    seed,
    flags: liveFlags(wanted.flags, wanted.policy),
    command,
  } as const;
  const scenario = { ...wanted.input.scenario, policies: [wanted.policy], baseline: wanted.policy, conduct: "run" };
  const files = runFilesOf(scenario, kit.loaded, run);
  return files.ok ? writeAll(directory, files.value) : files.faults[0]!;
}

/** The trace, beside what begun the RUN. */
export function endedFiles(directory: string, trace: Trace, problem: Problem, header: JournalHeader): Fault | null {
  const lines = traceLines(trace, problem, {
    run: `${header.digest} ${header.policy} seed ${header.seed}`,
    engine: "live",
    began: header.began,
  });
  return writeAll(directory, [{ name: "trace.jsonl", content: lines }]);
}

/** Rows for the next estimate. */
export function appendHistory(path: string, { trace }: Built, problem: Problem, input: RunInput, began: number): void {
  const past: PastBuild[] = [];
  for (let row = 0; row < trace.rows; row++) {
    if (trace.outcome[row] !== BUILT || !(trace.built[row]! > trace.started[row]!)) continue;
    past.push({
      drv: problem.graph.keys[trace.task[row]!]!,
      name: problem.graph.names[trace.task[row]!]!,
      machine: problem.hosts.names[trace.host[row]!]!,
      seconds: (trace.built[row]! - trace.started[row]!) / 1e6,
      at: began + trace.built[row]! / 1e6,
      cores: trace.cores[row]!,
      provenance: "live",
    });
  }
  const { rows } = rowsOf(past, {
    nodes: input.graph.nodes,
    fleet: input.fleet,
    hostOf: (machine) => machine,
    system: "builtin",
    cores: 1,
  });
  if (rows.length === 0) return;
  append(path, `${HISTORY_HEADER}\n`, stringifyHistory(rows));
}

export interface FailedBuild {
  readonly name: string;
  readonly key: string;
  readonly host: string;
  readonly why: string;
  readonly log: string | null;
}

export interface Account {
  readonly schema: "drvfleet.run-result/1";
  readonly directory: string;
  readonly policy: string;
  readonly built: number;
  readonly failed: readonly FailedBuild[];
  /** Lost with their hosts until nobody tried again. */
  readonly givenUp: readonly FailedBuild[];
  /** Neither built nor failed, and why not. */
  readonly unbuilt: number;
  readonly stopped: string | null;
  readonly seconds: number;
  readonly predicted: { readonly median: number; readonly low: number; readonly high: number };
  readonly outputs: readonly string[];
}

export function accountOf(
  built: Built,
  problem: Problem,
  header: JournalHeader,
  directory: string,
  outputs: readonly string[],
  logs: Logs,
): Account {
  const { trace, failed, givenUp, unbuilt, stopped } = built;
  const named = ({ task, host, why }: Failed): FailedBuild => ({
    name: problem.graph.names[task]!,
    key: problem.graph.keys[task]!,
    host: problem.hosts.names[host]!,
    why,
    log: logs.path(problem.graph.keys[task]!) ?? null,
  });
  const { median, low, high } = header.prediction;
  let count = 0;
  for (let row = 0; row < trace.rows; row++) if (trace.outcome[row] === BUILT) count++;
  return {
    schema: "drvfleet.run-result/1",
    directory,
    policy: header.policy,
    built: count,
    failed: failed.map(named),
    givenUp: givenUp.map(named),
    unbuilt,
    stopped,
    seconds: trace.makespan / 1e6,
    predicted: { median, low, high },
    outputs,
  };
}

export function accountText({ directory, policy, built, failed, givenUp, unbuilt, stopped, seconds, predicted, outputs }: Account): string {
  const s = (value: number): string => `${value.toFixed(1)} s`;
  return [
    `built ${built}${failed.length > 0 ? `, failed ${failed.length}` : ""}${givenUp.length > 0 ? `, given up ${givenUp.length}` : ""}${unbuilt > 0 ? `, not built ${unbuilt}` : ""} in ${s(seconds)} under ${policy}`,
    `predicted ${s(predicted.median)} (${s(predicted.low)} to ${s(predicted.high)})`,
    ...(stopped === null ? [] : [`stopped: ${stopped}; go on with: drvfleet run --resume ${directory}`]),
    `run       ${directory}`,
    ...outputs,
  ].join("\n");
}
