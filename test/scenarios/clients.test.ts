// A recorded run of two Nix clients against the simulated worlds of its scenario: who built what. What only one of them
// wants is its own in every world; what both want is built by whoever asked first, so there chance has a say.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILT, type Trace } from "#dispatch/trace.js";
import type { Problem } from "#model/problem.js";
import { bindTrace } from "#report/trace-bind.js";
import { parseTrace } from "#report/trace-parse.js";
import { of, play } from "./play.js";

/** Recorded by bench/record with Nix 2.8.0: 2x to zinnia are wanted by both. */
const RUN = "two28.two_j0.r1.trace.jsonl";
const WORLDS = 60;

describe("two Nix clients, recorded", () => {
  const { runs } = of(play(`recorded/2.8.0/two28.two_j0.yaml --seeds ${WORLDS}`));
  const { problem } = runs[0]!;
  const read = parseTrace(readFileSync(new URL(`../../scenarios/recorded/2.8.0/${RUN}`, import.meta.url), "utf8"), RUN);
  if (!read.ok) throw new Error(read.faults[0]!.what);
  const bound = bindTrace(read.value, problem, RUN);
  if (!bound.ok) throw new Error(bound.faults[0]!.what);
  const real = told(bound.value, problem);
  const worlds = runs.map(({ trace }) => told(trace, problem));
  const wanted = (name: string) => problem.clients.filter(({ arrival }) => Number.isFinite(arrival[problem.graph.names.indexOf(name)]!));
  const share = (agrees: (world: ReadonlyMap<string, Built>) => boolean): number => worlds.filter(agrees).length / WORLDS;

  it("built everything once, in reality and in every world", () => {
    expect(problem.clients.map(({ name }) => name)).toEqual(["a", "b"]);
    for (const { trace } of [{ trace: bound.value }, ...runs]) expect(trace.rows).toBe(problem.graph.count);
    expect([...real.keys()].toSorted()).toEqual([...problem.graph.names].toSorted());
  });

  it("each built what it alone wanted; who builds what both want is a chance that includes the real one", () => {
    const both = problem.graph.names.filter((name) => wanted(name).length === 2);
    expect(both).toEqual(["2x", "clover", "fir", "willow", "yew", "zinnia"]);
    for (const name of problem.graph.names) {
      const { client } = real.get(name)!;
      const alike = share((world) => world.get(name)!.client === client);
      if (both.includes(name)) expect(alike, name).toBeGreaterThanOrEqual(0.05);
      else expect([wanted(name)[0]!.name, alike], name).toEqual([client, 1]);
    }
  });

  it("the real host and the real makespan are among the simulated", () => {
    const unforeseen = [...real].filter(([name, { host }]) => share((world) => world.get(name)!.host === host) < 0.05);
    expect(unforeseen.length).toBeLessThanOrEqual(2);
    const spans = runs.map(({ makespan }) => makespan);
    expect(bound.value.makespan / 1e6).toBeGreaterThan(0.98 * Math.min(...spans));
    expect(bound.value.makespan / 1e6).toBeLessThan(1.02 * Math.max(...spans));
  });
});

interface Built {
  readonly client: string;
  readonly host: string;
}

function told(trace: Trace, { graph, hosts }: Problem): ReadonlyMap<string, Built> {
  const rows = Array.from({ length: trace.rows }, (_, row) => row).filter((row) => trace.outcome[row] === BUILT);
  return new Map(
    rows.map((row) => [
      graph.names[trace.task[row]!]!,
      { client: trace.clients[trace.client[row]!]!, host: hosts.names[trace.host[row]!]! },
    ]),
  );
}
