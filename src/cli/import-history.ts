// `drvfleet import history`: records of past builds of any kind → rows of a history file. Phases: fleet and graph, records, rows, what
// of them is new or known better than before, the file's text: a line that nothing better is known of stays as it is.
import { existsSync } from "node:fs";
import { ok, type Result } from "#base/fault.js";
import { addition, OPEN } from "#estimate/history-append.js";
import { HISTORY_HEADER, type HistoryLine, type HistoryRow, parseHistoryLines, stringifyHistory } from "#estimate/history-file.js";
import { rowsOf } from "#estimate/history-rows.js";
import { nodeFinder } from "#estimate/node-finder.js";
import { pastOnce, twiceNotes } from "#ingest/given-twice.js";
import { decodeText } from "#ingest/source-text.js";
import type { GraphFile } from "#model/graph-file.js";
import type { PastBuild } from "#model/past-build.js";
import { load } from "./files.js";
import { graphMatch } from "./graph-match.js";
import { recordFiles } from "./record-files.js";
import { type RecordHints, type RecordPast, readRecord } from "./record-past.js";
import { recordedHosts } from "./recorded-hosts.js";

export interface HistoryImport extends RecordHints {
  readonly inputs: readonly string[];
  /** The history file, which may exist; `-` for standard output. */
  readonly output: string;
  readonly graph?: string;
  readonly fleet?: string;
  readonly system: string;
  readonly cores: number;
  /** The machine that kept the records, where no fleet tells. */
  readonly host: string;
}

export interface ImportedHistory {
  /** The whole file: what it held, then what is new. */
  readonly text: string;
  readonly added: number;
  /** Builds that the file had with assumptions that the graph or the fleet now replaces. */
  readonly better: number;
  /** Builds that the file had already. */
  readonly known: number;
  readonly notes: readonly string[];
}

export async function importHistory(asked: HistoryImport): Promise<Result<ImportedHistory>> {
  const files = recordFiles(asked);
  if (!files.ok) return files;
  const past: RecordPast[] = [];
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
  const told = rowsOf(builds, {
    nodes: graph?.nodes ?? [],
    ...(fleet !== undefined && { fleet }),
    hostOf: hosts.of,
    system: asked.system,
    cores: asked.cores,
  });
  const { lines, rows } = before.value;
  const { fresh, known, better, outdone } = addition(
    told,
    rows.map(({ row }) => row),
  );
  for (const [i, row] of better) lines[rows[i]!.line] = JSON.stringify(row);
  const notes = [...past.flatMap((one) => one.notes), ...twiceNotes(twice), ...matched.value, ...told.notes];
  return ok({
    text: `${lines.join("\n")}\n${stringifyHistory(fresh)}`,
    added: fresh.length,
    better: better.size,
    known,
    notes: [...notes, ...openNotes(fresh, outdone)],
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

function openNotes(fresh: readonly HistoryRow[], outdone: number): readonly string[] {
  const open = fresh.filter((row) => OPEN in row).length;
  const why = "no line tells exactly when they began or ended";
  return [
    ...(open > 0 ? [`${open} builds are taken at the middle of what their time may have been (${OPEN}): ${why}`] : []),
    ...(outdone > 0 ? [`${outdone} builds are left out, because exact times of their packages are known: ${why}`] : []),
  ];
}

/** The lines of the file, without the newline that ends the last, and its rows. */
function existing(output: string): Result<{ readonly lines: string[]; readonly rows: readonly HistoryLine[] }> {
  if (output === "-" || !existsSync(output)) return ok({ lines: [HISTORY_HEADER], rows: [] });
  const file = load(output);
  const text = file.ok ? decodeText(file.value.bytes, output) : file;
  if (!text.ok) return text;
  const rows = parseHistoryLines(text.value, output);
  if (!rows.ok) return rows;
  return ok({ lines: text.value === "" ? [HISTORY_HEADER] : text.value.replace(/\n$/, "").split("\n"), rows: rows.value });
}
