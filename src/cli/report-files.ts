// The files of a report, for `compare`, `simulate` and `report`: page, tables, chart specs with SVG and PNG, traces, and
// what makes the directory a RUN. All are there in the end, or none.
import type { Fault } from "#base/fault.js";
import type { CompareResult } from "#metrics/result.js";
import type { ChartSpec } from "#report/chart-spec.js";
import { chartSpecs, toPng, toSvg } from "#report/charts.js";
import { buildsPieces, hostsCsv, summaryCsv } from "#report/csv.js";
import { reportHtml } from "#report/html.js";
import { rankingMarkdown } from "#report/markdown.js";
import type { Foretold } from "#report/foretold.js";
import type { ReportInput, RunDetail } from "#report/report-input.js";
import { traceEventJson } from "#report/trace-event.js";
import { traceLines } from "#report/trace-jsonl.js";
import type { Flags } from "#scenario/flags.js";
import type { Experiment, Kit } from "./experiment.js";
import { type Written, writeAll } from "./files.js";
import { type RunFile, runFiles } from "./run-directory.js";
import { whatIfs } from "./what-if.js";

/** What a report shows. */
export interface Reported {
  readonly experiment: Experiment;
  readonly kit: Kit;
  readonly result: CompareResult;
  readonly detail: RunDetail;
  /** Of a run that took place; null: it was simulated. */
  readonly foretold: Foretold | null;
}

export interface ReportRequest extends Reported {
  readonly what: RunFile["what"];
  readonly scenario: string;
  readonly flags: Flags;
  readonly command: string;
  readonly out: string;
}

export const FORMATS = ["html", "csv", "vl", "svg", "png", "trace", "md"] as const;
export type Format = (typeof FORMATS)[number];

/** Attempts above which the trace for Perfetto is left out: the page would not open. */
const TRACE_EVENT_MAX = 200_000;

export async function writeReport(request: ReportRequest): Promise<Fault | null> {
  const { experiment, kit, result, detail, out, what, flags, command } = request;
  const { policy, fleet, seed } = detail.run;
  const run = runFiles(request.scenario, kit.loaded, { what, digest: experiment.digest, policy, fleet, seed, flags, command });
  if (!run.ok) return run.faults[0]!;
  const comparison = { name: "compare.json", content: `${JSON.stringify(result)}\n` };
  return writeAll(out, [...run.value, comparison, ...(await rendered(request, new Set(FORMATS)))]);
}

/** The files of the given formats. */
export async function rendered({ experiment, kit, result, detail, foretold }: Reported, formats: ReadonlySet<Format>): Promise<Written[]> {
  const page = formats.has("html");
  const input: ReportInput = {
    compare: result,
    detail,
    whatIf: page ? await whatIfs(experiment, kit, detail) : [],
    foretold,
    modelError: null,
  };
  const charts = page || formats.has("vl") || formats.has("svg") || formats.has("png") ? await drawn(input) : [];
  return [
    ...(formats.has("csv") ? tables(input) : []),
    ...(formats.has("md") ? [{ name: "summary.md", content: rankingMarkdown(result) }] : []),
    ...(formats.has("trace") ? traces(detail, experiment.digest) : []),
    ...charts.flatMap((chart) => pictures(chart, formats)),
    ...(page ? [{ name: "report.html", content: reportHtml(input, Object.fromEntries(charts.map(({ name, svg }) => [name, svg]))) }] : []),
  ];
}

function tables({ compare, detail }: ReportInput): Written[] {
  return [
    { name: "summary.csv", content: summaryCsv(compare) },
    { name: "hosts.csv", content: hostsCsv(compare) },
    { name: "builds.csv", content: buildsPieces(detail!) },
  ];
}

function traces({ trace, problem, run }: RunDetail, digest: string): Written[] {
  const lines = traceLines(trace, problem, { run: `${digest} ${run.policy} seed ${run.seed}`, engine: "sim" });
  const events = trace.rows <= TRACE_EVENT_MAX ? [{ name: "trace.json.gz", content: traceEventJson(trace, problem) }] : [];
  return [{ name: "trace.jsonl", content: lines }, ...events];
}

interface Drawn {
  readonly name: string;
  readonly spec: ChartSpec;
  readonly svg: string;
}

async function drawn(input: ReportInput): Promise<Drawn[]> {
  const charts: Drawn[] = [];
  for (const { name, spec } of chartSpecs(input)) charts.push({ name, spec, svg: await toSvg(spec) });
  return charts;
}

function pictures({ name, spec, svg }: Drawn, formats: ReadonlySet<Format>): Written[] {
  return [
    ...(formats.has("vl") ? [{ name: `charts/${name}.vl.json`, content: `${JSON.stringify(spec, null, 1)}\n` }] : []),
    ...(formats.has("svg") ? [{ name: `charts/${name}.svg`, content: svg }] : []),
    ...(formats.has("png") ? [{ name: `charts/${name}.png`, content: toPng(svg) }] : []),
  ];
}
