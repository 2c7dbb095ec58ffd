// Measured runs of workflows: a WfCommons instance that says where each task ran, or JSON lines with a run each, its jobs as
// rows in the order of their columns. Both become the same Workflow. Knows no fleet and no graph.
// Source of the lines: runs of Pegasus workflows as published for the accuracy study of WRENCH's simulator.
import * as z from "zod";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { readWorkflow, type Task, type Workflow } from "./wfcommons-tasks.js";

const text = z.string();
const amount = z.number().nonnegative();

const JOB = z.tuple([
  text.min(1),
  text,
  amount,
  z.array(z.int().min(0)),
  amount.nullable(),
  amount.nullable(),
  text.nullable(),
  amount.nullable(),
  amount.nullable(),
]);

const COLUMNS = "name,type,runtime_s,parents,in_bytes,out_bytes,machine,cores,avgCPU";

const RUN = z.object({
  run: text.min(1),
  makespan_s: amount,
  workers: z.int().min(1),
  machines: z.array(z.tuple([text.min(1), z.int().min(1)], z.unknown())).min(1),
  columns: z.literal(COLUMNS),
  jobs: z.array(JOB).min(1),
});

export interface WorkflowRun {
  /** The file, with its line where that holds several runs. */
  readonly where: string;
  readonly workflow: Workflow;
  /** The machine that submits and works nothing itself; null = none is named. */
  readonly submit: string | null;
}

const HINT = 'expected a WfCommons instance, or JSON lines of {"run", "makespan_s", "workers", "machines", "columns", "jobs"}';

export function workflowRuns(content: string, file: string): Result<readonly WorkflowRun[]> {
  const whole = parsed(content);
  if (whole !== undefined && !isRun(whole)) {
    const read = readWorkflow(whole, file);
    return read.ok ? ok([{ where: file, workflow: read.value, submit: null }]) : read;
  }
  if (content.trim() === "") return fail(fault("input", file, "found an empty file", HINT));
  const faults: Fault[] = [];
  const runs: WorkflowRun[] = [];
  for (const [i, line] of content.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = runOf(parsed(line), `${file}:${i + 1}`);
    if (read.ok) runs.push(read.value);
    else faults.push(...read.faults);
  }
  return faults.length > 0 ? fail(...faults.slice(0, 5)) : ok(runs);
}

function isRun(value: unknown): boolean {
  return typeof value === "object" && value !== null && "jobs" in value && "run" in value;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function runOf(value: unknown, where: string): Result<WorkflowRun> {
  if (value === undefined) return fail(fault("input", where, "the line is no JSON object", HINT));
  const checked = RUN.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return fail(fault("input", `${where} ${issue!.path.join(".")}`, issue!.message, HINT));
  }
  const { run, makespan_s: makespan, workers, machines, jobs } = checked.data;
  const lost = jobs.findIndex(([, , , parents]) => parents.some((parent) => parent >= jobs.length));
  if (lost >= 0) return fail(fault("input", `${where} jobs.${lost}`, `found a parent beyond the last of ${jobs.length} jobs`, HINT));
  const names = jobs.map(([name]) => name);
  return ok({
    where,
    workflow: {
      name: run,
      makespan,
      tasks: jobs.map((job) => taskOf(job, names)),
      bytesOf: new Map(jobs.map(([name, , , , , out]) => [outputOf(name), out ?? 0])),
      machines: machines.map(([name, cores]) => ({ name, cores })),
    },
    submit: machines.length > workers ? machines[0]![0] : null,
  });
}

/** What a job writes is one file, which all that depend on it read. */
function taskOf([name, , seconds, parents, , , machine, cores, percentCpu]: z.infer<typeof JOB>, names: readonly string[]): Task {
  const needs = parents.map((parent) => names[parent]!);
  return {
    id: name,
    name,
    parents: needs,
    children: [],
    inputs: needs.map(outputOf),
    outputs: [outputOf(name)],
    seconds,
    ...(cores !== null && { cores }),
    ...(percentCpu !== null && { percentCpu }),
    ...(machine !== null && machine !== "" && { machine }),
  };
}

function outputOf(name: string): string {
  return `${name}.out`;
}
