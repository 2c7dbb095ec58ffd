// Reader of WfCommons workflow instances (WfFormat 1.0–1.6): recorded or synthetic workflows with measured runtimes and
// file sizes, which make graphs with known durations. Two layouts: `specification` + `execution` (1.5 on), and tasks
// with everything in one place before. Runtimes become `seconds` on any host, file sizes become bytes on edges.
// Source: github.com/wfcommons/WfFormat.
import { z } from "zod";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { compareText } from "#base/order.js";
import type { GraphFile, NodeFile } from "#model/graph-file.js";

const id = z.string().min(1);
const amount = z.number().nonnegative();

const OLD_TASK = z.object({
  name: id,
  id: id.optional(),
  parents: z.array(id).default([]),
  children: z.array(id).default([]),
  runtimeInSeconds: amount.optional(),
  runtime: amount.optional(),
  cores: amount.optional(),
  avgCPU: amount.optional(),
  memoryInBytes: amount.optional(),
  files: z
    .array(
      z.object({
        name: id.optional(),
        id: id.optional(),
        link: z.enum(["input", "output"]),
        sizeInBytes: amount.optional(),
        size: amount.optional(),
      }),
    )
    .default([]),
});

const NEW_TASK = z.object({
  name: id,
  id,
  parents: z.array(id).default([]),
  children: z.array(id).default([]),
  inputFiles: z.array(id).default([]),
  outputFiles: z.array(id).default([]),
});

const EXECUTED = z.object({
  id,
  runtimeInSeconds: amount,
  coreCount: amount.optional(),
  avgCPU: amount.optional(),
  memoryInBytes: amount.optional(),
});

const WORKFLOW = {
  specification: z.object({
    specification: z.object({ tasks: z.array(NEW_TASK), files: z.array(z.object({ id, sizeInBytes: amount })).default([]) }),
    execution: z.object({ makespanInSeconds: amount.optional(), tasks: z.array(EXECUTED).default([]) }).optional(),
  }),
  tasks: z.object({ tasks: z.array(OLD_TASK), makespanInSeconds: amount.optional() }),
  jobs: z.object({ jobs: z.array(OLD_TASK), makespanInSeconds: amount.optional() }),
} as const;

const INSTANCE = z.object({
  name: z.string().default("workflow"),
  schemaVersion: z.string().optional(),
  workflow: z.record(z.string(), z.unknown()),
});

/** One task, whichever layout it was in. */
interface Task {
  readonly id: string;
  readonly name: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly seconds?: number;
  readonly cores?: number;
  readonly percentCpu?: number;
  readonly memoryBytes?: number;
}

interface Workflow {
  readonly tasks: readonly Task[];
  readonly bytesOf: ReadonlyMap<string, number>;
  readonly makespan?: number;
}

export interface WfOptions {
  readonly name?: string;
  readonly system: string;
}

/** `value` is the parsed JSON file. Tasks run on any host of `system`. */
export function graphOfWfCommons(value: unknown, file: string, options: WfOptions): Result<{ graph: GraphFile; notes: readonly string[] }> {
  const instance = INSTANCE.safeParse(value);
  if (!instance.success) return fail(...faultsOf(instance.error, file, value));
  const { name, workflow: given, schemaVersion } = instance.data;
  const layout = (["specification", "tasks", "jobs"] as const).find((key) => key in given);
  if (layout === undefined) return fail(fault("input", `${file} workflow`, "found neither specification, tasks nor jobs", HINT));
  const checked = WORKFLOW[layout].safeParse(given);
  if (!checked.success) return fail(...faultsOf(checked.error, `${file} workflow`, given));
  const workflow = "specification" in checked.data ? newWorkflow(checked.data) : oldWorkflow(checked.data);
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

function newWorkflow({ specification, execution }: z.infer<typeof WORKFLOW.specification>): Workflow {
  const executed = new Map((execution?.tasks ?? []).map((task) => [task.id, task]));
  const makespan = execution?.makespanInSeconds;
  return {
    tasks: specification.tasks.map((task) => newTask(task, executed.get(task.id))),
    bytesOf: new Map(specification.files.map((file) => [file.id, file.sizeInBytes])),
    ...(makespan !== undefined && { makespan }),
  };
}

function oldWorkflow(given: z.infer<typeof WORKFLOW.tasks> | z.infer<typeof WORKFLOW.jobs>): Workflow {
  const tasks = "jobs" in given ? given.jobs : given.tasks;
  const files = tasks.flatMap((task) => task.files);
  const names = new Set(tasks.map((task) => task.name));
  const nameOfId = new Map(tasks.map((task) => [task.id, task.name]));
  const nameOf = (reference: string) => (names.has(reference) ? reference : (nameOfId.get(reference) ?? reference));
  return {
    tasks: tasks.map((task) => oldTask(task, nameOf)),
    bytesOf: new Map(files.map((file) => [file.name ?? file.id ?? "", file.sizeInBytes ?? file.size ?? 0])),
    ...(given.makespanInSeconds !== undefined && { makespan: given.makespanInSeconds }),
  };
}

/** Before 1.5 `parents` named tasks by `name` or, where there is one, by `id`. */
function oldTask(task: z.infer<typeof OLD_TASK>, nameOf: (reference: string) => string): Task {
  const seconds = task.runtimeInSeconds ?? task.runtime;
  const names = (link: string) => task.files.filter((file) => file.link === link).map((file) => file.name ?? file.id ?? "");
  return {
    id: task.name,
    name: task.name,
    parents: task.parents.map(nameOf),
    children: task.children.map(nameOf),
    inputs: names("input"),
    outputs: names("output"),
    ...(seconds !== undefined && { seconds }),
    ...measured(task.cores, task.avgCPU, task.memoryInBytes),
  };
}

function newTask(task: z.infer<typeof NEW_TASK>, run: z.infer<typeof EXECUTED> | undefined): Task {
  return {
    id: task.id,
    name: task.name,
    parents: task.parents,
    children: task.children,
    inputs: task.inputFiles,
    outputs: task.outputFiles,
    ...(run !== undefined && { seconds: run.runtimeInSeconds, ...measured(run.coreCount, run.avgCPU, run.memoryInBytes) }),
  };
}

function measured(cores: number | undefined, percentCpu: number | undefined, memoryBytes: number | undefined) {
  return {
    ...(cores !== undefined && { cores }),
    ...(percentCpu !== undefined && { percentCpu }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
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

const HINT = "expected a WfCommons instance: {name, schemaVersion, workflow: {specification, execution}}";

function faultsOf(error: z.ZodError, where: string, value: unknown): Fault[] {
  return error.issues.slice(0, 5).map((issue) => {
    const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
    const shown = (JSON.stringify(found) ?? "nothing").slice(0, 60);
    return fault("input", [where, ...issue.path.map(String)].join("."), `found ${shown}: ${issue.message}`, HINT);
  });
}
