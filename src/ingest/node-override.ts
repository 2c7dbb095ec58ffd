// The derivation attribute `drvfleet`: a JSON object of graph-node fields with which the author of an expression says
// what cannot be seen from outside (work, memory, measured seconds). It overrides what the importer inferred. Knows
// nothing of where the attribute stood. The key of a node (`drv`) cannot be overridden.
import * as z from "zod";
import { fail, type Fault, fault, ok, type Result, suggest } from "#base/fault.js";
import { type NodeFile, WORKLOADS } from "#model/graph-file.js";

const amount = z.number().nonnegative();
const name = z.string().min(1);

const FIELDS = {
  name,
  pname: name,
  version: name,
  kind: name,
  tool: name,
  system: name,
  features: z.array(name),
  preferLocal: z.boolean(),
  fixedOutput: z.boolean(),
  allowSubstitutes: z.boolean(),
  workload: z.enum(WORKLOADS),
  work: amount,
  maxCores: z.number().positive(),
  serial: z.number().min(0).max(1),
  memoryBytes: amount,
  outputBytes: amount,
  sourceBytes: amount,
  seconds: z.record(name, amount),
  cpu: amount,
} as const;

const OVERRIDE = z.strictObject(FIELDS).partial();

/** Checks the attribute's value: an object, or the text of one. Keys that begin with `x-` are left out. */
export function parseOverride(value: unknown, where: string): Result<Partial<NodeFile>> {
  const given = typeof value === "string" ? fromText(value) : value;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return fail(fault("input", where, `found ${shown(value)}, expected a JSON object of graph-node fields`, 'for example { "work": 600 }'));
  }
  const fields = Object.fromEntries(Object.entries(given).filter(([key]) => !key.startsWith("x-")));
  const checked = OVERRIDE.safeParse(fields);
  if (checked.success) return ok(checked.data as Partial<NodeFile>);
  return fail(...checked.error.issues.flatMap((issue) => faultsOf(issue, fields, where)));
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultsOf(issue: z.core.$ZodIssue, fields: unknown, where: string): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      fault("input", `${where}.${key}`, "found an unknown graph-node field", suggest(key, Object.keys(FIELDS), 20)),
    );
  }
  const path = issue.path.map(String);
  const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], fields);
  return [fault("input", [where, ...path].join("."), `found ${shown(found)}: ${issue.message}`)];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
