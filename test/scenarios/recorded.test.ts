// scenarios/recorded: what was made by a script is made again and does not differ, and every recorded run can be read, fits
// its scenario, and tells all that was there to see, in the order in which it happened.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configurationsOf } from "#cli/validate-prepare.js";
import { recordedRuns } from "#cli/validate-inputs.js";
import { COORDINATOR } from "#base/units.js";
import { BUILT, STAGES, type Trace } from "#dispatch/trace.js";
import { matches } from "#scenario/glob.js";
import { heldOutGlobs, isHeldOut } from "#cli/held-out.js";
import { filesIn } from "../program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RECORDED = join(ROOT, "scenarios/recorded");

interface Scripts {
  converted(runs: unknown): Map<string, string>;
  runsIn(folder: string): unknown;
  drawn(): Map<string, string>;
}

async function script(name: string): Promise<Scripts> {
  return import(/* @vite-ignore */ join(RECORDED, name)) as Promise<Scripts>;
}

const read = recordedRuns([RECORDED], []);
const ready = read.ok ? configurationsOf(read.value, {}, undefined) : read;
const configurations = ready.ok ? ready.value : [];

it("has the scenarios and traces that its script makes of the older recordings", async () => {
  const { converted, runsIn } = await script("convert.mjs");
  const made = converted(runsIn(join(ROOT, "test/fixtures/traces")));
  expect(made.size).toBeGreaterThan(40);
  for (const [path, text] of made) expect(readFileSync(join(RECORDED, path), "utf8"), path).toBe(text);
});

it("has the graphs that its script draws", async () => {
  const graphs = (await script("draw.mjs")).drawn();
  expect(graphs.size).toBeGreaterThan(5);
  for (const [name, text] of graphs) expect(readFileSync(join(RECORDED, `graphs/${name}.json`), "utf8"), name).toBe(text);
});

it("has no trace that belongs to no scenario, and nothing that cannot be read", () => {
  expect(ready.ok ? [] : ready.faults).toEqual([]);
  const traces = filesIn(RECORDED).filter((name) => name.endsWith(".jsonl"));
  expect(configurations.reduce((sum, { recorded }) => sum + recorded.length, 0)).toBe(traces.length);
});

it("names each configuration after its place, and holds out at least a third of them", () => {
  const names = configurations.map(({ experiment }) => experiment.name);
  const scenarios = filesIn(RECORDED).filter((name) => /^\d[^/]*\/[^/]*\.yaml$/.test(name));
  expect(scenarios.map((name) => name.replace(".yaml", ""))).toEqual([...names].sort());
  const globs = heldOutGlobs([RECORDED], [], []);
  if (!globs.ok) throw new Error("HELD-OUT cannot be read");
  for (const glob of globs.value)
    expect(
      names.filter((name) => matches(glob, name)),
      glob,
    ).not.toEqual([]);
  expect(names.filter((name) => isHeldOut(name, globs.value)).length).toBeGreaterThanOrEqual(names.length / 3);
});

describe.each(configurations.map((one) => [one.experiment.name, one] as const))("%s", (_name, { experiment, recorded }) => {
  const { problem } = experiment.fleets[0]!;
  /** Written by the recorder, which sees every stage. */
  const whole = recorded.filter(({ trace }) => Number.isFinite(trace.slotFreed[0]!));

  it("has stages in their order", () => {
    for (const { name, trace } of recorded)
      for (let row = 0; row < trace.rows; row++) expect(disorder(trace, row), `${name} ${row}`).toEqual([]);
  });

  it("has every stage of every build, if it was recorded by the project's own recorder", () => {
    for (const { name, trace } of whole) {
      for (let row = 0; row < trace.rows; row++) {
        if (trace.outcome[row] !== BUILT) continue;
        const absent = STAGES.filter((stage) => Number.isNaN(trace[stage][row]!));
        const copied = ["uploadFrom", "uploaded", "returned"];
        expect(absent, `${name} ${problem.graph.keys[trace.task[row]!]}`).toEqual(trace.host[row] === COORDINATOR ? copied : []);
      }
    }
  });

  it("never holds more slots of a builder than it has", () => {
    for (const { name, trace } of whole)
      for (let host = 1; host < problem.hosts.count; host++)
        expect(held(trace, host), `${name} ${problem.hosts.names[host]}`).toBeLessThanOrEqual(problem.hosts.maxJobs[host]!);
  });
});

/** Stages that lie before an earlier one. `noticed` may: Nix counts some builds as done before their hook is gone. */
function disorder(trace: Trace, row: number): string[] {
  let before = 0;
  return STAGES.filter((stage) => {
    const at = trace[stage][row]!;
    if (Number.isNaN(at) || stage === "noticed") return false;
    const early = at < before;
    before = Math.max(before, at);
    return early;
  });
}

/** The most builds that had a slot at once, from the accept on. */
function held(trace: Trace, host: number): number {
  const changes = Array.from({ length: trace.rows }, (_, row) => row)
    .filter((row) => trace.host[row] === host && Number.isFinite(trace.slotFreed[row]!))
    .flatMap((row) => [
      { at: trace.accepted[row]!, by: 1 },
      { at: trace.slotFreed[row]!, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  return changes.reduce((most, { by }) => Math.max(most, (now += by)), 0);
}
