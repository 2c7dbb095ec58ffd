// `drvfleet import workflow`: measured runs → for each a graph, a trace that knows hosts and makespan only, and a scenario
// that replays it, so that `calibrate` and `validate` work on the folder. What the workflow engine does besides running
// jobs is left to calibration: the replay starts with none of it.
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { BUILT, STAGES, Trace } from "#dispatch/trace.js";
import type { Task, Workflow } from "#ingest/wfcommons-tasks.js";
import { graphOfWorkflow } from "#ingest/wfcommons.js";
import { type WorkflowRun, workflowRuns } from "#ingest/workflow-runs.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { traceJsonLines } from "#report/trace-jsonl.js";
import { load, type Written } from "./files.js";

const SYSTEM = "x86_64-linux";
const SUBMIT = "submit-host";
/** Worlds: they differ only once a model says what a run adds to its jobs. */
const WORLDS = 100;
/**
 * Assumed of what runs add, until several show it: makespans of five equal runs of Montage on four m5.xlarge differ by 1.5 %, and half
 * of them is such (wrench-project/pegasus, examples/evaluation/accuracy).
 */
const LOAD_CV = 0.03;

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
    const wrong = read.ok ? read.value.flatMap((run) => unfit(run, input)) : read.faults;
    if (read.ok && wrong.length === 0) runs.push(...read.value);
    faults.push(...wrong);
  }
  const twice = runs.find(({ workflow }, i) => runs.findIndex((other) => fileName(other.workflow) === fileName(workflow)) < i);
  if (twice !== undefined) faults.push(fault("input", inputs.join(", "), `found two runs named ${twice.workflow.name}`));
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

/** A replay needs times, machines and what is to be predicted. */
function unfit({ workflow }: WorkflowRun, input: string): Fault[] {
  const lacks = [
    ...(workflow.makespan === undefined || workflow.makespan === 0 ? ["makespan"] : []),
    ...(workflow.machines.length === 0 ? ["machines"] : []),
    ...(workflow.tasks.some(({ seconds }) => seconds === undefined) ? ["runtimes of all tasks"] : []),
  ];
  if (lacks.length === 0) return [];
  return [fault("input", input, `found no ${lacks.join(", no ")}: no run was measured`, "import graph takes it as a graph")];
}

function straysOf({ workflow, submit }: WorkflowRun): readonly Task[] {
  return workflow.tasks.filter(({ machine }) => machine === undefined || machine === submit);
}

function replayOf(run: WorkflowRun): Result<readonly Written[]> {
  const { workflow } = run;
  const name = fileName(workflow);
  const built = graphOfWorkflow(workflow, workflow.name, { name, system: SYSTEM });
  if (!built.ok) return built;
  const fleet = fleetOf(run);
  return ok([
    { name: `${name}.graph.json`, content: `${JSON.stringify(built.value.graph)}\n` },
    { name: `${name}.yaml`, content: scenarioText(name, run, fleet) },
    { name: `${name}.r1.trace.jsonl`, content: traceText(name, workflow, fleet) },
  ]);
}

function fleetOf({ workflow, submit }: WorkflowRun): FleetFile {
  const host = (name: string, cores: number, maxJobs: number): HostFile => ({
    name,
    cores,
    maxJobs,
    speed: 1,
    systems: { [SYSTEM]: "native" },
  });
  const workers = workflow.machines.filter(({ name }) => name !== submit);
  return {
    schema: "drvfleet.fleet/1",
    coordinator: host(submit ?? SUBMIT, 1, 0),
    builders: workers.map(({ name, cores = 1 }) => ({ ...host(name, cores, cores), link: { connect: "0 s" } })),
  };
}

/** First come, first served on whatever core is free; how the engine chose is not known. */
function scenarioText(name: string, { workflow }: WorkflowRun, { schema, coordinator, builders }: FleetFile): string {
  const seconds = workflow.makespan!;
  return [
    "schema: drvfleet.scenario/1",
    `name: ${JSON.stringify(name)}`,
    `about: ${JSON.stringify(`A measured run of ${workflow.tasks.length} jobs on ${builders.length} machines: ${seconds} s`)}`,
    `graph: ${JSON.stringify(`${name}.graph.json`)}`,
    "policies: list[priority=fifo,placement=earliest-start]",
    `conduct: { base: ideal, name: workflow, timing: { loadCv: ${LOAD_CV} } }`,
    "models: { network: free }",
    `seeds: ${WORLDS}`,
    "fleet:",
    `  schema: ${schema}`,
    `  coordinator: ${JSON.stringify(coordinator)}`,
    "  builders:",
    ...builders.map((host) => `    - ${JSON.stringify(host)}`),
    "",
  ].join("\n");
}

function traceText(name: string, { tasks, makespan }: Workflow, { coordinator, builders }: FleetFile): string {
  const names = [coordinator, ...builders].map((host) => host.name);
  const trace = new Trace(tasks.length);
  for (const [i, { machine }] of tasks.entries()) {
    const host = machine === undefined ? -1 : names.indexOf(machine);
    if (host < 0) continue;
    const row = trace.open(i, 1, host, 0, 1, Number.NaN, Number.NaN);
    for (const stage of STAGES) trace[stage][row] = Number.NaN;
    trace.bytesIn[row] = trace.bytesOut[row] = trace.coreSeconds[row] = Number.NaN;
    trace.outcome[row] = BUILT;
  }
  trace.makespan = makespan! * 1e6;
  const given = { graph: { keys: tasks.map(({ id }) => id) }, hosts: { names } };
  return traceJsonLines(trace, given, { run: name, engine: "workflow" });
}

/** A name that is a file's on every system. */
function fileName({ name }: Workflow): string {
  return name.replace(/[^\w.-]+/g, "-");
}
