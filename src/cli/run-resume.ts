// A RUN that goes on: its scenario, its journal, what it was begun with. Nothing of the command that began it counts again.
import { join } from "node:path";
import { fail, fault, ok, type Result } from "#base/fault.js";
import { type JournalFile, parseJournal } from "#live/run/replay.js";
import { loadScenario } from "#scenario/load.js";
import { load } from "./files.js";
import { KNOWN } from "./known.js";
import { JOURNAL } from "./run-build.js";
import type { RunInput } from "./run-input.js";
import { readDocument } from "#scenario/document.js";
import { readRun } from "./run-directory.js";
import type { Wanted } from "./run-plan.js";
import { VERSION } from "./version.js";

export interface Resumed {
  readonly wanted: Wanted;
  readonly journal: JournalFile;
}

export function resumedRun(directory: string): Result<Resumed> {
  const read = readRun(directory);
  if (!read.ok) return read;
  const { run, scenario: path } = read.value;
  if (run.what !== "run")
    return fail(fault("input", directory, `found a RUN of ${run.what}, expected one of run`, "only real builds can go on"));
  if (run.version !== VERSION)
    return fail(
      fault(
        "input",
        directory,
        `it was begun by drvfleet ${run.version}, this is ${VERSION}`,
        "begin a new run: what is built is not built again",
      ),
    );
  const text = load(join(directory, JOURNAL));
  if (!text.ok) return text;
  const journal = parseJournal(new TextDecoder().decode(text.value.bytes));
  if (journal === undefined) return fail(fault("input", join(directory, JOURNAL), "it is no journal of a run"));
  const input = inputOf(path);
  return input.ok ? ok({ wanted: { input: input.value, flags: run.flags, policy: run.policy }, journal }) : input;
}

function inputOf(path: string): Result<RunInput> {
  const loaded = loadScenario(path, load, {}, KNOWN);
  if (!loaded.ok) return loaded;
  const bytes = load(path);
  const document = bytes.ok ? readDocument(bytes.value.path, bytes.value.bytes) : bytes;
  if (!document.ok) return document;
  const { graph, scenario, fleets } = loaded.value;
  return ok({
    name: scenario.name,
    scenario: { ...(document.value.value as object), history: scenario.history },
    graph: graph.file,
    fleet: { ...fleets[0]!.file, name: fleets[0]!.name },
    notes: [],
  });
}
