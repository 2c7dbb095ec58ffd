import { describe, expect, it } from "vitest";
import { evaluateFailIf, parseFailIf } from "#report/fail-if.js";
import { sampleInput } from "./sample.js";

function parsed(text: string) {
  const result = parseFailIf(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
}

describe("the condition of --fail-if", () => {
  it("reads metric, policy, comparison and unit", () => {
    const condition = parsed(" makespan.p95(nix) > 2 h ");
    expect(condition).toMatchObject({ text: "makespan.p95(nix) > 2 h", policy: "nix", fleet: null, comparison: ">", threshold: 7200 });
    expect(condition.column.name).toBe("makespan.p95");
  });

  it.each([
    [
      "ratio(list[priority=critical-path,placement=earliest-finish]) >= 1.0",
      "list[priority=critical-path,placement=earliest-finish]",
      null,
      1,
    ],
    ["ratio(nix[version=2.8]@small fleet)>=1", "nix[version=2.8]", "small fleet", 1],
    ["probability_best < 95 %", null, null, 0.95],
    ["bytes_moved(nix) > 4 GiB", "nix", null, 4294967296],
    ["gap.estimates(nix) < -1.5 min", "nix", null, -90],
  ])("reads %s", (text, policy, fleet, threshold) => {
    expect(parsed(text)).toMatchObject({ policy, fleet, threshold });
  });

  it.each([
    ["", 1, "the condition is empty", ""],
    ["makespn.p95(nix) > 2 h", 1, "no metric is called makespn.p95", "did you mean makespan.p95?"],
    ["makespan.p95(nix) > 2", 21, "“2” is no time with a unit", "for example 2 h"],
    ["makespan.p95(nix) > ", 20, "nothing to compare makespan.p95 with", "for example 2 h"],
    ["makespan.p95(nix = 2 h", 23, "the bracket of the policy is never closed", ""],
    ["makespan.p95(nix) = 2 h", 19, "one of <= >= < > was expected", ""],
    ["makespan.p95() > 2 h", 13, "the brackets name no policy", ""],
    ["  > 2 h", 3, "a metric was expected", ""],
    ["ratio(nix) > 1 h", 14, "“1 h” is no number", "1.0"],
  ])("says what is wrong with %j", (text, character, what, hint) => {
    const result = parseFailIf(text);
    expect(result.ok).toBe(false);
    const [fault] = result.ok ? [] : result.faults;
    expect(fault).toMatchObject({ code: "usage", where: `--fail-if, character ${character}`, what });
    expect(fault!.hint).toContain(hint);
  });
});

describe("the condition against a result", () => {
  const { compare } = sampleInput(undefined, ["book", "small"]);
  const judge = (text: string) => evaluateFailIf(parsed(text), compare);

  it("speaks of the winner without a policy", () => {
    expect(judge("probability_best < 0.5")).toEqual({
      ok: true,
      value: { crossed: false, sentence: "probability_best < 0.5: not crossed, heft on book has 0.61" },
    });
  });

  it("is crossed when any fleet crosses, and says which", () => {
    const mean = compare.ranking.find((row) => row.policy === "nix" && row.fleet === "book")!.makespan.mean;
    const between = Math.round(mean + 60);
    expect(judge(`makespan.mean(nix) > ${between} s`)).toMatchObject({ ok: true, value: { crossed: true } });
    expect(judge(`makespan.mean(nix@book) > ${between} s`)).toMatchObject({ ok: true, value: { crossed: false } });
    const sentence = judge(`makespan.mean(nix) > ${between} s`);
    expect(sentence.ok && sentence.value.sentence).toContain("nix on small");
  });

  it("takes <= and < apart at the threshold itself", () => {
    expect(judge("probability_best <= 0.61")).toMatchObject({ value: { crossed: true } });
    expect(judge("probability_best < 0.61")).toMatchObject({ value: { crossed: false } });
    expect(judge("probability_best >= 0.61")).toMatchObject({ value: { crossed: true } });
    expect(judge("probability_best > 0.61")).toMatchObject({ value: { crossed: false } });
  });

  it.each([
    ["makespan.mean(heftt) > 1 s", "no policy heftt is compared", "heft"],
    ["makespan.mean(heft@smal) > 1 s", "no fleet smal is compared", "small"],
    ["ratio(nix) > 1", "nix is the baseline, it has no ratio to itself", "baseline"],
  ])("explains %s", (text, what, hint) => {
    const result = judge(text);
    expect(result.ok ? null : result.faults[0]).toMatchObject({ code: "usage", what });
    expect(result.ok ? "" : result.faults[0]!.hint).toContain(hint);
  });

  it("asks for more worlds where an interval is needed", () => {
    const one = sampleInput(undefined, ["book"], 1).compare;
    const result = evaluateFailIf(parsed("makespan.high(heft) > 1 s"), one);
    expect(result.ok ? null : result.faults[0]).toMatchObject({
      what: "makespan.high of heft needs more than one world",
      hint: "give --seeds 2 or more",
    });
  });
});
