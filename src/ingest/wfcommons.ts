// A WfCommons workflow instance (WfFormat 1.0–1.6) → a graph: recorded or synthetic workflows with measured runtimes and
// file sizes, so a graph with known durations. Runtimes become `seconds` on any host, file sizes become bytes on edges.
// Knows neither of the format's layouts. Source: github.com/wfcommons/WfFormat.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { compareText } from "#base/order.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";
import { readWorkflow, type Task, type Workflow } from "./wfcommons-tasks.js";

export interface WfOptions {
  readonly name?: string;
  readonly system: string;
}

/** `value` is the parsed JSON file. Tasks run on any host of `system`. */
export function graphOfWfCommons(value: unknown, file: string, options: WfOptions): Result<{ graph: GraphFile; notes: readonly string[] }> {
  const read = readWorkflow(value, file);
  return read.ok ? graphOfWorkflow(read.value, file, options) : read;
}

export function graphOfWorkflow(
  workflow: Workflow,
  file: string,
  options: WfOptions,
): Result<{ graph: GraphFile; notes: readonly string[] }> {
  const { name, schemaVersion } = workflow;
  const sorted = [...workflow.tasks].sort((a, b) => compareText(a.id, b.id));
  const index = new Map(sorted.map((task, i) => [task.id, i]));
  const faults = references(sorted, index, file);
  if (faults.length > 0) return fail(...faults);
  const producer = new Map(sorted.flatMap((task, i) => task.outputs.map((output) => [output, i] as const)));
  const nodes = sorted.map((task) => nodeOf(task, workflow, producer, options.system));
  const timeless = nodes.filter((node) => node.seconds === undefined).length;
  return ok({
    graph: {
      schema: "drvfleet.graph/1",
      name: options.name ?? name,
      source: {
        format: "wfcommons",
        ...(schemaVersion !== undefined && { schemaVersion }),
        ...(workflow.makespan !== undefined && { makespanSeconds: workflow.makespan }),
      },
      nodes,
      edges: edgesOf(sorted, index, workflow, producer),
    },
    notes: timeless > 0 ? [`${timeless} of ${nodes.length} tasks have no measured runtime`] : [],
  });
}

function references(tasks: readonly Task[], index: ReadonlyMap<string, number>, file: string): Fault[] {
  if (index.size < tasks.length) {
    const twice = tasks.find((task, i) => tasks[i + 1]?.id === task.id)!;
    return [fault("input", file, `found the task ${JSON.stringify(twice.id)} twice`, "tasks need different ids")];
  }
  return tasks
    .flatMap((task) =>
      [...task.parents, ...task.children]
        .filter((other) => !index.has(other))
        .slice(0, 1)
        .map((other) =>
          fault("input", `${file} task ${task.id}`, `found the unknown task ${JSON.stringify(other)} among its parents and children`),
        ),
    )
    .slice(0, 5);
}

/** `avgCPU` is a percentage of one core; without it a task is taken to keep its cores busy. */
function nodeOf(task: Task, { bytesOf }: Workflow, producer: ReadonlyMap<string, number>, system: string): NodeFile {
  const sum = (files: readonly string[]) => files.reduce((total, file) => total + (bytesOf.get(file) ?? 0), 0);
  const sources = task.inputs.filter((file) => !producer.has(file));
  const cpu = task.percentCpu !== undefined ? task.percentCpu / 100 : task.cores;
  return {
    name: task.id,
    pname: task.name.replace(/[_-]?ID\d+$/, ""),
    kind: "build",
    system,
    ...(task.seconds !== undefined && { seconds: { "*": task.seconds } }),
    ...(cpu !== undefined && { cpu }),
    ...(task.memoryBytes !== undefined && { memoryBytes: task.memoryBytes }),
    ...(task.outputs.length > 0 && { outputBytes: sum(task.outputs) }),
    ...(sources.length > 0 && { sourceBytes: sum(sources) }),
  };
}

/** Parents and children say the same; an edge carries the files that the parent makes and the child reads. */
function edgesOf(
  tasks: readonly Task[],
  index: ReadonlyMap<string, number>,
  { bytesOf }: Workflow,
  producer: ReadonlyMap<string, number>,
): GraphFile["edges"] {
  const children = tasks.map((task) => new Set(task.children.map((child) => index.get(child)!)));
  for (const [to, task] of tasks.entries()) for (const parent of task.parents) children[index.get(parent)!]!.add(to);
  const from: number[] = [];
  const to: number[] = [];
  const bytes: number[] = [];
  for (const [parent, reached] of children.entries()) {
    for (const child of [...reached].sort((a, b) => a - b)) {
      from.push(parent);
      to.push(child);
      const shared = new Set(tasks[child]!.inputs.filter((file) => producer.get(file) === parent));
      bytes.push([...shared].reduce((total, file) => total + (bytesOf.get(file) ?? 0), 0));
    }
  }
  return { from, to, bytes };
}
