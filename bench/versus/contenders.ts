// Three ways to build the same graph on the same hosts: stock Nix, Nix with our hook and its agent, and `drvfleet run`. Each
// is timed as its user would, from the start of the program to its end; the builders note for themselves when they ran.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { stringifyHistory } from "#estimate/history-file.js";
import { rowsOf } from "#estimate/history-rows.js";
import type { PastBuild } from "#model/past-build.js";
import type { Running, Testbed } from "../../test/system/testbed/testbed.js";
import { type BuilderLine, builderLines } from "../record/evidence.js";
import { uriOf } from "../record/machine-files.js";
import type { Recipe } from "../record/recipe.js";
import { instantiate, SHARED } from "../record/run.js";

export const CONTENDERS = ["stock", "run", "hook"] as const;
export type Contender = (typeof CONTENDERS)[number];

export interface Run {
  readonly contender: Contender;
  /** Seconds from the start of the program to its end. */
  readonly wall: number;
  /** Seconds from the first decision to the last output: what a prediction is about. */
  readonly makespan: number;
  /** Seconds per build between having all it waited for and its builder's start, medians. */
  readonly turnaround: number;
  /** Of what was asked for: names and contents, paths masked. The same for all contenders. */
  readonly digest: string;
  readonly load: number;
}

const FLEET = "/root/fleet.json";
const HISTORY = "/root/history.jsonl";
export const HOOK = "/run/drvfleet/hook";
const READY_SECONDS = 20;

/** Our agent, for all runs on this testbed. It knows durations as it would after earlier builds. */
export function startAgent(bed: Testbed, recipe: Recipe): Promise<Running> {
  return agentOn(bed, fleetOf(recipe), historyOf(recipe));
}

/** Our agent for a fleet file, once it is ready. */
export async function agentOn(bed: Testbed, fleet: object, history: string): Promise<Running> {
  bed.write("ai", FLEET, JSON.stringify(fleet));
  bed.write("ai", HISTORY, history);
  const agent = bed.spawn("ai", ["drvfleet", "agent", "--fleet", FLEET, "--history", HISTORY]);
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => failed(new Error(`the agent was not ready in ${READY_SECONDS} s`)), READY_SECONDS * 1000);
    agent.process.stderr!.on("data", (text: Buffer) => {
      if (!text.includes("ready")) return;
      clearTimeout(late);
      ready();
    });
  });
  return agent;
}

/** `salt` makes derivations that nobody has built. `policy`: of run. */
export async function race(bed: Testbed, recipe: Recipe, contender: Contender, salt: string, policy: string): Promise<Run> {
  const shared = { ...SHARED, log: `/srv/builders.${salt}.log` };
  writeFileSync(bed.path("ai", shared.log), "", { mode: 0o666 });
  const drvs = await instantiate(bed, recipe, shared);
  const roots = recipe.clients.flatMap((client) => client.roots.map((root) => drvs.get(root)!));
  if (contender === "run") bed.write("ai", `/root/${salt}.json`, JSON.stringify(scenarioOf(recipe, drvs)));
  const load = loadavg()[0]!;
  const began = now();
  const ended = await bed.in("ai", words(contender, recipe, roots, salt, policy));
  const over = now();
  if (ended.code !== 0) throw new Error(`${contender} on ${recipe.name}: exit ${ended.code}\n${ended.err}`);
  const lines = builderLines(readFileSync(bed.path("ai", shared.log), "utf8"));
  const wall = over - began;
  return {
    contender,
    wall,
    makespan: contender === "run" ? (JSON.parse(ended.out) as { readonly seconds: number }).seconds : wall,
    turnaround: turnaround(recipe, lines),
    digest: await digestOf(bed, roots),
    load,
  };
}

function words(
  contender: Contender,
  { fleet, pollSeconds }: Recipe,
  roots: readonly string[],
  salt: string,
  policy: string,
): readonly string[] {
  if (contender === "run")
    return [
      "drvfleet",
      "run",
      `/root/${salt}.json`,
      "--policy",
      policy,
      "--quiet",
      "--json",
      "--out",
      `/root/run-${salt}`,
      "--ledger",
      "/root/ledger.jsonl",
    ];
  const options = ["-j", String(fleet.coordinator.maxJobs), "--option", "build-poll-interval", String(pollSeconds)];
  return ["nix-store", "-r", ...options, ...(contender === "hook" ? ["--option", "build-hook", HOOK] : []), ...roots];
}

