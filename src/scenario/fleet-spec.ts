// `drvfleet.fleet/1`: the coordinator and its builders. Link rates, latency, connect, memory, internet and outages need
// a unit in the file; cores, speeds and prices are bare numbers. Rules: product.md "Files", Fleet.
import * as z from "zod";
import { WORKLOADS } from "#model/graph-file.js";
import { CLOSURES } from "#model/problem.js";
import { LIMITS } from "./graph-spec.js";
import { amount, choice, count, line, list, object, quantityOf, table } from "./shape.js";

const CENTURY = 3.2e9;

export const contention = amount("contention", 0, 100);
const variation = amount("a coefficient of variation", 0, 10);
const slowdown = amount("a slowdown", 0.001, 10000);

/** What is left out, all of it where nothing is known, is estimate/emulation's and each world draws it. */
const byWorkload = object(
  Object.fromEntries(WORKLOADS.map((workload) => [workload, slowdown.optional()])) as Record<
    (typeof WORKLOADS)[number],
    z.ZodOptional<typeof slowdown>
  >,
);

const system = z.union(
  [z.literal("native"), object({ emulated: z.union([slowdown, byWorkload], { error: "a slowdown, or one by workload" }) })],
  {
    error: "native, or {emulated: 9.5}, or {emulated: {compile: 12, shell: 11}}",
  },
);

export const outageSpec = object({
  at: quantityOf("when it goes down", "seconds", CENTURY),
  for: quantityOf("how long it is down", "seconds", CENTURY).optional().describe("absent: never comes back"),
});

const hostSpec = object({
  name: line("a host name").regex(/^[^\s,*?[\]=]+$/, { error: "a host name without blanks, commas, * ? [ ] =" }),
  uri: line("a store URI, such as ssh://kana").optional(),
  peerUri: line("a store URI, such as ssh://10.0.0.3")
    .optional()
    .describe("by which the other builders' own ssh reaches it, for route: direct; absent: as uri"),
  cores: count("cores", 1, LIMITS.cores),
  speed: amount("speed relative to the reference core", 0.001, 1000).optional().describe("absent: the model's or its machine's, else 1"),
  quota: amount("a part of a core", 0.001, 1)
    .optional()
    .describe("in place of speed, on a machine: the part of a core of that machine that each of its cores is"),
  maxJobs: count("maxJobs", 0, 100000),
  coresPerBuild: count("cores per build", 0, LIMITS.cores).optional().describe("Nix's cores; 0 or absent = all of the host"),
  speedFactor: amount("speedFactor", 0, 1e6).optional().describe("what Nix is told; 0 counts as 1, as in Nix"),
  systems: table("systems, such as {x86_64-linux: native}", system).refine((systems) => Object.keys(systems).length > 0, {
    error: "at least one system, such as {x86_64-linux: native}",
  }),
  features: list("system features", line("a system feature")).optional(),
  mandatoryFeatures: list("system features", line("a system feature")).optional(),
  memory: quantityOf("memory", "bytes", LIMITS.bytes).optional(),
  on: line("the name of a machine").optional().describe("one of `machines`, which it shares with others; absent: its own"),
  link: object({
    up: quantityOf("the rate from this host", "rate").optional(),
    down: quantityOf("the rate towards this host", "rate").optional(),
    latency: quantityOf("the one-way latency", "seconds", 3600).optional(),
    connect: quantityOf("the time of an SSH connect", "seconds", 3600).optional(),
    connectCpu: quantityOf("CPU time of the host in one connect", "seconds", 3600)
      .optional()
      .describe("on a core of speed 1, or of its machine, on top of connect: it waits for busy cores; absent: counted in connect"),
    copyUp: quantityOf("the rate of a copy from it by the client's CPU", "rate")
      .optional()
      .describe("of one copy alone, while a core of the client is all its own; counts where the coordinator is on a machine"),
    copyDown: quantityOf("the rate of a copy to it by the client's CPU", "rate").optional(),
    queueing: amount("a share", 0, 0.99)
      .optional()
      .describe(
        "of the time during which copies fill the link, what a connect over it loses; absent: 0, as where every flow has a queue of its own",
      ),
    connectTimeout: quantityOf("how long a connect takes while the host is down", "seconds", 86400)
      .optional()
      .describe("ssh's ConnectTimeout where nothing answers; absent: refused at once"),
  }).optional(),
  internet: quantityOf("the rate of its internet access", "rate").optional(),
  price: amount("the price per hour", 0, 1e9).optional(),
  watts: object({ idle: amount("watts", 0, 1e6), busy: amount("watts", 0, 1e6) }).optional(),
  outages: list("outages", outageSpec).optional(),
});

export const fleetSpec = object({
  schema: z.literal("drvfleet.fleet/1", { error: '"drvfleet.fleet/1"' }),
  name: line("the name of the fleet").optional(),
  coordinator: hostSpec,
  builders: list("builders", hostSpec),
  machines: table(
    "machines by name",
    object({
      cores: count("cores", 1, LIMITS.cores),
      speed: amount("speed relative to the reference core", 0.001, 1000).optional().describe("of its cores; absent: the model's, else 1"),
      workCv: variation.optional().describe("how the processor time of a build differs from its work; absent: the model's, else 0"),
      shareCv: variation.optional().describe("how unevenly builds share a host that has too little for them; absent: the model's, else 0"),
      contention: contention
        .optional()
        .describe(
          "how much longer the client's hooks take to start while builds keep all of it busy: 2 = three times as long; absent: the model's, else 0",
        ),
    }),
  )
    .optional()
    .describe("physical machines on which several hosts run, as virtual machines, containers or under quotas"),
  substituter: object({
    bandwidth: quantityOf("the rate of the substituter", "rate"),
    hits: z.union([amount("a rate", 0, 1), list("globs of derivation names", line("a glob"))], {
      error: "a rate from 0 to 1, or a list of globs",
    }),
  }).optional(),
  route: choice("a route", ["coordinator", "direct"]).optional(),
  closure: choice("a closure model", CLOSURES).optional(),
});
