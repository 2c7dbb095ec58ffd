// What `{generate: …}` in a scenario may say. How each kind is drawn stands in generate.ts.
import * as z from "zod";
import { amount, choice, count, line, list, object, table } from "./shape.js";

const work = z.union(
  [
    amount("core-seconds", 0, 1e12),
    object({ median: amount("core-seconds", 0, 1e12), cv: amount("a coefficient of variation", 0, 10).default(1) }),
  ],
  {
    error: "core-seconds, or {median: 60, cv: 1}",
  },
);

export const generatorSpec = object({
  kind: choice("a kind of graph", ["chain", "fork-join", "layered", "nix-like"]),
  nodes: count("how many nodes", 1, 5e6),
  name: line("the name of the graph").optional(),
  seed: count("a seed", 0, 2 ** 31 - 1).default(1),
  width: count("nodes side by side", 1, 5e6)
    .optional()
    .describe("fork-join and layered: nodes of a layer; default the square root of nodes"),
  edges: amount("edges per node", 0, 1000).optional().describe("mean number of dependencies; layered: default 3; nix-like: default 7"),
  system: z
    .union([line("a Nix system"), table("shares by system", amount("a share", 0, 1e6))], {
      error: "a system, or shares such as {x86_64-linux: 3, riscv64-linux: 1}",
    })
    .default("x86_64-linux"),
  features: list("system features", line("a system feature")).optional().describe("required by every build"),
  work: work.optional().describe("absent: filled from history and prior, as for any graph"),
  maxCores: amount("cores it can use", 0, 65536, true).optional().describe("of every build; absent: filled with its work, or unbounded"),
  outputBytes: amount("bytes", 0, 2 ** 53).optional(),
});

export type Generator = z.output<typeof generatorSpec>;
