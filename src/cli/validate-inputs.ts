// Which recorded runs belong to which scenario: the traces that are named, those that lie beside a scenario and are named
// after it, or the one trace of a RUN. Reads their first lines, no more than needed to group them by the engine that was recorded.
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { compareText } from "#base/order.js";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { plural } from "#report/figures.js";
import { parseTrace, type TraceFile } from "#report/trace-parse.js";
import { load } from "./files.js";

export interface Recording {
  readonly path: string;
  readonly file: TraceFile;
}

export interface Recorded {
  readonly scenario: string;
  readonly recordings: readonly Recording[];
}

const EXAMPLE = "NAME.r1.trace.jsonl belongs to NAME.yaml";
const SCENARIO = /\.(ya?ml|json)$/;
const TRACE = /\.jsonl(\.gz)?$/;
/** The files of a RUN. */
const [SCENARIO_OF_RUN, TRACE_OF_RUN] = ["scenario.json", "trace.jsonl"];

/** Scenarios in the order given, those of a folder by name. */
export function recordedRuns(scenarios: readonly string[], traces: readonly string[]): Result<readonly Recorded[]> {
  const faults: Fault[] = [];
  const keep = <T>(result: Result<T>): T | undefined => {
    if (!result.ok) faults.push(...result.faults);
    return result.ok ? result.value : undefined;
  };
  const found = scenarios.flatMap((path) => keep(scenariosAt(path)) ?? []);
  const all: Recorded[] = [];
  const taken = new Set<string>();
  for (const scenario of found) {
    const paths = keep(traces.length === 0 ? tracesBeside(scenario, dirname(scenario)) : tracesGiven(scenario, traces, found.length === 1));
    for (const path of paths ?? []) taken.add(path);
    const recordings = once(paths ?? []).flatMap((path) => keep(readTrace(path)) ?? []);
    all.push({ scenario, recordings });
  }
  for (const path of traces.filter((path) => !isFolder(path) && !taken.has(path)))
    faults.push(fault("usage", "--trace", `found none of the ${plural(found.length, "scenario")} that ${path} is named after`, EXAMPLE));
  return faults.length > 0 ? fail(...faults) : ok(all);
}

/**
 * Traces whose scenario lies beside them, unless it is named; scenarios, with all traces beside them; folders of both. In the order given,
 * traces of one scenario together.
 */
export function recordedAt(inputs: readonly string[], scenario: string | undefined): Result<readonly Recorded[]> {
  if (scenario !== undefined) return recordedRuns([scenario], inputs);
  /** By scenario, or folder of them; null: all of its traces. */
  const own = new Map<string, readonly string[] | null>();
  const faults: Fault[] = [];
  for (const path of inputs) {
    const found = TRACE.test(path) && !isFolder(path) ? scenarioOf(path) : path;
    if (found === null) faults.push(...alone(path));
    else if (found === path) own.set(path, null);
    else if (own.get(found) !== null) own.set(found, [...(own.get(found) ?? []), path]);
  }
  if (faults.length > 0) return fail(...faults);
  const all: Recorded[] = [];
  for (const [path, traces] of own) {
    const read = recordedRuns([path], traces ?? []);
    if (read.ok) all.push(...read.value);
    else faults.push(...read.faults);
  }
  return faults.length > 0 ? fail(...faults) : ok(all);
}

function alone(trace: string): readonly Fault[] {
  const found = isThere(
    trace,
    fault(
      "usage",
      trace,
      "found no scenario beside it that it is named after",
      "calibrate --scenario FILE, or validate SCENARIO --trace FILE, names it",
    ),
  );
  return found.ok ? [found.value] : found.faults;
}

/** Value, if that file can be read. */
function isThere<T>(path: string, value: T): Result<T> {
  const read = load(path);
  return read.ok ? ok(value) : read;
}

/** The scenario beside a trace after which it is named: the one with the longest name. */
function scenarioOf(trace: string): string | null {
  if (!isFolder(dirname(trace))) return null;
  const scenarios = filesIn(dirname(trace)).filter((path) => SCENARIO.test(path) && isNamedAfter(path, trace));
  return scenarios.sort((a, b) => stem(b).length - stem(a).length)[0] ?? null;
}

/** A folder stands for the scenarios below it that have traces beside them, RUNs among them. */
function scenariosAt(path: string): Result<readonly string[]> {
  if (!isFolder(path)) return isThere(path, [path]);
  const below = readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .sort(compareText);
  const scenarios = below.filter((name) => SCENARIO.test(name) && namedBeside(name, below).length > 0);
  if (scenarios.length > 0) return ok(scenarios);
  return fail(
    fault(
      "input",
      path,
      "found no scenario with traces beside it",
      "NAME.yaml and NAME.r1.trace.jsonl belong together, or are those of a RUN",
    ),
  );
}

function tracesBeside(scenario: string, folder: string): Result<readonly string[]> {
  const paths = named(scenario, filesIn(folder));
  if (paths.length > 0) return ok(paths);
  return fail(
    fault(
      "usage",
      scenario,
      `found no trace beside it named ${stem(scenario)}.….jsonl`,
      "validate SCENARIO --trace FILE, or calibrate FILE --scenario SCENARIO, names recorded runs",
    ),
  );
}

/** A folder gives the traces that are named after the scenario; where it has none and there is one scenario only, all. */
function tracesGiven(scenario: string, traces: readonly string[], alone: boolean): Result<readonly string[]> {
  const paths = traces.flatMap((path) => {
    if (!isFolder(path)) return alone ? [path] : named(scenario, [path]);
    const files = filesIn(path).filter((name) => TRACE.test(name));
    const own = named(scenario, files);
    return own.length > 0 || !alone ? own : files;
  });
  if (paths.length > 0) return ok(paths);
  return fail(fault("usage", "--trace", `found no trace for ${scenario}`, `expected names such as ${stem(scenario)}.r1.trace.jsonl`));
}

/** A run that is named twice is still one. */
function once(paths: readonly string[]): readonly string[] {
  return [...new Map(paths.map((path) => [resolve(path), path])).values()];
}

/** Those beside the scenario, else those of that name elsewhere. */
function named(scenario: string, paths: readonly string[]): string[] {
  const beside = namedBeside(scenario, paths);
  return beside.length > 0 ? beside : paths.filter((path) => isNamedAfter(scenario, path));
}

/** A trace belongs to the scenario with the longest name that it is named after. */
function namedBeside(scenario: string, paths: readonly string[]): string[] {
  const named = paths.filter((path) => dirname(path) === dirname(scenario) && isNamedAfter(scenario, path));
  return named.filter((path) => basename(scenarioOf(path) ?? scenario) === basename(scenario));
}

function isNamedAfter(scenario: string, path: string): boolean {
  if (basename(scenario) === SCENARIO_OF_RUN && basename(path) === TRACE_OF_RUN) return true;
  return TRACE.test(path) && basename(path).startsWith(`${stem(scenario)}.`);
}

function stem(scenario: string): string {
  return basename(scenario).replace(SCENARIO, "");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort(compareText)
    .map((name) => join(folder, name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readTrace(path: string): Result<Recording> {
  const file = load(path);
  if (!file.ok) return file;
  const parsed = parseTrace(new TextDecoder().decode(file.value.bytes), path);
  if (!parsed.ok) return parsed;
  if (parsed.value.trace.rows > 0) return ok({ path, file: parsed.value });
  return fail(fault("input", path, "found a trace without attempts", "a run that built nothing says nothing"));
}
