// Reader of nix-eval-jobs JSON lines: a list of jobs (roots), each with its direct inputs where the version prints
// them. It is no whole graph: with other inputs the jobs are roots; alone, jobs are the nodes and only needs between
// jobs are edges, which a note says. Fields: reference section 6.4.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { compareText } from "#base/order.js";
import type { NodeFile } from "#model/graph-file.js";
import { kindOf, WORKLOAD_OF } from "./build-kind.js";
import type { GraphCollector } from "./graph-of.js";
import { parseJson } from "./json-text.js";
import { hasMark } from "./source-text.js";
import { baseName, derivationName, packageName } from "./store-path.js";

export interface EvalJob {
  readonly attr: string;
  readonly drvPath: string;
  readonly system: string;
  readonly features: readonly string[];
  readonly inputDrvs: readonly string[];
}

export interface EvalJobs {
  readonly jobs: readonly EvalJob[];
  /** Attributes whose evaluation failed, with the first line of why. */
  readonly errors: readonly string[];
}

export function parseEvalJobs(bytes: Uint8Array, file: string): Result<EvalJobs> {
  const jobs: EvalJob[] = [];
  const errors: string[] = [];
  const faults: Fault[] = [];
  for (const { line, offset, content } of linesOf(bytes)) {
    const value = parseJson(content, file, { offset, line, column: 1 });
    if (!value.ok) return value;
    const job = jobOf(value.value, `${file}:${line}`);
    if (typeof job === "string") errors.push(job);
    else if ("code" in job) faults.push(job);
    else jobs.push(job);
  }
  if (faults.length > 0) return fail(...faults.slice(0, 10));
  if (jobs.length === 0)
    return fail(
      fault("input", file, errors.length > 0 ? `found no job, only ${errors.length} evaluation errors: ${errors[0]}` : "found no job"),
    );
  return ok({ jobs, errors });
}

/** Adds the jobs as nodes, for a file that comes alone. Returns the fault, or what the graph lacks. */
export function addEvalJobs(jobs: readonly EvalJob[], collector: GraphCollector): Fault | readonly string[] {
  const known = new Set(jobs.map((job) => baseName(job.drvPath)));
  const left = new Set<string>();
  for (const job of jobs) {
    if (collector.has(job.drvPath)) continue;
    const inputs = job.inputDrvs.filter((path) => known.has(baseName(path)));
    for (const path of job.inputDrvs) if (!known.has(baseName(path))) left.add(baseName(path));
    const broken = collector.add(job.drvPath, nodeOf(job), inputs);
    if (broken !== undefined) return broken;
  }
  const incomplete =
    "nix-eval-jobs lists jobs, not their closure: for the whole graph give `nix derivation show -r` of them, or the store directory, as a further input";
  return [incomplete, ...(left.size > 0 ? [`${left.size} derivations that jobs need and that are no jobs are left out`] : [])];
}

export function noteErrors(errors: readonly string[]): readonly string[] {
  if (errors.length === 0) return [];
  return [`${errors.length} attributes could not be evaluated and are left out, the first: ${errors[0]}`];
}

function nodeOf(job: EvalJob): NodeFile {
  const name = derivationName(job.drvPath)!;
  const { pname, version } = packageName(name);
  const kind = kindOf({ name, pname, fixedOutput: false, builder: "", preferLocal: false, allowSubstitutes: true, writesText: false });
  const workload = WORKLOAD_OF[kind];
  return {
    name,
    pname,
    ...(version !== undefined && { version }),
    system: job.system,
    ...(job.features.length > 0 && { features: job.features }),
    kind,
    ...(workload !== undefined && { workload }),
  };
}

function jobOf(value: unknown, where: string): EvalJob | string | Fault {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fault("input", where, "found no JSON object, expected a job of nix-eval-jobs");
  const { attr, error, drvPath, system, requiredSystemFeatures = [], inputDrvs = {} } = value as Record<string, unknown>;
  if (typeof error === "string") return `${typeof attr === "string" ? attr : "(no attribute)"}: ${error.split("\n")[0]}`;
  if (typeof drvPath !== "string" || derivationName(drvPath) === undefined) {
    return fault("input", `${where} drvPath`, `found ${JSON.stringify(drvPath) ?? "nothing"}, expected the store path of a derivation`);
  }
  if (typeof system !== "string")
    return fault("input", `${where} system`, `found ${JSON.stringify(system) ?? "nothing"}, expected a system`);
  if (!Array.isArray(requiredSystemFeatures) || !requiredSystemFeatures.every((item) => typeof item === "string")) {
    return fault("input", `${where} requiredSystemFeatures`, `found ${JSON.stringify(requiredSystemFeatures)}, expected a list of strings`);
  }
  if (typeof inputDrvs !== "object" || inputDrvs === null || Array.isArray(inputDrvs)) {
    return fault("input", `${where} inputDrvs`, `found ${JSON.stringify(inputDrvs)}, expected an object of derivations by path`);
  }
  return {
    attr: typeof attr === "string" ? attr : "",
    drvPath,
    system,
    features: [...new Set(requiredSystemFeatures as string[])].sort(compareText),
    inputDrvs: Object.keys(inputDrvs),
  };
}

function* linesOf(bytes: Uint8Array): Generator<{ line: number; offset: number; content: Uint8Array }> {
  let offset = hasMark(bytes) ? 3 : 0;
  for (let line = 1; offset < bytes.length; line++) {
    const newline = bytes.indexOf(10, offset);
    const end = newline < 0 ? bytes.length : newline;
    const content = bytes.subarray(offset, end);
    if (content.some((byte) => byte > 0x20)) yield { line, offset, content };
    offset = end + 1;
  }
}
