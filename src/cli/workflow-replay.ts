// One measured run of a workflow → the files of its replay: a graph, a trace that knows hosts and makespan only, and a
// scenario. What the workflow engine does besides running jobs is left to calibration: the replay starts with none of it.
import { ok, type Result } from "#base/fault.js";
import { BUILT, STAGES, Trace } from "#dispatch/trace.js";
import type { Workflow } from "#ingest/wfcommons-tasks.js";
import { graphOfWorkflow } from "#ingest/wfcommons.js";
import type { WorkflowRun } from "#ingest/workflow-runs.js";
import type { FleetFile, HostFile } from "#model/fleet-file.js";
import { traceJsonLines } from "#report/trace-jsonl.js";
import { buildGraph } from "#scenario/graph.js";
import { keysOf } from "#scenario/node-key.js";
import type { Written } from "./files.js";

const SYSTEM = "x86_64-linux";
const SUBMIT = "submit-host";
/** Worlds: they differ only once a model says what a run adds to its jobs. */
const WORLDS = 100;
/**
 * Assumed of what runs add, until several show it: makespans of five equal runs of Montage on four m5.xlarge differ by 1.5 %, and half
 * of them is such (wrench-project/pegasus, examples/evaluation/accuracy).
 */
const LOAD_CV = 0.03;

/** A graph that could never be replayed (a cycle, a job that needs itself) is a fault with the run's place. */
export function replayOf(run: WorkflowRun): Result<readonly Written[]> {
  const { workflow, where } = run;
  const name = fileName(workflow);
  const made = graphOfWorkflow(workflow, where, { name, system: SYSTEM });
  if (!made.ok) return made;
  const { graph } = made.value;
  const keys = keysOf(graph.nodes, where);
  const ordered = keys.ok ? buildGraph(graph, keys.value, where) : keys;
  if (!ordered.ok) return ordered;
  const fleet = fleetOf(run);
  return ok([
    { name: `${name}.graph.json`, content: `${JSON.stringify(graph)}\n` },
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
export function fileName({ name }: Workflow): string {
  return name.replace(/[^\w.-]+/g, "-");
}
