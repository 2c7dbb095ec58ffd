// `drvfleet import workflow`: measured runs → the files of a replay of each, so that `calibrate` and `validate` work on the
// folder. Phases: runs, what is wrong with them, files. What could not be replayed is refused: all is written or nothing.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import type { Task } from "#ingest/wfcommons-tasks.js";
import { type WorkflowRun, workflowRuns } from "#ingest/workflow-runs.js";
import { load, type Written } from "./files.js";
import { fileName, replayOf } from "./workflow-replay.js";

export interface WorkflowImport {
  readonly files: readonly Written[];
  readonly summary: string;
  readonly notes: readonly string[];
}

export function importWorkflow(inputs: readonly string[]): Result<WorkflowImport> {
  const faults: Fault[] = [];
  const runs: WorkflowRun[] = [];
  for (const input of inputs) {
    const file = load(input);
    const read = file.ok ? workflowRuns(new TextDecoder().decode(file.value.bytes), input) : file;
    const wrong = read.ok ? read.value.flatMap(unfit) : read.faults;
    if (read.ok && wrong.length === 0) runs.push(...read.value);
    faults.push(...wrong);
  }
  faults.push(...repeated(runs));
  if (faults.length > 0) return fail(...faults);
  const files: Written[] = [];
  for (const run of runs) {
    const made = replayOf(run);
    if (!made.ok) return made;
    files.push(...made.value);
  }
  const strays = runs.reduce((sum, run) => sum + straysOf(run).length, 0);
  return ok({
    files,
    summary: `${runs.length} run${runs.length === 1 ? "" : "s"}, ${runs.reduce((sum, { workflow }) => sum + workflow.tasks.length, 0)} jobs`,
    notes: strays === 0 ? [] : [`${strays} jobs ran on the submit host or nobody knows where: they are replayed on the workers`],
  });
}

/** Each run becomes files of its name. */
function repeated(runs: readonly WorkflowRun[]): Fault[] {
  const first = new Map<string, WorkflowRun>();
  for (const run of runs) {
    const before = first.get(fileName(run.workflow));
    if (before === undefined) first.set(fileName(run.workflow), run);
    else {
      const found = `found a second run named ${run.workflow.name}, the first is ${before.where}`;
      return [fault("input", run.where, found, "each run needs a name of its own")];
    }
  }
  return [];
}

/** A replay needs times, machines and what is to be predicted. */
function unfit({ workflow, where }: WorkflowRun): Fault[] {
  const lacks = [
    ...(workflow.makespan === undefined || workflow.makespan === 0 ? ["makespan"] : []),
    ...(workflow.machines.length === 0 ? ["machines"] : []),
    ...(workflow.tasks.some(({ seconds }) => seconds === undefined) ? ["runtimes of all tasks"] : []),
  ];
  if (lacks.length === 0) return [];
  return [fault("input", where, `found no ${lacks.join(", no ")}: no run was measured`, "import graph takes it as a graph")];
}

function straysOf({ workflow, submit }: WorkflowRun): readonly Task[] {
  return workflow.tasks.filter(({ machine }) => machine === undefined || machine === submit);
}
