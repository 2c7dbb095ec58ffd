// Evidence of a run → its trace. The log tells who was asked when and what Nix knew when; where its lines came late, the
// witnesses were there: builders log their own start and end, a slot's file is open exactly while the slot is held.
// Phases: builds of all clients, exact instants, what travelled, ends as the clients noticed them, faults.
import { createReadStream } from "node:fs";
import { type Fault, fail, fault, ok, type Result } from "#base/fault.js";
import { micros } from "#base/units.js";
import { loggedTrace } from "#cli/logged-trace.js";
import { recordedHosts } from "#cli/recorded-hosts.js";
import { BUILT, type Trace, type TraceSpan } from "#dispatch/trace.js";
import { readInternalJson } from "#ingest/internal-json.js";
import type { LoggedBuild, LoggedRun } from "#ingest/logged-build.js";
import { baseName, derivationName, storeName } from "#ingest/store-path.js";
import type { GraphFile } from "#model/graph-file.js";
import { traceLines } from "#report/trace-jsonl.js";
import type { BuilderLine, Evidence } from "./evidence.js";
import { type Hook, hooksOf } from "./hooks.js";
import { uriOf } from "./machine-files.js";
import type { Recipe } from "./recipe.js";
import { noticedAt } from "./noticed.js";
import { sentWith, type Upload } from "./travelled.js";

export interface Recording {
  readonly text: string;
  readonly trace: Trace;
  /** What does not fit together: a reason to look. */
  readonly doubts: readonly string[];
}

/** A build as both the log and the witnesses saw it. */
interface Seen {
  readonly row: number;
  readonly name: string;
  readonly host: string;
  readonly build: LoggedBuild;
  readonly start: BuilderLine | undefined;
  readonly end: BuilderLine | undefined;
  readonly hook: Hook | undefined;
}

/** `run` names it. */
export async function recordingOf(recipe: Recipe, run: string, evidence: Evidence): Promise<Result<Recording>> {
  const { fleet, version, graph } = recipe;
  // 1. Builds of all clients.
  const runs: LoggedRun[] = [];
  for (const { log } of evidence.clients) {
    const read = await readInternalJson(createReadStream(log), log);
    if (!read.ok) return read;
    runs.push(read.value);
  }
  const builds = runs.flatMap((one) => one.builds).sort((a, b) => a.accepted - b.accepted);
  if (builds.length === 0) return fail(nothingBuilt(evidence));
  const hosts = recordedHosts(
    fleet.builders.map(({ name }) => uriOf(name)),
    fleet,
    fleet.coordinator.name,
  );
  const { trace, keys, began } = loggedTrace(runs, hosts, undefined);
  moveBy(trace, micros(began - evidence.began));
  const names = keys.map((drv) => derivationName(drv)!);
  // 2. Exact instants.
  const at = (instant: number) => micros(instant - evidence.began);
  const hooks = new Map(runs.flatMap((one) => [...hooksOf(one.builds, evidence.slots, hosts.of)]));
  const seen = builds.map((build, row): Seen => {
    const name = names[trace.task[row]!]!;
    const host = hosts.names[trace.host[row]!]!;
    const lines = evidence.builders.filter((line) => line.node === name && line.host === host);
    return { row, name, host, build, hook: hooks.get(build), start: lines[0], end: lines.find(({ what }) => what !== "start") };
  });
  for (const one of seen) put(trace, one, at);
  putClients(trace, seen, evidence, runs);
  for (const [i, span] of trace.spans.entries()) trace.spans[i] = untilAsked(trace, span);
  // 3. What travelled.
  putBytes(trace, seen, recipe, evidence.sizes);
  // 4. Ends as the clients noticed them.
  const late = micros(began - evidence.began) - Math.min(...runs.map((each) => each.began));
  for (const one of runs) putNotices(trace, one, seen, late, graph);
  putReady(trace, seen, graph, evidence, runs, at);
  // 5. Faults.
  for (const { host, from, to } of evidence.faults) {
    const end = Math.min(at(evidence.ended), at(to));
    trace.spans.push({ kind: "down", host: hosts.names.indexOf(host), task: -1, from: Math.max(0, at(from)), to: end });
  }
  const source = { run, engine: `nix-${version}`, began: evidence.began };
  const [header, ...rest] = traceLines(trace, { graph: { keys: names }, hosts }, source);
  const load = evidence.load.map((value) => value.toFixed(2)).join(",");
  const codes = evidence.clients.map(({ code }) => code).join(",");
  return ok({
    text: [header!.replace(/\}\n$/, `,"x-load":[${load}],"x-exit":[${codes}]}\n`), ...rest].join(""),
    trace,
    doubts: [...doubtsOf(trace, seen, graph), ...strangers(seen, recipe)],
  });
}

