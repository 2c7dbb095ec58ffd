// What a WfCommons file says of its tasks, whichever of its two layouts it has: `specification` + `execution` (1.5 on),
// or tasks with everything in one place before. Unknown fields are passed over, as the format allows.
// Source: github.com/wfcommons/WfFormat, versions 1.0–1.6.
import * as z from "zod";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";

/** One task, whichever layout it was in. */
export interface Task {
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
  /** Where it ran. */
  readonly machine?: string;
}

export interface Machine {
  readonly name: string;
  readonly cores?: number;
  readonly memoryBytes?: number;
}

export interface Workflow {
  readonly name: string;
  readonly schemaVersion?: string;
  readonly tasks: readonly Task[];
  readonly bytesOf: ReadonlyMap<string, number>;
  readonly makespan?: number;
  readonly machines: readonly Machine[];
}

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
  machine: id.optional(),
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
  machines: z.array(id).optional(),
});

const MACHINE = z.object({
  nodeName: id,
  memoryInBytes: amount.optional(),
  cpu: z.object({ coreCount: amount.optional(), count: amount.optional() }).optional(),
});
const machines = z.array(MACHINE).default([]);

const WORKFLOW = {
  specification: z.object({
    specification: z.object({ tasks: z.array(NEW_TASK), files: z.array(z.object({ id, sizeInBytes: amount })).default([]) }),
    execution: z.object({ makespanInSeconds: amount.optional(), tasks: z.array(EXECUTED).default([]), machines }).optional(),
  }),
  tasks: z.object({ tasks: z.array(OLD_TASK), makespanInSeconds: amount.optional(), machines }),
  jobs: z.object({ jobs: z.array(OLD_TASK), makespanInSeconds: amount.optional(), machines }),
} as const;

const INSTANCE = z.object({
  name: z.string().default("workflow"),
  schemaVersion: z.string().optional(),
  workflow: z.record(z.string(), z.unknown()),
});

/** `value` is the parsed JSON file. */
export function readWorkflow(value: unknown, file: string): Result<Workflow> {
  const instance = INSTANCE.safeParse(value);
  if (!instance.success) return fail(...faultsOf(instance.error, file, value));
  const { name, workflow: given, schemaVersion } = instance.data;
  const layout = (["specification", "tasks", "jobs"] as const).find((key) => key in given);
  if (layout === undefined) return fail(fault("input", `${file} workflow`, "found neither specification, tasks nor jobs", HINT));
  const checked = WORKFLOW[layout].safeParse(given);
  if (!checked.success) return fail(...faultsOf(checked.error, `${file} workflow`, given));
  const parts = "specification" in checked.data ? newWorkflow(checked.data) : oldWorkflow(checked.data);
  return ok({ name, ...(schemaVersion !== undefined && { schemaVersion }), ...parts });
}

type Parts = Pick<Workflow, "tasks" | "bytesOf" | "makespan" | "machines">;

function newWorkflow({ specification, execution }: z.infer<typeof WORKFLOW.specification>): Parts {
  const executed = new Map((execution?.tasks ?? []).map((task) => [task.id, task]));
  const makespan = execution?.makespanInSeconds;
  return {
    tasks: specification.tasks.map((task) => newTask(task, executed.get(task.id))),
    bytesOf: new Map(specification.files.map((file) => [file.id, file.sizeInBytes])),
    ...(makespan !== undefined && { makespan }),
    machines: (execution?.machines ?? []).map(machineOf),
  };
}

function oldWorkflow(given: z.infer<typeof WORKFLOW.tasks> | z.infer<typeof WORKFLOW.jobs>): Parts {
  const tasks = "jobs" in given ? given.jobs : given.tasks;
  const files = tasks.flatMap((task) => task.files);
  const names = new Set(tasks.map((task) => task.name));
  const nameOfId = new Map(tasks.map((task) => [task.id, task.name]));
  const nameOf = (reference: string) => (names.has(reference) ? reference : (nameOfId.get(reference) ?? reference));
  return {
    tasks: tasks.map((task) => oldTask(task, nameOf)),
    bytesOf: new Map(files.map((file) => [file.name ?? file.id ?? "", file.sizeInBytes ?? file.size ?? 0])),
    ...(given.makespanInSeconds !== undefined && { makespan: given.makespanInSeconds }),
    machines: given.machines.map(machineOf),
  };
}

function machineOf({ nodeName: name, memoryInBytes, cpu }: z.infer<typeof MACHINE>): Machine {
  const cores = cpu?.coreCount ?? cpu?.count;
  return { name, ...(cores !== undefined && { cores }), ...(memoryInBytes !== undefined && { memoryBytes: memoryInBytes }) };
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
    ...(task.machine !== undefined && { machine: task.machine }),
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
    ...(run?.machines?.[0] !== undefined && { machine: run.machines[0] }),
  };
}

function measured(cores: number | undefined, percentCpu: number | undefined, memoryBytes: number | undefined) {
  return {
    ...(cores !== undefined && { cores }),
    ...(percentCpu !== undefined && { percentCpu }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
}

const HINT = "expected a WfCommons instance: {name, schemaVersion, workflow: {specification, execution}}";

function faultsOf(error: z.ZodError, where: string, value: unknown): Fault[] {
  return error.issues.slice(0, 5).map((issue) => {
    const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
    const shown = (JSON.stringify(found) ?? "nothing").slice(0, 60);
    return fault("input", [where, ...issue.path.map(String)].join("."), `found ${shown}: ${issue.message}`, HINT);
  });
}
