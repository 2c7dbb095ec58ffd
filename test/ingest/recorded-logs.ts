// Recorded logs for tests, with what the builders' own clocks said of the same runs, and logs written line by line.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readInternalJson } from "#ingest/internal-json.js";
import type { LoggedRun } from "#ingest/logged-build.js";

const ROOT = new URL("../fixtures/", import.meta.url);

/** What the testbed knew of a build, seconds since the start of the process. */
export interface Truth {
  readonly node: string;
  readonly host: string;
  readonly first_postponed: number | null;
  readonly connect_start: number | null;
  readonly accepted: number;
  readonly start: number;
  readonly stop: number;
  readonly copied_back: number | null;
  readonly done: number;
}

/** Runs of which both the log and the truth are kept. */
export const RUNS = [
  "2.8.0/mixed44.book_j0.r1",
  "2.8.0/wide42.book_j0.r1",
  "2.26.3/mixed44.book_j4.r1",
  "2.34.8/mixed44.book_j4.r1",
] as const;

export function logPath(run: string): string {
  return new URL(`logs/${run}.internal-json.log.gz`, ROOT).pathname;
}

export function truthOf(run: string): { readonly rows: ReadonlyMap<string, Truth>; readonly makespan: number } {
  const { trace } = JSON.parse(readFileSync(new URL(`traces/${run}.json`, ROOT), "utf8"));
  return { rows: new Map(trace.rows.map((row: Truth) => [row.node, row])), makespan: trace.makespan_s };
}

export function sampleText(path: string): string {
  return gunzipSync(readFileSync(new URL(`${path}.internal-json.log.gz`, ROOT))).toString("utf8");
}

export async function logged(text: string): Promise<LoggedRun> {
  const run = await readInternalJson([Buffer.from(text)], "build.log");
  if (!run.ok) throw new Error(JSON.stringify(run.faults));
  return run.value;
}

export const sample = (path: string) => logged(sampleText(path));

/** A log whose lines arrive at the given seconds. */
export function logText(lines: readonly (readonly [seconds: number, event: object])[]): string {
  return lines.map(([seconds, event]) => `${seconds.toFixed(6)}\t@nix ${JSON.stringify(event)}\n`).join("");
}