function nothingBuilt({ clients }: Evidence): Fault {
  const codes = clients.map(({ code }) => code).join(", ");
  return fault("host", clients.map(({ log }) => log).join(", "), `Nix built nothing and ended with ${codes}`);
}

/** The log's clock begins with its first line, the trace's with the first client. */
function moveBy(trace: Trace, late: number): void {
  const stages = ["asked", "accepted", "uploadFrom", "uploaded", "started", "built", "returned", "noticed"] as const;
  for (const stage of stages) for (let row = 0; row < trace.rows; row++) trace[stage][row] = trace[stage][row]! + late;
  for (const [i, span] of trace.spans.entries()) trace.spans[i] = { ...span, from: span.from + late, to: span.to + late };
  trace.makespan += late;
}

function put(trace: Trace, { row, build, start, end, hook }: Seen, at: (instant: number) => number): void {
  // What a log takes for a start is no start where the builder itself, lost with its host, never said so.
  trace.started[row] = start === undefined ? Number.NaN : at(start.at);
  if (end !== undefined) {
    trace.built[row] = at(end.at);
    trace.coreSeconds[row] = end.cpu;
  }
  if (build.machine === "") {
    // A local build says that it starts after its builder has begun.
    if (start !== undefined) trace.accepted[row] = Math.min(trace.accepted[row]!, at(start.at));
    trace.asked[row] = trace.accepted[row]!;
    return;
  }
  if (hook === undefined) return;
  trace.slot[row] = hook.slot;
  trace.asked[row] = Math.min(trace.asked[row]!, at(hook.taken));
  trace.slotFreed[row] = at(hook.freed);
  if (hook.upload !== undefined) {
    // Nix prints that a build was accepted after its hook went on.
    trace.accepted[row] = Math.min(trace.accepted[row]!, at(hook.upload.asked));
    trace.uploadFrom[row] = at(hook.upload.from);
    trace.uploaded[row] = at(hook.upload.to);
  }
  // Its last act before it ends is to take the outputs; the log may say so earlier, never later.
  if (trace.outcome[row] !== BUILT) trace.returned[row] = Number.NaN;
  else if (!(trace.returned[row]! < trace.slotFreed[row]!)) trace.returned[row] = trace.slotFreed[row]!;
}

/** Whose log a build stands in asked for it: the other clients find its output valid. One client alone needs no name. */
function putClients(trace: Trace, seen: readonly Seen[], { clients }: Evidence, runs: readonly LoggedRun[]): void {
  if (clients.length < 2) return;
  trace.clients = clients.map(({ name }) => name);
  for (const { row, build } of seen) trace.client[row] = runs.findIndex(({ builds }) => builds.includes(build));
}

/** A build is postponed until it is asked, and keeps the client from then on. */
function untilAsked({ task, asked, rows }: Trace, span: TraceSpan): TraceSpan {
  const row = span.task < 0 ? -1 : task.subarray(0, rows).lastIndexOf(span.task);
  if (row < 0) return span;
  if (span.kind === "postponed") return { ...span, to: Math.max(span.from, Math.min(span.to, asked[row]!)) };
  return { ...span, from: Math.min(span.from, asked[row]!) };
}

