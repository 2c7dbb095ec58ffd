// `drvfleet import history`: records of past builds of any kind → rows of a history file, which is only ever added to.
// Phases: fleet and graph, records, rows, what of them is new, the file's text.
import { existsSync } from "node:fs";
import { fail, type Fault, fault, ok, type Result } from "#base/fault.js";
import { addition, OPEN } from "#estimate/history-append.js";
import { type HistoryRow, parseHistory, stringifyHistory } from "#estimate/history-file.js";
import { rowsOf } from "#estimate/history-rows.js";
import { nodeFinder } from "#estimate/node-finder.js";
import { pastOnce, twiceNotes } from "#ingest/given-twice.js";
import { pastOfHydra } from "#ingest/hydra.js";
import { RECORD_FORMATS, type RecordFormat, recordFormat } from "#ingest/input-format.js";
import { readInternalJson } from "#ingest/internal-json.js";
import { parseJsonFile } from "#ingest/json-text.js";
import { pastOf } from "#ingest/logged-past.js";
import { pastOfNom } from "#ingest/nom.js";
import { decodeText } from "#ingest/source-text.js";
import type { GraphFile } from "#model/graph-file.js";
import type { PastBuild } from "#model/past-build.js";
import { load } from "./files.js";
import { graphMatch } from "./graph-match.js";
import { type InputStream, openInput, readFault, readWhole } from "./input-stream.js";
import { recordFiles } from "./record-files.js";
import { recordedHosts } from "./recorded-hosts.js";
import { pastOfTrace } from "./traced-past.js";

export interface HistoryImport {
  readonly inputs: readonly string[];
  /** The history file, which may exist; `-` for standard output. */
  readonly output: string;
  readonly format?: RecordFormat;
  readonly graph?: string;
  readonly fleet?: string;
  /** Package of records that name none. */
  readonly name?: string;
  readonly system: string;
  readonly cores: number;
  /** The machine that kept the records, where no fleet tells. */
  readonly host: string;
}

export interface ImportedHistory {
  /** The whole file: what it held, then what is new. */
  readonly text: string;
  readonly added: number;
  /** Builds that the file had already. */
  readonly known: number;
  readonly notes: readonly string[];
}

interface Past {
  readonly builds: readonly PastBuild[];
  readonly notes: readonly string[];
}

const HEADER = '{"schema":"drvfleet.history/1"}\n';

export async function importHistory(asked: HistoryImport): Promise<Result<ImportedHistory>> {
  const files = recordFiles(asked);
  if (!files.ok) return files;
  const past: Past[] = [];
  for (const input of asked.inputs) {
    const read = await readRecord(input, asked);
    if (!read.ok) return read;
    past.push(read.value);
  }
  const before = existing(asked.output);
  if (!before.ok) return before;
  const { builds, twice } = pastOnce(past.map((one) => one.builds));
  const { graph, fleet } = files.value;
  const matched = matchOf(builds, graph, asked.graph);
  if (!matched.ok) return matched;
  const hosts = recordedHosts(
    builds.map(({ machine }) => machine),
    fleet,
    asked.host,
  );
  const { rows, notes } = rowsOf(builds, {
    nodes: graph?.nodes ?? [],
    ...(fleet !== undefined && { fleet }),
    hostOf: hosts.of,
    system: asked.system,
    cores: asked.cores,
  });
  const { fresh, known, outdone } = addition(rows, before.value.rows);
  return ok({
    text: `${before.value.text}${stringifyHistory(fresh)}`,
    added: fresh.length,
    known,
    notes: [...past.flatMap((one) => one.notes), ...twiceNotes(twice), ...matched.value, ...notes, ...openNotes(fresh, outdone)],
  });
}

/** Records without store paths, nix-output-monitor's above all, have names that a graph need not have. */
function matchOf(builds: readonly PastBuild[], graph: GraphFile | undefined, file: string | undefined): Result<readonly string[]> {
  if (graph === undefined || file === undefined) return ok([]);
  const nodeOf = nodeFinder(graph.nodes);
  const logged = builds.filter(({ drv }) => drv !== undefined);
  return graphMatch(logged, (build) => nodeOf(build) !== undefined, {
    file,
    graph,
    unknown: "packages and systems are taken from the record",
  });
}

async function readRecord(input: string, asked: HistoryImport): Promise<Result<Past>> {
  const where = input === "-" ? "standard input" : input;
  try {
    const stream = await openInput(input, () => {});
    const format = asked.format ?? recordFormat(stream.head);
    return format === undefined ? fail(unknownFormat(where, stream)) : await READERS[format](stream, where, asked);
  } catch (error) {
    const broken = readFault(error, input);
    if (broken === undefined) throw error;
    return fail(broken);
  }
}

const READERS: Readonly<Record<RecordFormat, (stream: InputStream, file: string, asked: HistoryImport) => Promise<Result<Past>>>> = {
  "internal-json": async ({ chunks }, file) => {
    const run = await readInternalJson(chunks, file);
    if (!run.ok) return run;
    const { builds, notes } = pastOf(run.value);
    return ok({ builds, notes: [...run.value.notes, ...notes.map((note) => `${file}: ${note}`)] });
  },
  nom: async ({ chunks }, file) => {
    const text = decodeText(await readWhole(chunks), file);
    const builds = text.ok ? pastOfNom(text.value, file) : text;
    return builds.ok ? ok({ builds: builds.value, notes: [] }) : builds;
  },
  hydra: async ({ chunks }, file, { name }) => {
    const value = parseJsonFile(await readWhole(chunks), file);
    return value.ok ? pastOfHydra(value.value, file, name) : value;
  },
  trace: async ({ chunks }, file) => {
    const text = decodeText(await readWhole(chunks), file);
    return text.ok ? pastOfTrace(text.value, file) : text;
  },
};

function openNotes(fresh: readonly HistoryRow[], outdone: number): readonly string[] {
  const open = fresh.filter((row) => OPEN in row).length;
  const why = "no line tells exactly when they began or ended";
  return [
    ...(open > 0 ? [`${open} builds are taken at the middle of what their time may have been (${OPEN}): ${why}`] : []),
    ...(outdone > 0 ? [`${outdone} builds are left out, because exact times of their packages are known: ${why}`] : []),
  ];
}

function existing(output: string): Result<{ readonly text: string; readonly rows: readonly HistoryRow[] }> {
  if (output === "-" || !existsSync(output)) return ok({ text: HEADER, rows: [] });
  const file = load(output);
  const text = file.ok ? decodeText(file.value.bytes, output) : file;
  if (!text.ok) return text;
  const rows = parseHistory(text.value, output);
  if (!rows.ok) return rows;
  const whole = text.value === "" ? HEADER : text.value.endsWith("\n") ? text.value : `${text.value}\n`;
  return ok({ text: whole, rows: rows.value });
}

function unknownFormat(where: string, { head }: InputStream): Fault {
  if (head.length === 0) return fault("input", where, "found an empty input");
  const first = JSON.stringify(Buffer.from(head.subarray(0, 24)).toString("utf8"));
  return fault("input", where, `found ${first}, which begins no known record of builds`, `known: ${RECORD_FORMATS.join(", ")} (--format)`);
}
