import { describe, expect, it } from "vitest";
import { stream } from "#base/random.js";
import { type Contender, rank } from "#metrics/rank.js";
import type { RunResult } from "#metrics/result.js";
import { rankingMarkdown } from "#report/markdown.js";
import { compareText } from "#report/table.js";
import { sampleInput } from "../report/sample.js";

const WORLDS = 10;

/** Makespans 100 × factor, a little different in each world; `failed` by world. */
function contender(policy: string, factor: number, failed: (world: number) => number = () => 0): Contender {
  const runs = Array.from({ length: WORLDS }, (_, world): RunResult => {
    const makespan = factor * (100 + world);
    return {
      policy,
      fleet: "book",
      seed: world + 1,
      makespan,
      ladder: { bound: makespan / 2, order: makespan / 2, transfers: 0, estimates: 0, conduct: 0 },
      built: 30 - failed(world),
      failed: failed(world),
      hosts: [],
      digest: "",
    };
  });
  return { policy, fleet: "book", conduct: "ideal", conductMeasured: true, runs };
}

const ranked = (...contenders: Contender[]) => rank(contenders, "nix", stream(1, "rank"));

describe("who does not build everything", () => {
  it("comes last, however soon it gives up", () => {
    const { ranking, verdict } = ranked(
      contender("hasty", 0.2, () => 3),
      contender("nix", 1),
      contender("slow", 2),
      contender("rash", 0.1, (world) => (world === 4 ? 30 : 1)),
    );
    expect(ranking.map(({ policy, unbuilt }) => [policy, unbuilt])).toEqual([
      ["nix", 0],
      ["slow", 0],
      ["hasty", 3],
      ["rash", 3.9],
    ]);
    expect(ranking.map(({ probabilityBest }) => probabilityBest)).toEqual([1, 0, 0, 0]);
    expect(ranking.map(({ worldsWon }) => worldsWon)).toEqual([1, 0, 0, 0]);
    expect(verdict).toMatchObject({ winner: "nix", runnerUp: "slow", insideNoise: false });
  });

  it("has no worlds to its name but those in which it built as much as any", () => {
    const { ranking } = ranked(
      contender("nix", 1),
      contender("rare", 0.5, (world) => (world < 2 ? 1 : 0)),
    );
    expect(ranking.map(({ policy, worldsWon, probabilityBest }) => [policy, worldsWon, probabilityBest])).toEqual([
      ["nix", 0.2, 1],
      ["rare", 0.8, 0],
    ]);
  });

  it("is said in the sentences, not left to the figures", () => {
    const next = ranked(
      contender("list", 1.5),
      contender("nix", 1, () => 2),
    ).verdict.sentences;
    expect(next[0]).toContain("nix builds less");
    expect(next[1]).toBe("The next, nix, leaves 2 derivations unbuilt, so that its 1 min 44.5 s do not count.");
    const all = ranked(
      contender("list", 1, () => 2),
      contender("nix", 1.5, () => 2),
    ).verdict.sentences;
    expect(all.join(" ")).toContain("No policy builds everything: even the first leaves 2 derivations unbuilt");
    expect(ranked(contender("list", 1), contender("nix", 2)).verdict.sentences.join(" ")).not.toContain("unbuilt");
  });

  it("is marked in the tables", () => {
    const { compare } = sampleInput();
    const marked = { ...compare, ranking: compare.ranking.map((row, i) => ({ ...row, unbuilt: i === 1 ? 0.5 : 0 })) };
    const name = compare.ranking[1]!.policy;
    expect(compareText(marked, false)).toMatch(/†.*†\s+does\s+not\s+build/s);
    expect(rankingMarkdown(marked)).toContain(`\`${name}\` (not everything built)`);
    expect(compareText(compare, false) + rankingMarkdown(compare)).not.toMatch(/†|not everything/);
  });
});
