// The files of a report, for `compare` and `simulate`: page, tables, chart specs with SVG and PNG, traces, and what makes
// the directory a RUN. Written one by one, each whole.
import type { Fault } from "#base/fault.js";
import type { CompareResult } from "#metrics/result.js";
import { chartSpecs, toPng, toSvg } from "#report/charts.js";
import { buildsCsv, hostsCsv, summaryCsv } from "#report/csv.js";
import { reportHtml } from "#report/html.js";
import { rankingMarkdown } from "#report/markdown.js";
import type { ReportInput, RunDetail } from "#report/report-input.js";
import { traceEventJson } from "#report/trace-event.js";
import { traceJsonLines } from "#report/trace-jsonl.js";
import type { Flags } from "#scenario/flags.js";
import type { Experiment, Kit } from "./experiment.js";
import { type Written, writeAll } from "./files.js";
import { runFiles } from "./run-directory.js";
import { whatIfs } from "./what-if.js";

export interface ReportRequest {
  readonly scenario: string;
  readonly flags: Flags;
  readonly command: string;
  readonly out: string;
  readonly experiment: Experiment;
  readonly kit: Kit;
  readonly result: CompareResult;
  readonly detail: RunDetail;
}

/** Attempts above which the trace for Perfetto is left out: the page would not open. */
const TRACE_EVENT_MAX = 200_000;

export async function writeReport(request: ReportRequest): Promise<Fault | null> {
  const { experiment, kit, result, detail, out } = request;
  const run = runFiles(request.scenario, kit.loaded, {
    digest: experiment.digest,
    policy: detail.run.policy,
    fleet: detail.run.fleet,
    seed: detail.run.seed,
    flags: request.flags,
    command: request.command,
  });
  if (!run.ok) return run.faults[0]!;
  const input: ReportInput = { compare: result, detail, whatIf: whatIfs(experiment, kit, detail), modelError: null };
  return writeAll(out, [...run.value, ...tables(input), ...traces(detail, experiment.digest), ...(await pictures(input))]);
}

function tables({ compare, detail }: ReportInput): Written[] {
  return [
    { name: "compare.json", content: `${JSON.stringify(compare)}\n` },
    { name: "summary.csv", content: summaryCsv(compare) },
    { name: "hosts.csv", content: hostsCsv(compare) },
    { name: "builds.csv", content: buildsCsv(detail!) },
    { name: "summary.md", content: rankingMarkdown(compare) },
  ];
}

function traces({ trace, problem, run }: RunDetail, digest: string): Written[] {
  const lines = traceJsonLines(trace, problem, { run: `${digest} ${run.policy} seed ${run.seed}`, engine: "sim" });
  const events = trace.rows <= TRACE_EVENT_MAX ? [{ name: "trace.json.gz", content: traceEventJson(trace, problem) }] : [];
  return [{ name: "trace.jsonl", content: lines }, ...events];
}

/** Specs, SVG and PNG of every chart, and the page that shows them. */
async function pictures(input: ReportInput): Promise<Written[]> {
  const files: Written[] = [];
  const svgs: Record<string, string> = {};
  for (const { name, spec } of chartSpecs(input)) {
    const svg = await toSvg(spec);
    svgs[name] = svg;
    files.push(
      { name: `charts/${name}.vl.json`, content: `${JSON.stringify(spec, null, 1)}\n` },
      { name: `charts/${name}.svg`, content: svg },
      { name: `charts/${name}.png`, content: toPng(svg) },
    );
  }
  return [...files, { name: "report.html", content: reportHtml(input, svgs) }];
}
