// `drvfleet.graph/1`: derivations and who needs whom. The schema is the truth; `isGraphFile` is its fast twin for big
// files. What the numbers mean together (bounds, cycles, keys) is for graph.ts. Rules: product.md "Files", Graph.
import * as z from "zod";
import { WORKLOADS } from "#model/graph-file.js";
import { amount, choice, line, list, object, table } from "./shape.js";

export const LIMITS = {
  cores: 65536,
  /** Seconds or core-seconds: thirty thousand years of one core. */
  work: 1e12,
  bytes: 2 ** 53 - 1,
} as const;

const bytes = (what: string) => amount(`${what} in bytes`, 0, LIMITS.bytes);

export const nodeSpec = object({
  name: line("a derivation name"),
  pname: line("a package name").optional(),
  version: z.string({ error: "a version" }).optional(),
  kind: line("a kind, such as fetch or build").optional(),
  tool: line("a build tool").optional(),
  drv: line("the path of the .drv file").optional(),
  system: line("a Nix system, such as x86_64-linux").describe("`builtin` runs on any host"),
  features: list("system features", line("a system feature")).optional(),
  preferLocal: z.boolean({ error: "true or false" }).optional(),
  fixedOutput: z.boolean({ error: "true or false" }).optional().describe("a fetch: takes sourceBytes ÷ internet"),
  allowSubstitutes: z.boolean({ error: "true or false" }).optional().describe("false: never substituted on a builder"),
  workload: choice("a workload", WORKLOADS).optional(),
  work: amount("core-seconds on a core of speed 1", 0, LIMITS.work).optional(),
  maxCores: amount("cores it can use", 0, LIMITS.cores, true).optional().describe("absent = filled, else unbounded"),
  serial: amount("the serial share", 0, 1).optional(),
  memoryBytes: bytes("memory").optional(),
  outputBytes: bytes("the size of its outputs").optional(),
  sourceBytes: bytes("the size of its sources").optional(),
  seconds: table("wall seconds by host", amount("wall seconds", 0, LIMITS.work))
    .optional()
    .describe('"*" = on any host'),
  cpu: amount("cores busy during seconds", 0, LIMITS.cores).optional().describe("default 1; 0 sleeps"),
});

const index = z.int({ error: "the index of a node" }).min(0, { error: "the index of a node" });

export const graphSpec = object({
  schema: z.literal("drvfleet.graph/1", { error: '"drvfleet.graph/1"' }),
  name: line("the name of the graph"),
  source: z.record(z.string(), z.unknown(), { error: "an object that says where the graph comes from" }).optional(),
  nodes: list("nodes", nodeSpec),
  edges: object({
    from: list("node indices", index),
    to: list("node indices", index),
    bytes: list("bytes or null", amount("bytes", 0, LIMITS.bytes).nullable()).optional(),
  }),
  roots: list("node indices", index).optional(),
});