function putBytes(trace: Trace, seen: readonly Seen[], { graph, fleet }: Recipe, sizes: Evidence["sizes"]): void {
  const bytes = new Map(Object.entries(sizes).map(([base, size]) => [storeName(base) ?? base, size]));
  const total = (names: readonly string[]) => names.reduce((sum, name) => sum + (bytes.get(name) ?? Number.NaN), 0);
  const uploads = new Map<Seen, Upload>();
  for (const one of seen)
    if (one.hook?.upload !== undefined) uploads.set(one, { node: one.name, host: one.host, from: trace.uploadFrom[one.row]! });
  const made = seen.filter(({ row }) => trace.built[row]! >= 0).map(({ row, name, host }) => ({ node: name, host, at: trace.built[row]! }));
  const sent = sentWith(graph, fleet.closure === "transitive", [...uploads.values()], made);
  for (const one of seen) {
    const upload = uploads.get(one);
    trace.bytesIn[one.row] = upload === undefined ? Number.NaN : total(sent.get(upload)!);
    trace.bytesOut[one.row] = one.build.machine !== "" && trace.outcome[one.row] === BUILT ? total([one.name]) : Number.NaN;
  }
}

function putNotices(trace: Trace, { builds, notices }: LoggedRun, seen: readonly Seen[], late: number, graph: GraphFile): void {
  const asked = new Map(seen.map(({ name, row }) => [name, trace.asked[row]!]));
  const own = seen.filter(({ build, row }) => builds.includes(build) && trace.outcome[row] === BUILT);
  const ended = own.map(({ row, name, build }) => ({
    name,
    at: build.machine === "" ? trace.built[row]! : trace.slotFreed[row]!,
    logged: trace.noticed[row]!,
  }));
  const built = notices.filter(({ outcome }) => outcome === "built").map(({ seen: { at } }) => at + late);
  const noticed = noticedAt(graph, ended, asked, built);
  for (const { row, name, build } of own) {
    trace.noticed[row] = noticed.get(name) ?? Number.NaN;
    if (build.machine === "") trace.slotFreed[row] = trace.noticed[row]!;
  }
}

/** When the last input was noticed by anybody; what needs nothing is ready when the client that asked begins. */
function putReady(
  trace: Trace,
  seen: readonly Seen[],
  { nodes, edges }: GraphFile,
  { clients }: Evidence,
  runs: readonly LoggedRun[],
  at: (instant: number) => number,
): void {
  const noticed = new Map(seen.filter(({ row }) => trace.outcome[row] === BUILT).map(({ name, row }) => [name, trace.noticed[row]!]));
  const idOf = new Map(nodes.map(({ name }, i) => [name, i]));
  for (const { row, name, build } of seen) {
    const client = runs.findIndex((run) => run.builds.includes(build));
    let last = Math.max(0, at(clients[client]!.began));
    for (let edge = 0; edge < edges.from.length; edge++)
      if (edges.to[edge] === idOf.get(name)) last = Math.max(last, noticed.get(nodes[edges.from[edge]!]!.name) ?? Number.NaN);
    trace.ready[row] = last <= trace.asked[row]! ? last : Number.NaN;
  }
}

function doubtsOf(trace: Trace, seen: readonly Seen[], { nodes }: GraphFile): string[] {
  const known = new Set(nodes.map(({ name }) => name));
  return seen.flatMap(({ row, name, build, start, end, hook }) => {
    const doubts: string[] = [];
    if (!known.has(name)) doubts.push("is not in the graph");
    if (build.machine !== "" && hook === undefined) doubts.push("no slot was seen held");
    if (trace.outcome[row] === BUILT && (start === undefined || end === undefined)) doubts.push("its builder was not seen");
    if (trace.outcome[row] === BUILT && Number.isNaN(trace.noticed[row]!)) doubts.push("nobody noticed its end");
    if (Number.isNaN(trace.ready[row]!)) doubts.push("was asked before it was ready");
    return doubts.map((doubt) => `${name}: ${doubt}`);
  });
}

/** What the log saw travelling to each host, against what must have been missing there. */
function strangers(seen: readonly Seen[], { graph, fleet }: Recipe): string[] {
  const logged = new Map<string, string[]>();
  for (const { host, build } of seen)
    logged.set(host, [...(logged.get(host) ?? []), ...(build.sent ?? []).map((path) => storeName(baseName(path))!)]);
  const known = new Set(graph.nodes.flatMap(({ name }) => [name, `source-${name}`]));
  return fleet.builders.flatMap(({ name }) =>
    (logged.get(name) ?? []).flatMap((path, i, all) =>
      known.has(path) && all.indexOf(path) === i ? [] : [`${name}: ${path} was sent a second time, or belongs to nobody`],
    ),
  );
}
