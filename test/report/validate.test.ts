import { describe, expect, it } from "vitest";
import { validationSummary } from "#metrics/validate-summary.js";
import type { ValidateResult, Validation } from "#metrics/validation.js";
import { validateChart } from "#report/chart-validate.js";
import { toSvg } from "#report/charts.js";
import { judgedBy, parseValidateIf } from "#report/fail-if-validate.js";
import { validateText } from "#report/table-validate.js";

/** Hours long, one repetition that was not built everywhere, names that fit nowhere and hold an escape. */
function hostile(name: string, heldOut: boolean): Validation {
  const build = {
    task: `\u001b[31m${"a-very-long-derivation-name-".repeat(4)}`,
    hosts: ["a-host-with-a-name-that-goes-on-and-on", null],
    host: null,
    probability: [0.004, null],
    realStart: [12_345.6, null],
    realEnd: [23_456.7, null],
    start: { p5: 11_000, p50: 12_000, p95: 13_000 },
    end: null,
  };
  return {
    name,
    graph: "g",
    policy: "nix[version=2.8]",
    digest: "0",
    heldOut,
    worlds: 20,
    runs: [
      { name: "r1", makespan: 23_456, error: -0.123, inside: false, score: 1 },
      { name: "r2", makespan: 20_000, error: 0.02, inside: true, score: 1 },
    ],
    simulated: { p5: 18_000, p50: 20_400, p95: 21_000 },
    width: 0.15,
    noise: { range: 0.16, leaveOneOut: 0.15, start: { p50: 1, p90: 2 } },
    miss: { error: 0.123, allowed: heldOut ? 0.1 : 0.15, byChance: 0.25, range: 0.2 },
    placement: { agreed: 0, same: 0, atBest: 0, worlds: null, split: 1, probability: 0.004, likely: 0 },
    start: { p50: 345.6, p90: 4000 },
    stages: [{ stage: "ask", builds: 123_456, real: 1234.5, simulated: 0.0004, error: { p50: 100, p90: 7200 } }],
    firstWave: { runs: 2, same: 1, asks: 123_456 },
    rules: { builds: 123_456, same: 123_001, errors: [-0.0123, 0.002] },
    builds: [build],
  };
}

function resultOf(...configurations: Validation[]): ValidateResult {
  const held = configurations.filter((one) => one.heldOut);
  const rest = configurations.filter((one) => !one.heldOut);
  return {
    schema: "drvfleet.validate/1",
    version: "0",
    configurations,
    summary: validationSummary(configurations),
    inSample: held.length > 0 && rest.length > 0 ? validationSummary(rest) : null,
    heldOut: held.length > 0 ? validationSummary(held) : null,
  };
}

const ONE = resultOf(hostile("slow/\u001b[31mlink with a name that is longer than its column".repeat(3), false));
const TWO = resultOf(hostile("a", false), hostile("b", true));

describe("what validate says", () => {
  it.each([
    ["one configuration", ONE],
    ["two, one held out", TWO],
  ])("fits 80 columns without escapes: %s", (_, result) => {
    const lines = validateText(result, false).split("\n");
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
    expect(lines.filter((line) => /[\u0000-\u001f\u007f]/.test(line))).toEqual([]);
  });

  it("names the run that is missed most with its sign, in the unit of the longest", () => {
    expect(validateText(TWO, false).split("\n").slice(0, 4)).toEqual([
      "configuration                     real, h sim. 5–95 %   worst  noise   in  hosts",
      "────────────────────────────────────────────────────────────────────────────────",
      "a                               5.56–6.52   5.00–5.83   −12 %   15 %  1/2      –",
      "b *                             5.56–6.52   5.00–5.83  !−12 %   15 %  1/2      –",
    ]);
  });

  it("shows stages and first asks of several configurations together", () => {
    const text = validateText(TWO, false);
    expect(text).toMatch(/^ask +246912 +20 min 34\.5 s +0 s +1 min 40\.0 s +2 h 00 min$/m);
    expect(text).toContain("in the real order in most worlds for 1 of 2 runs");
  });

  it("says how many configurations are missed by more than their noise, and how many would be by chance", () => {
    const text = validateText(TWO, false);
    expect(text).toContain("1 of 1 configuration beyond 10 % and their noise (at best 0.25)");
    expect(text).toContain("equal runs range over 16 %, worlds over 20 %");
  });

  it("draws a point per build and run that has both, and no others", async () => {
    const spec = validateChart(TWO) as { data: { values: unknown[] } };
    expect(spec.data.values).toEqual(
      ["a", "b"].map((panel) =>
        expect.objectContaining({ panel, what: "start", real: 3.4293, simulated: 3.3333, low: 3.0556, high: 3.6111 }),
      ),
    );
    expect(await toSvg(validateChart(ONE))).toMatch(/^<svg /);
  });

  it("judges conditions over all configurations, or over those held out", () => {
    const said = (text: string, result: ValidateResult): string | null => {
      const condition = parseValidateIf(text);
      if (!condition.ok) throw new Error(condition.faults[0]!.what);
      const { crossed, sentence } = judgedBy(condition.value, result);
      expect(crossed).toBe(sentence?.includes(": crossed") ?? false);
      return sentence;
    };
    expect(said("error.worst > 12 %", TWO)).toBe("error.worst > 12 %: crossed, it is 12 %");
    expect(said("error.worst > 13 %", TWO)).toBeNull();
    expect(said("held_out.inside < 90 %", TWO)).toBe("held_out.inside < 90 %: crossed, it is 50 %");
    expect(said("held_out.inside < 90 %", ONE)).toBe("held_out.inside < 90 %: not crossed, these runs do not tell it");
    expect(said("first_asks < 100 %", TWO)).toBe("first_asks < 100 %: crossed, it is 50 %");
    expect(said("held_out.missed > 10 %", TWO)).toBe("held_out.missed > 10 %: crossed, it is 100 %");
    expect(said("missed > 50 %", TWO)).toBeNull();
    expect(said("start.p90 > 1 h", ONE)).toBe("start.p90 > 1 h: crossed, it is 1 h 07 min");
    // No build on which repetitions agree: there is nothing to be crossed.
    expect(said("same_host < 98 %", ONE)).toBe("same_host < 98 %: not crossed, these runs do not tell it");
  });
});
