// Logged builds → a Trace. Only stages that the log pins down to 50 ms are kept, the others are absent; slots are the
// lowest that fit, since Nix does not number them; cores are 0 where no fleet tells. With a graph, `ready` is when the
// last input was noticed. Rule: product.md "Trace", and logged-stages.ts for what a log can know.
import { compareText } from "#base/order.js";
import { OUTCOMES, type Stage, Trace } from "#dispatch/trace.js";
import { EXACT } from "#ingest/log-clock.js";
import type { LoggedBuild, LoggedRun } from "#ingest/logged-build.js";
import { type Span, stagesOf } from "#ingest/logged-stages.js";
import { baseName } from "#ingest/store-path.js";
import type { GraphFile } from "#model/graph-file.js";
import { keyOf } from "./named-builds.js";
import type { RecordedHosts } from "./recorded-hosts.js";

export interface LoggedTrace {
  readonly trace: Trace;
  /** Names of the ids in it. */
  readonly keys: readonly string[];
  /** Instant 0, seconds since 1970. */
  readonly began: number;
}

/** Several logs are one run, in the order of their first lines: a build that went on in a second command. */
export function loggedTrace(runs: readonly LoggedRun[], hosts: RecordedHosts, graph: GraphFile | undefined): LoggedTrace {
  const ordered = runs.toSorted((a, b) => a.began - b.began);
  const began = ordered[0]!.began;
  const builds = ordered.flatMap((run) => run.builds.map((build) => ({ build, run }))).sort((a, b) => a.build.accepted - b.build.accepted);
  const keys = [...new Set(builds.map(({ build }) => build.drv))];
  const idOf = new Map(keys.map((key, id) => [key, id]));
  const hostOf = new Map(hosts.names.map((name, id) => [name, id]));
  const ready = graph === undefined ? () => Number.NaN : readiness(graph, runs, began);
  const slotOf = slotsOf(builds.map(({ build }) => build));
  const attempts = new Map<string, number>();
  const trace = new Trace(builds.length);
  for (const { build, run } of builds) {
    const { drv, machine } = build;
    const name = hosts.of(machine);
    const attempt = attempts.get(drv) ?? 0;
    attempts.set(drv, attempt + 1);
    const asked = (build.asked ?? build.accepted) - began;
    const row = trace.open(
      idOf.get(drv)!,
      attempt,
      hostOf.get(name)!,
      slotOf.get(build)!,
      hosts.cores(name) ?? 0,
      ready(build, asked),
      asked,
    );
    trace.outcome[row] = OUTCOMES.indexOf(build.outcome);
    fill(trace, row, build, run, began);
    if (build.postponed !== undefined && build.postponed - began < asked)
      trace.spans.push({ kind: "postponed", host: -1, task: idOf.get(drv)!, from: build.postponed - began, to: asked });
    if (build.asked !== undefined)
      trace.spans.push({ kind: "dispatch", host: -1, task: idOf.get(drv)!, from: asked, to: build.accepted - began });
  }
  for (const { machine, from, to } of ordered.flatMap((run) => run.refused))
    trace.spans.push({ kind: "dispatch", host: hostOf.get(hosts.of(machine))!, task: -1, from: from - began, to: to - began });
  trace.spans.sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.kind, b.kind));
  trace.makespan = Math.max(...ordered.map((run) => run.ended)) - began;
  return { trace, keys, began: began / 1e6 };
}

function fill(trace: Trace, row: number, build: LoggedBuild, run: LoggedRun, began: number): void {
  let before = build.accepted;
  const put = (stage: Stage, at: number) => {
    if (at < before) return;
    trace[stage][row] = at - began;
    before = at;
  };
  put("accepted", build.accepted);
  for (const [stage, span] of Object.entries(stagesOf(build, run)) as [Stage, Span][])
    if (span.to - span.from <= EXACT) put(stage, span.to);
  if (build.noticed !== undefined) trace.noticed[row] = build.noticed - began;
  trace.bytesIn[row] = build.pathsIn === 0 ? 0 : (build.bytesIn ?? Number.NaN);
  trace.bytesOut[row] = build.bytesOut ?? Number.NaN;
  trace.coreSeconds[row] = Number.NaN;
}

/** When the last input of a derivation was noticed; unknown where an input may have been substituted meanwhile. */
function readiness(graph: GraphFile, runs: readonly LoggedRun[], began: number): (build: LoggedBuild, asked: number) => number {
  const noticed = new Map<string, number>();
  for (const { drv, outcome, noticed: at } of runs.flatMap((run) => run.builds))
    if (outcome === "built") noticed.set(baseName(drv), at === undefined ? Number.NaN : at - began);
  const nodeOf = new Map(graph.nodes.map((node, i) => [keyOf(node), i]));
  const needs = graph.nodes.map((): number[] => []);
  const { from, to } = graph.edges;
  for (let edge = 0; edge < from.length; edge++) needs[to[edge]!]!.push(from[edge]!);
  const substituted = runs.some((run) => run.substituted);
  return ({ drv }, asked) => {
    const node = nodeOf.get(baseName(drv));
    if (node === undefined) return Number.NaN;
    let last = 0;
    for (const input of needs[node]!) {
      const at = noticed.get(keyOf(graph.nodes[input]!)) ?? (substituted ? Number.NaN : 0);
      last = Math.max(last, at);
    }
    return last <= asked ? last : Number.NaN;
  };
}

/** The lowest slot of its machine that no earlier build holds; a slot is free once the outputs are back. */
function slotsOf(builds: readonly LoggedBuild[]): Map<LoggedBuild, number> {
  const heldUntil = new Map<string, number[]>();
  const slots = new Map<LoggedBuild, number>();
  for (const build of builds) {
    const held = heldUntil.get(build.machine) ?? [];
    heldUntil.set(build.machine, held);
    const end = build.returned ?? (build.noticed === undefined ? undefined : { at: build.noticed, lateBy: 0 });
    const free = held.findIndex((until) => until <= build.accepted);
    const slot = free < 0 ? held.length : free;
    held[slot] = end === undefined ? Number.POSITIVE_INFINITY : end.at - end.lateBy;
    slots.set(build, slot);
  }
  return slots;
}
