// Recorded runs of one configuration held against simulated worlds of it: makespan, hosts, starts, stages, beside what the
// repetitions differ by among themselves. From traces and the problem's names alone.
// Phases: one clock, makespans, hosts, starts, stages, first asks, rules, build by build.
import type { Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { endOf, endStage, firstAsk, hostOf, instantOf, type Observed, observed } from "./observed.js";
import { errorSize, intervalScore, leaveOneOut, medianOf, quantilesOf } from "./validate-error.js";
import { missFit, rangeOf } from "./validate-miss.js";
import { type HostOdds, hostOdds, placementFit } from "./validate-placement.js";
import { rulesFit } from "./validate-rules.js";
import { stageFits } from "./validate-stages.js";
import { waveFit } from "./validate-wave.js";
import type { BuildFit, ErrorSize, Noise, Quantiles, RealRun, Validation } from "./validation.js";

export interface Replay {
  readonly name: string;
  readonly graph: string;
  readonly policy: string;
  readonly digest: string;
  readonly heldOut: boolean;
  readonly problem: Problem;
  /** At least one, each with at least one attempt. */
  readonly recorded: readonly { readonly name: string; readonly trace: Trace }[];
  /** One trace per world; at least one. */
  readonly simulated: readonly Trace[];
  /** By recording: told again with its own durations; null where it cannot be. */
  readonly retold: readonly (Trace | null)[];
}

export function validation({ name, graph, policy, digest, heldOut, problem, recorded, simulated, retold }: Replay): Validation {
  const { count } = problem.graph;
  const traces = recorded.map(({ trace }) => trace);
  // 1. One clock.
  const began = medianOf(simulated.map(firstAsk));
  const worlds = simulated.map((trace) => observed(trace, count));
  const last = endStage(traces);
  const runs = traces.map((trace) => observed(trace, count, last === "makespan" ? 0 : firstAsk(trace) - began));
  const again = retold.map((trace, i) => (trace === null ? null : observed(trace, count, runs[i]!.shift)));
  // 2. Makespans.
  const simulatedSpans = worlds.map((world) => endOf(world, last));
  const spans = quantilesOf(simulatedSpans);
  const real = runs.map((run) => endOf(run, last));
  // 3. Hosts, starts, stages.
  const odds = Array.from({ length: count }, (_, task) => hostOdds(worlds, task, problem.hosts.count));
  const builds = Array.from({ length: count }, (_, task) => buildFit(task, problem, runs, worlds, odds[task]!));
  return {
    name,
    graph,
    policy,
    digest,
    heldOut,
    worlds: worlds.length,
    runs: real.map((seconds, i) => runFit(recorded[i]!.name, seconds, spans)),
    simulated: spans,
    width: spans.p50 > 0 ? (spans.p95 - spans.p5) / spans.p50 : 0,
    noise: noiseOf(real, builds),
    miss: missFit(real, simulatedSpans, spans.p50),
    placement: placementFit(runs, odds),
    start: startError(builds),
    stages: stageFits(runs, worlds, count),
    firstWave: waveFit(traces, simulated),
    rules: rulesFit(runs, again, last),
    builds,
  };
}

function runFit(name: string, makespan: number, spans: Quantiles): RealRun {
  return {
    name,
    makespan,
    error: makespan > 0 ? spans.p50 / makespan - 1 : 0,
    inside: makespan >= spans.p5 && makespan <= spans.p95,
    score: intervalScore(spans, makespan),
  };
}

function noiseOf(makespans: readonly number[], builds: readonly BuildFit[]): Noise | null {
  if (makespans.length < 2) return null;
  const starts = builds.flatMap(({ realStart }) => leaveOneOut(realStart.filter((at) => at !== null)));
  return {
    range: rangeOf(makespans),
    leaveOneOut: errorSize(leaveOneOut(makespans).map(({ own, others }) => (own > 0 ? others / own - 1 : 0))).p50,
    start: starts.length === 0 ? null : errorSize(starts.map(({ own, others }) => others - own)),
  };
}

function buildFit(
  task: number,
  { graph, hosts }: Problem,
  runs: readonly Observed[],
  worlds: readonly Observed[],
  odds: HostOdds,
): BuildFit {
  const real = runs.map((run) => hostOf(run, task));
  return {
    task: graph.keys[task]!,
    hosts: real.map((host) => (host < 0 ? null : hosts.names[host]!)),
    host: odds.host < 0 ? null : hosts.names[odds.host]!,
    probability: real.map((host) => (host < 0 ? null : odds.share[host]!)),
    realStart: runs.map((run) => seen(instantOf(run, task, "started"))),
    realEnd: runs.map((run) => seen(instantOf(run, task, "built"))),
    start: spread(worlds.map((world) => instantOf(world, task, "started"))),
    end: spread(worlds.map((world) => instantOf(world, task, "built"))),
  };
}

function startError(builds: readonly BuildFit[]): ErrorSize | null {
  const errors = builds.flatMap(({ start, realStart }) =>
    start === null ? [] : realStart.filter((at) => at !== null).map((at) => start.p50 - at),
  );
  return errors.length === 0 ? null : errorSize(errors);
}

function spread(instants: readonly number[]): Quantiles | null {
  const known = instants.filter((at) => !Number.isNaN(at));
  return known.length === 0 ? null : quantilesOf(known);
}

function seen(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}
