// The data files of a report, and the only door to csv-stringify: summary.csv (policy × fleet), builds.csv (attempts of the
// detailed run) and hosts.csv (policy × fleet × host). Seconds and other fractions with six decimals, bytes and counts
// whole; what is unknown or does not apply is empty. Rows in the order of the result.
import { stringify } from "csv-stringify/sync";
import { OUTCOMES, STAGES, type Trace } from "#dispatch/trace.js";
import { BUSY_PARTS, type CompareResult, IDLE_CAUSES } from "#metrics/result.js";
import type { Problem } from "#model/problem.js";
import type { RunDetail } from "./report-input.js";
import { SUMMARY_COLUMNS, SUMMARY_NAMES } from "./summary-columns.js";

type Cell = string;

export function summaryCsv(compare: CompareResult): string {
  const header = ["policy", "fleet", ...SUMMARY_NAMES];
  const rows = compare.ranking.map((row) => [
    row.policy,
    row.fleet,
    ...SUMMARY_COLUMNS.map(({ name, unit, value }) =>
      unit === "bytes" || name === "inside_noise" ? whole(value(row)) : fraction(value(row)),
    ),
  ]);
  return table(header, rows);
}

/** The whole file, for runs below a million attempts; `buildsPieces` has no limit. */
export function buildsCsv(detail: RunDetail): string {
  return [...buildsPieces(detail)].join("");
}

/** In pieces of whole rows: a large run exceeds the longest string. */
export function* buildsPieces({ trace, problem }: RunDetail): Generator<string> {
  const stages = STAGES.map((stage) => stage.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const names = ["name", "key", "attempt", "host", "slot", "cores", "system", "features"];
  yield table([...names, ...stages, "bytes_in", "bytes_out", "core_seconds", "outcome"], []);
  for (let from = 0; from < trace.rows; from += ROWS_AT_ONCE) {
    const size = Math.min(ROWS_AT_ONCE, trace.rows - from);
    yield lines(Array.from({ length: size }, (_, i) => buildRow(trace, problem, from + i)));
  }
}

const ROWS_AT_ONCE = 4096;

function buildRow(trace: Trace, { graph, hosts, tasks, demand }: Problem, row: number): Cell[] {
  const task = trace.task[row]!;
  const of = tasks.classOf[task]!;
  return [
    graph.names[task]!,
    graph.keys[task]!,
    whole(trace.attempt[row]!),
    hosts.names[trace.host[row]!] ?? "",
    whole(trace.slot[row]!),
    String(trace.cores[row]!),
    demand.systems[of]!,
    demand.features[of]!.join(" "),
    ...STAGES.map((stage) => fraction(trace[stage][row]! / 1e6)),
    whole(trace.bytesIn[row]!),
    whole(trace.bytesOut[row]!),
    fraction(trace.coreSeconds[row]!),
    OUTCOMES[trace.outcome[row]!]!,
  ];
}

export function hostsCsv(compare: CompareResult): string {
  const header = [
    ...["policy", "fleet", "host", "slots", "cores", "builds"],
    ...BUSY_PARTS.map((part) => `busy.${part}`),
    ...IDLE_CAUSES.map((cause) => `idle.${cause}`),
    ...["core_seconds", "core_seconds_unused", "bytes_in", "bytes_out"],
  ];
  const rows = compare.ranking.flatMap((row) =>
    row.hosts.map((use) => [
      ...[row.policy, row.fleet, use.host, whole(use.slots), String(use.cores), fraction(use.builds)],
      ...BUSY_PARTS.map((part) => fraction(use.busy[part])),
      ...IDLE_CAUSES.map((cause) => fraction(use.idle[cause])),
      ...[fraction(use.coreSeconds), fraction(use.coreSecondsUnused), whole(use.bytesIn), whole(use.bytesOut)],
    ]),
  );
  return table(header, rows);
}

function table(header: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  return lines([header, ...rows]);
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: "\n" },
  );
}

function fraction(value: number | null): Cell {
  if (value === null || Number.isNaN(value)) return "";
  const text = value.toFixed(6);
  return text === "-0.000000" ? "0.000000" : text;
}

function whole(value: number | null): Cell {
  return value === null || Number.isNaN(value) ? "" : String(Math.round(value));
}
