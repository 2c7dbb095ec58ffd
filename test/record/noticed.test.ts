// Whose end each notice tells: assignments that the graph forces, that the log pairs, that only names decide.
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { GraphFile } from "#model/graph-file.js";
import { type EndedBuild, noticedAt } from "../../bench/record/noticed.js";

function graph(needs: Readonly<Record<string, readonly string[]>>): GraphFile {
  const names = Object.keys(needs);
  const edges = names.flatMap((name, to) => needs[name]!.map((need) => ({ from: names.indexOf(need), to })));
  return {
    schema: "drvfleet.graph/1",
    name: "drawn",
    nodes: names.map((name) => ({ name, system: "x86_64-linux", work: 1 })),
    edges: { from: edges.map(({ from }) => from), to: edges.map(({ to }) => to) },
  };
}

const ended = (name: string, at: number, logged = Number.NaN): EndedBuild => ({ name, at, logged });

describe("noticedAt", () => {
  it("gives the early notice to the build whose dependent was asked next, though another ended first", () => {
    const chain = graph({ a: [], b: [], top: ["b"] });
    const noticed = noticedAt(chain, [ended("a", 1), ended("b", 2)], new Map([["top", 4]]), [3, 9]);
    expect(Object.fromEntries(noticed)).toEqual({ b: 3, a: 9 });
  });

  it("follows the log's pairing where the graph allows it, else names", () => {
    const two = graph({ a: [], b: [] });
    expect(Object.fromEntries(noticedAt(two, [ended("a", 1, 5), ended("b", 1, 3)], new Map(), [3, 5]))).toEqual({ a: 5, b: 3 });
    expect(Object.fromEntries(noticedAt(two, [ended("b", 1), ended("a", 1)], new Map(), [3, 5]))).toEqual({ a: 3, b: 5 });
  });

  it("believes the ask of a dependent rather than a line that came later", () => {
    const chain = graph({ a: [], top: ["a"] });
    expect(noticedAt(chain, [ended("a", 1)], new Map([["top", 2]]), [2.3]).get("a")).toBe(2);
  });

  it("knows nothing of a build that nobody noticed", () => {
    expect(noticedAt(graph({ a: [] }), [ended("a", 5)], new Map(), [3]).size).toBe(0);
  });

  it("finds the true assignment's deadlines kept, however the log is mistaken", () => {
    const run = fc.array(fc.record({ end: fc.integer({ min: 0, max: 50 }), late: fc.integer({ min: 0, max: 9 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(run, fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 8, maxLength: 8 }), (builds, logged) => {
        const needs: Record<string, readonly string[]> = {};
        const asked = new Map<string, number>();
        for (const [i, { end, late }] of builds.entries()) {
          needs[`n${i}`] = [];
          needs[`top${i}`] = [`n${i}`];
          asked.set(`top${i}`, end + late + 1);
        }
        const all = builds.map(({ end }, i) => ended(`n${i}`, end, logged[i]!));
        const notices = builds.map(({ end, late }) => end + late).sort((a, b) => a - b);
        const noticed = noticedAt(graph(needs), all, asked, notices);
        for (const { name, at } of all) {
          expect(noticed.get(name)).toBeGreaterThanOrEqual(at);
          expect(noticed.get(name)).toBeLessThanOrEqual(asked.get(name.replace("n", "top"))!);
        }
      }),
      { seed: 7 },
    );
  });
});
