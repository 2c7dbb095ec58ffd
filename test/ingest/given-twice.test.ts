import { describe, expect, it } from "vitest";
import { pastOnce, runsOnce } from "#ingest/given-twice.js";
import type { LoggedBuild, LoggedRun } from "#ingest/logged-build.js";
import type { PastBuild } from "#model/past-build.js";

const build = (name: string, accepted: number, outcome: LoggedBuild["outcome"] = "built"): LoggedBuild => ({
  drv: `/nix/store/x-${name}.drv`,
  name,
  machine: "ssh://kana",
  accepted,
  outcome,
});
const run = (ended: number, builds: readonly LoggedBuild[]): LoggedRun => ({
  began: 0,
  ended,
  blur: 0,
  builds,
  refused: [{ machine: "ssh://ruby", from: 1, to: 2 }],
  notices: [],
  substituted: false,
  notes: [],
});
const brief = (runs: readonly LoggedRun[]) => runs.map(({ builds }) => builds.map(({ name, outcome }) => `${name} ${outcome}`));

describe("builds of several logs", () => {
  it("a log and its copy are one, connects too", () => {
    const { runs, twice } = runsOnce([run(9, [build("a", 1), build("b", 2)]), run(9, [build("a", 1), build("b", 2)])]);
    expect(brief(runs)).toEqual([["a built", "b built"], []]);
    expect(runs.map(({ refused }) => refused.length)).toEqual([1, 0]);
    expect(twice).toBe(2);
  });

  it("a copy made before the run was over gives way, in whatever order they are given", () => {
    const early = run(5, [build("a", 1), build("b", 2, "running")]);
    const whole = run(9, [build("a", 1), build("b", 2), build("c", 6)]);
    const all = ["a built", "b built", "c built"];
    expect(brief(runsOnce([early, whole]).runs)).toEqual([[], all]);
    expect(brief(runsOnce([whole, early]).runs)).toEqual([all, []]);
  });

  it("a second attempt, or one on another machine, is another build", () => {
    const second = { ...build("a", 1), machine: "" };
    const { runs, twice } = runsOnce([run(9, [build("a", 1), second]), run(9, [build("a", 7)])]);
    expect([runs.map(({ builds }) => builds.length), twice]).toEqual([[2, 1], 0]);
  });
});

it("past builds of several records count once, those of one record are left alone", () => {
  const past: PastBuild = { name: "a", machine: "", seconds: 3.5, at: 0, provenance: "nom" };
  const { builds, twice } = pastOnce([
    [past, past],
    [past, { ...past, seconds: 4.5 }],
  ]);
  expect([builds.map(({ seconds }) => seconds), twice]).toEqual([[3.5, 3.5, 4.5], 1]);
});
