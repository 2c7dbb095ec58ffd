// `drvfleet import trace`: logs of real runs of Nix → one trace. Phases: fleet and graph, logs, trace, text.
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { runsOnce, twiceNotes } from "#ingest/given-twice.js";
import { recordFormat } from "#ingest/input-format.js";
import { readInternalJson } from "#ingest/internal-json.js";
import type { LoggedRun } from "#ingest/logged-build.js";
import { baseName } from "#ingest/store-path.js";
import type { GraphFile } from "#model/graph-file.js";
import { traceLines } from "#report/trace-jsonl.js";
import { graphMatch } from "./graph-match.js";
import { type InputStream, openInput, readFault } from "./input-stream.js";
import { loggedTrace } from "./logged-trace.js";
import { keyOf, namedAfter } from "./named-builds.js";
import { fleetNotes, recordedHosts } from "./recorded-hosts.js";
import { type RecordFiles, recordFiles } from "./record-files.js";

export interface TraceImport {
  readonly inputs: readonly string[];
  /** What names the run; by default the inputs. */
  readonly name?: string;
  readonly nixVersion?: string;
  readonly graph?: string;
  readonly fleet?: string;
  /** The machine that wrote the log, where no fleet tells. */
  readonly host: string;
}

export interface ImportedTrace {
  readonly text: string;
  readonly summary: string;
  readonly notes: readonly string[];
}

export async function importTrace(asked: TraceImport): Promise<Result<ImportedTrace>> {
  const files = recordFiles(asked);
  if (!files.ok) return files;
  const logs: LoggedRun[] = [];
  for (const input of asked.inputs) {
    const log = await readLog(input);
    if (!log.ok) return log;
    logs.push(log.value);
  }
  const { runs, twice } = runsOnce(logs);
  const count = runs.reduce((sum, run) => sum + run.builds.length, 0);
  if (count === 0) return fail(fault("input", asked.inputs.join(", "), "found no builds in it", "was everything built before?"));
  const named = namedBuilds(runs, files.value.graph, asked.graph);
  if (!named.ok) return named;
  const made = traceOf(named.value.runs, asked, files.value);
  return ok({ ...made, notes: [...twiceNotes(twice), ...named.value.notes, ...made.notes] });
}

/** The runs with the graph's names for their builds; a fault where it has none of them. */
function namedBuilds(
  logs: readonly LoggedRun[],
  graph: GraphFile | undefined,
  file: string | undefined,
): Result<{ readonly runs: readonly LoggedRun[]; readonly notes: readonly string[] }> {
  if (graph === undefined || file === undefined) return ok({ runs: logs, notes: [] });
  const runs = namedAfter(graph, logs);
  const keys = new Set(graph.nodes.map(keyOf));
  const builds = runs.flatMap((run) => run.builds);
  const notes = graphMatch(builds, ({ drv }) => keys.has(baseName(drv)), { file, graph, unknown: "when they were ready is unknown" });
  return notes.ok ? ok({ runs, notes: notes.value }) : notes;
}

function traceOf(runs: readonly LoggedRun[], asked: TraceImport, { graph, fleet }: RecordFiles): ImportedTrace {
  const machines = runs.flatMap(({ builds, refused }) => [...builds, ...refused].map(({ machine }) => machine));
  const hosts = recordedHosts(machines, fleet, asked.host);
  const { trace, keys, began } = loggedTrace(runs, hosts, graph);
  const source = {
    run: asked.name ?? asked.inputs.map((input) => (input === "-" ? "stdin" : input.slice(input.lastIndexOf("/") + 1))).join(" "),
    engine: asked.nixVersion === undefined ? "nix" : `nix-${asked.nixVersion}`,
    began,
  };
  const outcomes = runs.flatMap(({ builds }) => builds.map(({ outcome }) => outcome));
  const built = outcomes.filter((outcome) => outcome === "built").length;
  return {
    text: [...traceLines(trace, { graph: { keys }, hosts }, source)].join(""),
    summary: `${outcomes.length} builds on ${new Set(machines).size} machines, ${built} of them built, ${(trace.makespan / 1e6).toFixed(1)} s`,
    notes: [
      ...runs.flatMap(({ notes }) => notes),
      ...(runs.some(({ blur }) => blur > 0)
        ? ["what was between accept and notice is left out of builds whose log has no exact times"]
        : []),
      ...fleetNotes(hosts, asked.fleet),
      ...(fleet === undefined ? ["cores are unknown and written as 0 (--fleet tells)"] : []),
      ...(graph === undefined ? ["when builds were ready is unknown (--graph tells)"] : []),
    ],
  };
}

async function readLog(input: string): Promise<Result<LoggedRun>> {
  const where = input === "-" ? "standard input" : input;
  try {
    const stream = await openInput(input, () => {});
    return isLog(stream) ? await readInternalJson(stream.chunks, where) : fail(noLog(where));
  } catch (error) {
    const broken = readFault(error, input);
    if (broken === undefined) throw error;
    return fail(broken);
  }
}

function isLog({ head }: InputStream): boolean {
  return recordFormat(head) === "internal-json";
}

function noLog(where: string): Fault {
  return fault(
    "input",
    where,
    "found no log of Nix's internal-json format",
    "nix build --log-format internal-json … 2>&1 >/dev/null | ts '%.s' > build.log",
  );
}