/** The fleet with the addresses that its hosts have on the testbed. */
function fleetOf({ fleet }: Recipe) {
  return { ...fleet, builders: fleet.builders.map(({ outages: _, ...host }) => ({ ...host, uri: uriOf(host.name) })) };
}

function scenarioOf(recipe: Recipe, drvs: ReadonlyMap<string, string>) {
  const { graph, name } = recipe;
  const nodes = graph.nodes.map((node) => ({ ...node, drv: drvs.get(node.name)! }));
  return {
    schema: "drvfleet.scenario/1",
    name: name.replaceAll("/", "-"),
    graph: { ...graph, nodes, edges: { from: Array.from(graph.edges.from), to: Array.from(graph.edges.to) } },
    fleet: fleetOf(recipe),
  };
}

function historyOf({ graph, fleet }: Recipe): string {
  const past = graph.nodes.map(
    ({ name, seconds }): PastBuild => ({
      drv: `/nix/store/${"0".repeat(32)}-${name}.drv`,
      name,
      machine: fleet.builders[0]!.name,
      seconds: seconds!["*"]!,
      at: 0,
      provenance: "live",
    }),
  );
  const { rows } = rowsOf(past, { nodes: graph.nodes, fleet, hostOf: (machine) => machine, system: "builtin", cores: 1 });
  return `{"schema":"drvfleet.history/1"}\n${stringifyHistory(rows)}`;
}

/**
 * A builder could have started once its inputs were built and its host had a slot free: how long after that it did. Known
 * from the builders' own notes alone, so it is measured alike for every contender; a slot may be left empty on purpose.
 */
function turnaround({ graph, fleet }: Recipe, lines: readonly BuilderLine[]): number {
  const at = (what: BuilderLine["what"]) => new Map(lines.filter((line) => line.what === what).map((line) => [line.node, line]));
  const [starts, ends] = [at("start"), at("end")];
  const slots = new Map([fleet.coordinator, ...fleet.builders].map(({ name, maxJobs }) => [name, maxJobs]));
  const needs = graph.nodes.map((): string[] => []);
  for (let edge = 0; edge < graph.edges.from.length; edge++) needs[graph.edges.to[edge]!]!.push(graph.nodes[graph.edges.from[edge]!]!.name);
  const waits = graph.nodes.flatMap(({ name }, node) => {
    const start = starts.get(name)!;
    const inputs = Math.max(...needs[node]!.map((need) => ends.get(need)!.at), Number.NEGATIVE_INFINITY);
    const others = [...starts.values()].filter(({ node: other, host }) => other !== name && host === start.host);
    const freed = others.map(({ node: other }) => ends.get(other)!.at).filter((end) => end <= start.at && wasFull(end));
    function wasFull(end: number): boolean {
      const running = others.filter(({ node: other, at: from }) => from < end && ends.get(other)!.at >= end).length;
      return running >= slots.get(start.host)!;
    }
    const able = Math.max(inputs, ...freed);
    return able === Number.NEGATIVE_INFINITY ? [] : [start.at - able];
  });
  return waits.sort((a, b) => a - b)[waits.length >> 1] ?? 0;
}

async function digestOf(bed: Testbed, roots: readonly string[]): Promise<string> {
  const { out } = await bed.in("ai", ["nix-store", "-q", "--outputs", ...roots]);
  const hash = createHash("sha256");
  for (const path of out.trim().split("\n").sort(byName)) {
    const content = readFileSync(bed.path("ai", path), "latin1");
    hash.update(masked(path)).update("\0").update(masked(content)).update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}

function byName(a: string, b: string): number {
  return masked(a) < masked(b) ? -1 : 1;
}

function masked(text: string): string {
  return text.replace(/\/nix\/store\/[0-9a-z]{32}-/g, "/nix/store/…-");
}

function now(): number {
  return performance.now() / 1000;
}
