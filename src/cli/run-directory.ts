// A RUN: a directory that says what was run, so that it can be explained and rendered again. run.json names it;
// scenario.json is the scenario with its graph and fleets inside, so that nothing outside the directory counts.
import { join } from "node:path";
import { fail, fault, ok, type Result } from "#base/fault.js";
import type { GraphFile } from "#model/graph-file.js";
import type { LoadedScenario } from "#scenario/compiled.js";
import { readDocument } from "#scenario/document.js";
import type { Flags } from "#scenario/flags.js";
import { load, type Written } from "./files.js";
import { VERSION } from "./version.js";

export interface RunFile {
  readonly schema: "drvfleet.run/1";
  readonly version: string;
  /** The command that made it, and makes it again. */
  readonly what: "compare" | "simulate" | "run";
  readonly digest: string;
  /** Of the run in detail: the winner's, in the first world. */
  readonly policy: string;
  readonly fleet: string;
  readonly seed: number;
  /** Flags that were laid over the scenario. */
  readonly flags: Flags;
  readonly command: string;
}

/** The two files that make a directory a RUN, and copies of the history files. */
export function runFiles(
  scenarioPath: string,
  loaded: LoadedScenario,
  run: Omit<RunFile, "schema" | "version">,
): Result<readonly Written[]> {
  const bytes = load(scenarioPath);
  const document = bytes.ok ? readDocument(bytes.value.path, bytes.value.bytes) : bytes;
  if (!document.ok) return document;
  return runFilesOf(document.value.value as object, loaded, run);
}

/** The same of a scenario in memory; paths of its history are those of `loaded`. */
export function runFilesOf(written: object, loaded: LoadedScenario, run: Omit<RunFile, "schema" | "version">): Result<readonly Written[]> {
  const copies: Written[] = [];
  for (const [i, path] of loaded.scenario.history.entries()) {
    const file = load(path);
    if (!file.ok) return file;
    copies.push({ name: `history-${i + 1}.jsonl`, content: file.value.bytes });
  }
  const scenario = {
    ...written,
    name: loaded.scenario.name,
    graph: undefined,
    model: loaded.model ?? undefined,
    fleet: Object.fromEntries(loaded.fleets.map(({ name, file }) => [name, file])),
    ...(copies.length > 0 && { history: copies.map(({ name }) => name) }),
  };
  const { fleets: _, modelFile: __, ...flags } = run.flags;
  const file: RunFile = { schema: "drvfleet.run/1", version: VERSION, ...run, flags };
  return ok([
    { name: "run.json", content: `${JSON.stringify(file, null, 2)}\n` },
    { name: "scenario.json", content: scenarioPieces(scenario, loaded.graph.file) },
    ...copies,
  ]);
}

/** The scenario as one line of JSON with its graph last, node by node. */
function* scenarioPieces(scenario: object, { nodes, ...graph }: GraphFile): Generator<string> {
  yield `${JSON.stringify(scenario).slice(0, -1)},"graph":${JSON.stringify(graph).slice(0, -1)},"nodes":[`;
  for (const [i, node] of nodes.entries()) yield `${i === 0 ? "" : ","}${JSON.stringify(node)}`;
  yield "]}}\n";
}

/** Reads run.json of a RUN. */
export function readRun(directory: string): Result<{ run: RunFile; scenario: string }> {
  const path = join(directory, "run.json");
  const bytes = load(path);
  if (!bytes.ok) return fail(fault("input", directory, "is no RUN: there is no run.json to read", "simulate SCENARIO --out DIR makes one"));
  const document = readDocument(path, bytes.value.bytes);
  if (!document.ok) return document;
  const run = document.value.value as Partial<RunFile> | null;
  const whole =
    run?.schema === "drvfleet.run/1" &&
    (run.what === "compare" || run.what === "simulate" || run.what === "run") &&
    [run.policy, run.fleet, run.digest, run.version].every((text) => typeof text === "string") &&
    Number.isSafeInteger(run.seed) &&
    typeof run.flags === "object" &&
    run.flags !== null;
  if (!whole)
    return fail(fault("input", path, 'found something else, expected {"schema": "drvfleet.run/1", what, policy, fleet, seed, …}'));
  return ok({ run: run as RunFile, scenario: join(directory, "scenario.json") });
}
