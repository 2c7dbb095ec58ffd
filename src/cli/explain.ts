// Why a derivation was built where it was: the run is repeated with a notebook, which records what the policy could see
// when it decided. The answer names, for each host, what spoke for or against it, and what the derivation waited for.
import { type Fault, fail, fault, ok, type Result, suggest } from "#base/fault.js";
import type { TaskId } from "#base/units.js";
import type { Notebook } from "#dispatch/dispatcher.js";
import type { Trace } from "#dispatch/trace.js";
import type { StateView } from "#dispatch/view.js";
import type { Problem } from "#model/problem.js";
import { type Explanation, explanationText, type HostVerdict } from "#report/explanation.js";
import { isGlob, matches } from "#scenario/glob.js";
import { runOne, worldOf } from "./cell.js";
import { EXIT, printFaults } from "./exit.js";
import { experimentOf } from "./experiment.js";
import { livedTrace } from "./lived.js";
import { hostVerdicts } from "./host-verdicts.js";
import { readRun } from "./run-directory.js";

/** Returns the exit code. */
export function explain(directory: string, wanted: string, json: boolean): number {
  const read = readRun(directory);
  if (!read.ok) return printFaults(read.faults);
  const { run, scenario } = read.value;
  const ready = experimentOf(scenario, { ...run.flags, policies: [run.policy], seeds: [run.seed] });
  if (!ready.ok) return printFaults(ready.faults);
  const compiled = ready.value.experiment.fleets.find(({ fleetName }) => fleetName === run.fleet) ?? ready.value.experiment.fleets[0]!;
  const contender = ready.value.experiment.contenders[0]!;
  const found = taskOf(compiled.problem, wanted);
  if (!found.ok) return printFaults(found.faults);
  const world = worldOf(compiled, run.seed);
  const notebook = new OneTask(compiled.problem, found.value);
  const told =
    run.what === "run"
      ? livedTrace(directory, compiled, contender, run.seed, notebook)
      : ok(runOne(compiled, contender, world, notebook).trace);
  if (!told.ok) return printFaults(told.faults);
  const trace = told.value;
  const answer = explanationOf(trace, world.truth, found.value, notebook, contender.policy, contender.conduct.name);
  process.stdout.write(`${json ? JSON.stringify(answer) : explanationText(answer)}\n`);
  return EXIT.fine;
}

/** What could be seen of one task at its last start. */
class OneTask implements Notebook {
  private readonly scores = new Map<number, number>();
  hosts: readonly HostVerdict[] = [];

  constructor(
    private readonly problem: Problem,
    private readonly wanted: TaskId,
  ) {}

  note(task: number, host: number, score: number): void {
    if (task === this.wanted) this.scores.set(host, score);
  }

  started(task: number, chosen: number, view: StateView): void {
    if (task !== this.wanted) return;
    this.hosts = hostVerdicts(this.problem, task as TaskId, chosen, view, (host) => this.scores.get(host) ?? null);
    this.scores.clear();
  }
}

function explanationOf(trace: Trace, problem: Problem, task: number, notebook: OneTask, policy: string, conduct: string): Explanation {
  const { graph, hosts, tasks, demand } = problem;
  const rows = Array.from({ length: trace.rows }, (_, row) => row).filter((row) => trace.task[row] === task);
  const row = rows.at(-1);
  const at = (column: Float64Array): number | null => (row === undefined || Number.isNaN(column[row]!) ? null : column[row]! / 1e6);
  const inputs = Array.from(graph.pred.subarray(graph.predStart[task]!, graph.predStart[task + 1]!));
  const lastInput = row === undefined ? undefined : lastOf(trace, inputs);
  const postponed = trace.spans
    .filter((span) => span.kind === "postponed" && span.task === task)
    .reduce((sum, span) => sum + span.to - span.from, 0);
  return {
    schema: "drvfleet.explain/1",
    task: graph.names[task]!,
    key: graph.keys[task]!,
    class: demand.labels[tasks.classOf[task]!]!,
    policy,
    conduct,
    attempts: rows.length,
    host: row === undefined ? null : hosts.names[trace.host[row]!]!,
    cores: row === undefined ? null : trace.cores[row]!,
    lastInput: lastInput === undefined ? null : { task: graph.names[lastInput.task]!, at: lastInput.at / 1e6 },
    ready: at(trace.ready),
    asked: at(trace.asked),
    accepted: at(trace.accepted),
    uploadFrom: at(trace.uploadFrom),
    uploaded: at(trace.uploaded),
    started: at(trace.started),
    built: at(trace.built),
    returned: at(trace.returned),
    noticed: at(trace.noticed),
    postponedSeconds: postponed / 1e6,
    bytesIn: row === undefined ? 0 : trace.bytesIn[row]!,
    bytesOut: row === undefined ? 0 : trace.bytesOut[row]!,
    hosts: notebook.hosts,
  };
}

/** The input that was noticed last. */
function lastOf(trace: Trace, inputs: readonly number[]): { task: number; at: number } | undefined {
  let last: { task: number; at: number } | undefined;
  for (let row = 0; row < trace.rows; row++) {
    const task = trace.task[row]!;
    if (inputs.includes(task) && !Number.isNaN(trace.noticed[row]!) && (last === undefined || trace.noticed[row]! > last.at))
      last = { task, at: trace.noticed[row]! };
  }
  return last;
}

function taskOf({ graph, tasks, demand }: Problem, wanted: string): Result<TaskId> {
  const byKey = graph.keys.indexOf(wanted);
  if (byKey >= 0) return ok(byKey as TaskId);
  const fits = (name: string): boolean => (isGlob(wanted) ? matches(wanted, name) : name === wanted);
  const found = Array.from({ length: graph.count }, (_, t) => t).filter((t) => fits(graph.names[t]!));
  if (found.length === 1) return ok(found[0]! as TaskId);
  return fail(
    found.length === 0
      ? unknown(graph.names, wanted)
      : several(
          found.map((t) => `${graph.keys[t]!} (${demand.systems[tasks.classOf[t]!]!})`),
          wanted,
        ),
  );
}

function unknown(names: readonly string[], wanted: string): Fault {
  const near = names.filter((name) => name.includes(wanted));
  return fault(
    "usage",
    "explain",
    `found no derivation ${JSON.stringify(wanted)} in the run`,
    near.length > 0 ? suggest(wanted, near, 6) : suggest(wanted, names, 6),
  );
}

function several(keys: readonly string[], wanted: string): Fault {
  return fault("usage", "explain", `${JSON.stringify(wanted)} matches ${keys.length} derivations, expected one`, suggest("", keys, 6));
}
