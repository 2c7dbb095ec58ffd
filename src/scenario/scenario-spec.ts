// `drvfleet.scenario/1`: a graph, a fleet, and what to ask of them. The schema shows every default. Names of policies
// and hosts are only texts here: whether they exist is found in resolve. Rules: product.md "Files", Scenario.
import * as z from "zod";
import { MODELS_DEFAULT } from "#model/models.js";
import { conductSpec } from "./conduct-spec.js";
import { fleetSpec, outageSpec } from "./fleet-spec.js";
import { generatorSpec } from "./generator-spec.js";
import { modelSpec } from "./model-spec.js";
import { graphSpec, LIMITS } from "./graph-spec.js";
import { amount, choice, count, line, list, object, quantityOf, table } from "./shape.js";

/** Worlds of a comparison unless the scenario or --seeds says otherwise. */
export const SEEDS_DEFAULT = 20;
const SEED_MAX = 2 ** 31 - 1;
const YEAR = 3.2e7;

const path = line("the path of a file");
const glob = line("a name, a key or a glob");
const names = z.union([line("a name"), list("names", line("a name"))], { error: "a name or a list of names" });

const generated = object({ generate: generatorSpec });
const graphPart = z.union([path, generated, graphSpec], { error: "a path, {generate: …} or a graph" });
const graph = z.union([path, generated, graphSpec, z.array(graphPart).min(1, { error: "at least one graph" })], {
  error: "the path of a graph file, {generate: {kind, nodes}}, a graph, or a list of them",
});

const fleetPart = z.union([path, fleetSpec], { error: "a path or a fleet" });
const fleet = z.union([path, fleetSpec, z.array(fleetPart).min(1, { error: "at least one fleet" }), table("fleets by name", fleetPart)], {
  error: "the path of a fleet file, a fleet, a list of them, or a table of them by name",
});

const estimates = z.union(
  [
    z.enum(["default", "exact", "history", "mean", "blind"]),
    object({ noisy: object({ cv: amount("a coefficient of variation", 0, 10) }) }),
  ],
  {
    error: "default, exact, history, mean, blind or {noisy: {cv: 0.5}}",
  },
);

const models = object({
  cpu: choice("a CPU model", ["shared", "dedicated"]).default(MODELS_DEFAULT.cpu),
  network: choice("a network model", ["free", "fixed", "fair", "maxmin"]).default(MODELS_DEFAULT.network),
  uploads: choice("uploads", ["serial", "parallel"]).default(MODELS_DEFAULT.uploads),
  emulation: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.emulation),
  memory: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.memory),
  parallelism: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.parallelism),
  fetches: choice("fetches", ["internet", "free"]).default(MODELS_DEFAULT.fetches),
  substitution: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.substitution),
  preferLocal: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.preferLocal),
  arrivals: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.arrivals),
  faults: choice("a switch", ["on", "off"]).default(MODELS_DEFAULT.faults),
});

const seed = count("a seed", 0, SEED_MAX);
const seeds = z.union([count("how many seeds", 1, 10000), list("seeds", seed).min(1, { error: "at least one seed" })], {
  error: "how many seeds (from 1 to 10000), or a list of seeds",
});

const unsupported = (what: string) => z.undefined({ error: `nothing here: ${what} is not supported yet` }).optional();

const request = object({
  roots: list("roots", glob).min(1, { error: "at least one root" }).optional().describe("absent: the graph's own roots"),
  at: quantityOf("when it arrives", "seconds", YEAR).default("0 s"),
  client: line("the name of the client that asks")
    .optional()
    .describe("one of several nix processes on the coordinator; absent: one client asks for everything"),
  priority: unsupported("the priority of a request"),
  share: unsupported("the share of a request"),
});

const pattern = {
  first: quantityOf("when the first arrives", "seconds", YEAR).default("0 s"),
  batch: count("roots that arrive together", 1, 1e6).default(1),
  roots: list("roots", glob).min(1, { error: "at least one root" }).optional().describe("absent: the graph's own roots"),
};

const requests = z.union(
  [
    list("requests", request).min(1, { error: "at least one request" }),
    object({ every: quantityOf("the gap between arrivals", "seconds", YEAR), ...pattern }),
    object({ poisson: quantityOf("the mean gap between arrivals", "seconds", YEAR), ...pattern, seed: seed.default(1) }),
  ],
  { error: 'a list of {roots, at}, {every: "10 min"} or {poisson: "10 min"}' },
);

const faults = object({
  buildFailure: object({
    rate: amount("the chance that an attempt fails", 0, 1),
    match: list("globs of derivation names", glob).default(["*"]),
    after: amount("the share of its time after which it fails", 0, 1).default(1),
  }).optional(),
  outages: list("outages", object({ host: line("a host name"), ...outageSpec.shape })).optional(),
});

const split = object({
  parts: count("parts of each build", 2, 1024),
  overhead: amount("extra work, as a share", 0, 10).default(0.1),
  largest: count("how many builds are split", 1, 1e6).default(1),
});

export const scenarioSpec = object({
  schema: z.literal("drvfleet.scenario/1", { error: '"drvfleet.scenario/1"' }),
  name: line("the name of the scenario").optional(),
  about: line("one line: what it shows").optional(),
  graph,
  fleet,
  policies: z
    .union([line("a policy"), list("policies", line("a policy")).min(1, { error: "at least one policy" })], {
      error: "a policy or a list of policies",
    })
    .optional(),
  estimates: estimates.default("default"),
  spread: amount("a coefficient of variation", 0, 10)
    .default(0)
    .describe("how far the true durations of a world lie around those that the graph gives; 0 = it gives the truth"),
  models: models.default(models.parse({})),
  conduct: conductSpec.default("own"),
  model: z
    .union([path, modelSpec, z.array(z.union([path, modelSpec])).min(1)], { error: "the path of a model file, a model, or a list of them" })
    .optional()
    .describe("calibrated figures of hosts and conducts, of several what the first knows; fleet and conduct count before them"),
  seeds: seeds.default(SEEDS_DEFAULT),
  requests: requests.optional().describe("absent: everything at 0"),
  faults: faults.optional(),
  baseline: line("a policy").optional(),
  pins: table("hosts by glob of derivation names", names).optional(),
  only: names.optional(),
  exclude: names.optional(),
  prefer: names.optional(),
  history: names.optional().describe("paths of history files"),
  split: split.optional(),
  coresPerBuild: count("cores per build", 1, LIMITS.cores).optional().describe("overrides every host's"),
});

export type ScenarioFile = z.output<typeof scenarioSpec>;
