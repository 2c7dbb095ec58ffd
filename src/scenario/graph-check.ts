// Whether a value is a `drvfleet.graph/1` file, by hand: graph-spec.ts takes seconds on a million nodes. A refusal says
// nothing; the schema is then asked why. Judge: graph-spec.ts, on mutated graphs (test/scenario/graph-check.test.ts).
import { WORKLOADS } from "#model/graph-file.js";
import { LIMITS } from "./graph-spec.js";
import { IGNORED } from "./shape.js";

type Test = (value: unknown) => boolean;

const LINE_MAX = 4096;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it forbids
const CONTROL = /[\u0000-\u001f\u007f]/;
const WORKLOAD_SET: ReadonlySet<unknown> = new Set(WORKLOADS);

const isLine: Test = (v) => typeof v === "string" && v.length > 0 && v.length <= LINE_MAX && !CONTROL.test(v);
const isFlag: Test = (v) => typeof v === "boolean";
const upTo =
  (max: number): Test =>
  (v) =>
    typeof v === "number" && v >= 0 && v <= max;
const isBytes = upTo(LIMITS.bytes);
const isSeconds = upTo(LIMITS.work);
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const isLines: Test = (v) => Array.isArray(v) && v.every(isLine);

const NODE: Readonly<Record<string, Test>> = {
  name: isLine,
  pname: isLine,
  version: (v) => typeof v === "string",
  kind: isLine,
  tool: isLine,
  drv: isLine,
  system: isLine,
  features: isLines,
  preferLocal: isFlag,
  fixedOutput: isFlag,
  allowSubstitutes: isFlag,
  workload: (v) => WORKLOAD_SET.has(v),
  work: isSeconds,
  maxCores: (v) => typeof v === "number" && v > 0 && v <= LIMITS.cores,
  serial: upTo(1),
  memoryBytes: isBytes,
  outputBytes: isBytes,
  sourceBytes: isBytes,
  seconds: (v) => isObject(v) && Object.keys(v).every((host) => host.startsWith(IGNORED) || isSeconds(v[host])),
  cpu: upTo(LIMITS.cores),
};

const isIndex: Test = (v) => typeof v === "number" && v >= 0 && Number.isSafeInteger(v);
const isIndices: Test = (v) => Array.isArray(v) && v.every(isIndex);

const EDGES: Readonly<Record<string, Test>> = {
  from: isIndices,
  to: isIndices,
  bytes: (v) => Array.isArray(v) && v.every((bytes) => bytes === null || isBytes(bytes)),
};

const GRAPH: Readonly<Record<string, Test>> = {
  schema: (v) => v === "drvfleet.graph/1",
  name: isLine,
  source: isObject,
  nodes: (v) => Array.isArray(v) && v.every((node) => fits(NODE, node) && has(node, "name", "system")),
  edges: (v) => fits(EDGES, v) && has(v, "from", "to"),
  roots: isIndices,
};

/** True exactly when the schema accepts the value without its x-… keys. */
export function isGraphFile(value: unknown): boolean {
  return fits(GRAPH, value) && has(value, "schema", "name", "nodes", "edges");
}

function has(value: Readonly<Record<string, unknown>>, ...keys: readonly string[]): boolean {
  return keys.every((key) => value[key] !== undefined);
}

function fits(tests: Readonly<Record<string, Test>>, value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  for (const key in value) {
    const test = Object.hasOwn(tests, key) ? tests[key] : undefined;
    const part = value[key];
    if (test === undefined ? !key.startsWith(IGNORED) : part !== undefined && !test(part)) return false;
  }
  return true;
}
