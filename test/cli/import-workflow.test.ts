// Measured workflow runs: imported, calibrated on one, the others predicted.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { medianOf } from "#metrics/validate-error.js";
import { drvfleet, folder } from "../program.js";

const OWN = "test/fixtures/workflow-runs.jsonl";
/** Five runs of Montage, 1240 jobs each: pegasus, 4 workers of 4 cores. */
const REAL = "../shared/data/real_runs/aws-montage-m5xlarge.jsonl";

let place: ReturnType<typeof folder>;
beforeAll(() => {
  place = folder();
});
afterAll(() => place.remove());

interface Summary {
  readonly configurations: readonly { readonly runs: readonly { readonly makespan: number }[] }[];
  readonly summary: {
    readonly error: { readonly p50: number; readonly worst: number };
    readonly runs: number;
    readonly inside: number;
    readonly width: number;
  };
}

/** How far the run that differs most is from the median of the others. */
function noiseOf({ configurations }: Summary): number {
  const makespans = configurations.flatMap(({ runs }) => runs.map(({ makespan }) => makespan));
  const misses = makespans.map((one, i) => Math.abs(medianOf(makespans.toSpliced(i, 1)) / one - 1));
  return Math.max(...misses);
}

/** Errors of all runs, the one that was calibrated on among them, and without any calibration. */
async function errors(input: string, name: string, first: string): Promise<{ fitted: Summary; plain: Summary }> {
  const runs = place.at(name);
  const model = place.at(`${name}.yaml`);
  const imported = await drvfleet(["import", "workflow", input, "-o", runs]);
  expect({ code: imported.code, out: imported.out }).toEqual({ code: 0, out: "" });
  const calibrated = await drvfleet(["calibrate", `${runs}/${first}.yaml`, "-o", model]);
  expect(calibrated.code).toBe(0);
  const validated = async (...args: string[]): Promise<Summary> => {
    const { code, out } = await drvfleet(["validate", runs, "--json", ...args]);
    expect(code).toBe(0);
    return JSON.parse(out);
  };
  return { fitted: await validated("--model-file", model), plain: await validated() };
}

describe("import workflow", () => {
  it("makes replays of which one calibrates the others", async () => {
    const { fitted, plain } = await errors(OWN, "own", "sample-1");
    expect(place.files().filter((name) => name.startsWith("own/sample-1"))).toEqual([
      "own/sample-1.graph.json",
      "own/sample-1.r1.trace.jsonl",
      "own/sample-1.yaml",
    ]);
    expect(fitted.summary.runs).toBe(3);
    expect(fitted.summary.error.worst).toBeLessThan(0.02);
    expect(plain.summary.error.p50).toBeGreaterThan(0.2);
  });

  it("refuses what was never measured, and a place that is none, with exit 2", async () => {
    const files = ["import", "workflow", "test/fixtures/worked.json", "-o", place.at("none")];
    const [unmeasured, nowhere] = await Promise.all([drvfleet(files), drvfleet(["import", "workflow", OWN, "-o", `${OWN}/x`])]);
    expect([unmeasured.code, nowhere.code]).toEqual([2, 2]);
    expect(existsSync(place.at("none"))).toBe(false);
  });

  it.each([
    ["jobs in a circle", /("map_00","comp",[\d.]+,)\[0\]/, "$1[25]", / edges: found a cycle of 2 derivations: map_00 → pair_00 → map_00/],
    ["a job that needs itself", /("map_00","comp",[\d.]+,)\[0\]/, "$1[1]", / edges.*: found map_00 needing itself/],
    ["two jobs of one name", '"map_01"', '"map_00"', /: found the task "map_00" twice/],
    ["a second run of one name", /^/, null, /: found a second run named sample-1, the first is .*runs\.jsonl:1/],
  ])("refuses %s, with file and line, and writes nothing", async (_, from, to, says) => {
    const [first] = readFileSync(OWN, "utf8").split("\n") as [string];
    const broken = to === null ? [first, "", first] : ["", "", first.replace(from, to)];
    writeFileSync(place.at("runs.jsonl"), broken.join("\n"));
    const { code, out, err } = await drvfleet(["import", "workflow", place.at("runs.jsonl"), "-o", place.at("none")]);
    expect({ code, out }, err).toEqual({ code: 2, out: "" });
    expect(err).toMatch(new RegExp(`^error: .*runs\\.jsonl:3${says.source}`));
    expect(existsSync(place.at("none"))).toBe(false);
  });
});

describe.skipIf(!existsSync(REAL))("five measured runs of one workflow (skipped where ../shared/data/real_runs is absent)", () => {
  it("predicts the others from one to 2 %, at worst as far off as runs are from each other, half of their time being overhead", async () => {
    const { fitted, plain } = await errors(REAL, "montage", "montage-m5xlarge-001");
    expect(fitted.summary.runs).toBe(5);
    expect(fitted.summary.error.p50).toBeLessThan(0.015);
    expect(fitted.summary.error.worst).toBeLessThan(Math.max(0.02, noiseOf(fitted)));
    expect(fitted.summary.inside).toBe(5);
    expect(fitted.summary.width).toBeLessThan(0.06);
    expect(plain.summary.error.p50).toBeGreaterThan(0.5);
  });
});
