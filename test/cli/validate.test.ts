// `drvfleet validate` on the recorded runs of the repository: what its README shows is what the command prints.
import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import type { ValidateResult } from "#metrics/validation.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, folder, MAIN, ROOT } from "../program.js";

const WIDE = "scenarios/recorded/2.8.0/wide42.book_j4.yaml";
const README = `${ROOT}scenarios/recorded/README.md`;

let place: ReturnType<typeof folder>;
beforeAll(() => {
  place = folder();
});
afterAll(() => place.remove());

/** Renewed by UPDATE_SCENARIOS=1, like the tables of scenarios/README.md. */
function shown(printed: string): string {
  const text = readFileSync(README, "utf8");
  const [before, rest] = text.split("<!-- validate -->\n") as [string, string];
  const [block, after] = rest.split("<!-- /validate -->") as [string, string];
  const computed = `\`\`\`text\n${printed}\`\`\`\n`;
  if (process.env.UPDATE_SCENARIOS !== "1") return block;
  writeFileSync(README, `${before}<!-- validate -->\n${computed}<!-- /validate -->${after}`);
  return computed;
}

describe("validate", () => {
  it("prints of all recorded runs what their README shows, within 80 columns", async () => {
    const { code, out, err } = await drvfleet(["validate", "scenarios/recorded", "--quiet"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    expect(shown(out)).toBe(`\`\`\`text\n${out}\`\`\`\n`);
  });

  it("says what the defaults alone foretell, as their README does", async () => {
    const { code, out } = await drvfleet(["validate", "scenarios/recorded", "--no-model-file", "--quiet", "--json"]);
    expect(code).toBe(0);
    const { summary, configurations } = JSON.parse(out) as ValidateResult;
    const { error, inside, runs, width } = summary;
    const readme = readFileSync(README, "utf8").replace(/\s+/g, " ");
    const [, median, within, of, wide] = /the median error is (.*?) %, and (\d+) of (\d+) runs lie inside intervals of (\d+) %/.exec(
      readme,
    )!;
    expect([median, within, of, wide]).toEqual([(error.p50 * 100).toFixed(1), String(inside), String(runs), (width * 100).toFixed(0)]);
    const emulated = configurations.filter(({ name }) => name.includes(".emu_"));
    expect(emulated.flatMap((one) => one.runs).filter((run) => run.inside)).toEqual([]);
    // With the same defaults and no site drawn, a third: what nobody measured has to be drawn.
    expect(inside / runs).toBeGreaterThan(0.7);
  });

  it("says the same in JSON, with every build", async () => {
    const { code, out } = await drvfleet(["validate", WIDE, "--json", "--seeds", "9"]);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ schema: "drvfleet.validate/1", inSample: null, heldOut: null, summary: { configurations: 1, runs: 3 } });
    const [only] = result.configurations;
    expect(only).toMatchObject({ name: "2.8.0/wide42.book_j4", graph: "wide42", policy: "nix[version=2.8.0]", worlds: 9 });
    expect(only.builds).toHaveLength(42);
    expect(only.runs.map((run: { name: string }) => run.name)).toEqual(["wide42.book_j4.r1", "wide42.book_j4.r2", "wide42.book_j4.r3"]);
  });

  it("takes from a folder the traces that are named after the scenario, and a file as it is, one trace alone with the scenario beside it", async () => {
    const shown = async (...inputs: string[]) => JSON.parse((await drvfleet(["validate", ...inputs, "--seeds", "2", "--json"])).out);
    const second = WIDE.replace(".yaml", ".r2.trace.jsonl");
    expect((await shown(second)).configurations[0].runs.map((run: { name: string }) => run.name)).toEqual(["wide42.book_j4.r2"]);
    expect((await shown(second, WIDE)).summary).toMatchObject({ configurations: 1, runs: 3 });
    const traces = (...paths: string[]) => drvfleet(["validate", WIDE, "--seeds", "2", "--json", "--trace", ...paths]);
    const [all, one] = await Promise.all([traces("scenarios/recorded/2.8.0"), traces(WIDE.replace(".yaml", ".r2.trace.jsonl"))]);
    expect(JSON.parse(all.out).summary.runs).toBe(3);
    expect(JSON.parse(one.out).summary).toMatchObject({ runs: 1, noise: null });
  });

  it("writes result, text and chart, and sums held-out configurations up apart", async () => {
    const { code, out } = await drvfleet([
      "validate",
      ...["mixed44.book_j0", "mixed44.book_j4", "mixed44.sf321_j0", "wide42.book_j0", "wide42.book_j4"].map(
        (name) => `scenarios/recorded/2.8.0/${name}.yaml`,
      ),
      "--seeds",
      "3",
      "--held-out",
      "*/wide42*",
      "--out",
      place.at("out"),
    ]);
    expect(code).toBe(0);
    expect(out).toContain("in sample: 3 configurations, 9 runs");
    expect(out).toContain("held out: 2 configurations, 6 runs");
    expect(place.files()).toEqual(
      ["charts/validate.png", "charts/validate.svg", "charts/validate.vl.json", "validate.json", "validate.txt"].map(
        (name) => `out/${name}`,
      ),
    );
    const spec = JSON.parse(readFileSync(place.at("out", "charts/validate.vl.json"), "utf8"));
    // Start and end of each build and run.
    expect(spec.data.values).toHaveLength(2 * 3 * (3 * 44 + 2 * 42));
    expect(readFileSync(place.at("out", "charts/validate.svg"), "utf8")).toMatch(/^<svg /);
  });

  it("takes a RUN as the scenario and the trace that it is, and calibrate does so too", async () => {
    const made = await drvfleet(["simulate", WIDE, "--policy", "list", "--conduct", "run", "--out", `${place.path}/a-run`, "-q"]);
    expect(made.code).toBe(0);
    const { out } = await drvfleet(["validate", `${place.path}/a-run`, "--seeds", "2", "--json"]);
    expect(JSON.parse(out).summary).toMatchObject({ configurations: 1, runs: 1 });
    const model = `${place.path}/a-run.json`;
    const fitted = await drvfleet(["calibrate", `${place.path}/a-run/trace.jsonl`, "-o", model, "--json", "-q"]);
    expect({ code: fitted.code, err: fitted.err }).toEqual({ code: 0, err: "" });
    const { startSeconds } = JSON.parse(readFileSync(model, "utf8")).conducts.run;
    expect(startSeconds.low).toBeLessThan(0.032);
    expect(startSeconds.high).toBeGreaterThan(0.032);
  });

  it("says how much of what it simulates is a guess", async () => {
    const scenario = place.at("guessed.yaml");
    writeFileSync(
      scenario,
      `schema: drvfleet.scenario/1
graph: { schema: drvfleet.graph/1, name: two, nodes: [{ name: zlib, system: x86_64-linux }, { name: curl, system: x86_64-linux, work: 9 }], edges: { from: [0], to: [1] } }
fleet:
  schema: drvfleet.fleet/1
  name: one
  coordinator: { name: ai, cores: 4, speed: 1, maxJobs: 2, systems: { x86_64-linux: native } }
  builders: []
`,
    );
    const run = `${place.path}/guessed`;
    expect((await drvfleet(["simulate", scenario, "--policy", "list", "--out", run, "-q"])).code).toBe(0);
    const { err } = await drvfleet(["validate", run, "--seeds", "2"]);
    expect(err).toContain("note: 1 of 2 durations guessed: what is missed may be theirs, a history helps\n");
    expect((await drvfleet(["validate", WIDE, "--seeds", "2"])).err).not.toContain("guessed");
  });

  it("says of a run that did not build all that it did not, takes one named twice for one, and refuses a glob that holds out nothing", async () => {
    const whole = "scenarios/recorded/2.8.0/wide42.book_j0.r1.trace.jsonl";
    const part = place.at("part.trace.jsonl");
    writeFileSync(part, readFileSync(`${ROOT}${whole}`, "utf8").split("\n").slice(0, 22).join("\n"));
    const stopped = await drvfleet(["validate", WIDE, "--trace", part, "--seeds", "2"]);
    expect(stopped.err).toMatch(/^note: .* built 21 of 42: its makespan is not that of the whole graph$/m);
    const twice = await drvfleet(["validate", WIDE, "--trace", whole, `./${whole}`, "--seeds", "2", "--json"]);
    expect(JSON.parse(twice.out).summary.runs).toBe(1);
    expect(twice.err).not.toContain("whole graph");
    const model = place.at("twice.yaml");
    for (const args of [
      ["validate", WIDE],
      ["calibrate", WIDE, "-o", model],
    ]) {
      const { code, err } = await drvfleet([...args, "--held-out", "wide24*"]);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("--held-out: found no configuration named wide24*") });
    }
    const own = await drvfleet(["calibrate", part, "--scenario", WIDE, "-o", part]);
    expect(own).toMatchObject({ code: 2, err: expect.stringContaining("one of the inputs as the output") });
    expect(readFileSync(part, "utf8")).toMatch(/^\{"schema":"drvfleet.trace/);
  });

  it("takes no traces of a scenario whose name goes on where its own ends", async () => {
    const [short, long] = ["wide.yaml", "wide.more.yaml"].map((name) => place.at(name));
    for (const path of [short!, long!])
      writeFileSync(path, readFileSync(`${ROOT}${WIDE}`, "utf8").replaceAll("../", `${ROOT}scenarios/recorded/`));
    for (const [from, to] of [
      ["r1", "wide.r1"],
      ["r2", "wide.more.r1"],
      ["r3", "wide.more.r2"],
    ])
      cpSync(`${ROOT}${WIDE.replace(/yaml$/, `${from}.trace.jsonl`)}`, place.at(`${to}.trace.jsonl`));
    const runs = async (path: string) => JSON.parse((await drvfleet(["validate", path, "--seeds", "2", "--json"])).out).summary.runs;
    expect([await runs(short!), await runs(long!)]).toEqual([1, 2]);
  });

  it("ends when it is told to", async () => {
    const child = spawn(process.execPath, [MAIN, "validate", "scenarios/recorded", "-q"], { cwd: ROOT, stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    setTimeout(() => child.kill("SIGINT"), 1500);
    expect(await ended).toBe(130);
  });

  it("holds out what a file HELD-OUT above the recordings names, and what the flag adds", async () => {
    const recorded = place.at("recorded");
    const copied = (name: string) => cpSync(`${ROOT}scenarios/recorded/${name}`, `${recorded}/${name}`);
    for (const name of ["wide42.book_j0", "wide42.book_j4"])
      for (const part of ["yaml", "r1.trace.jsonl", "r2.trace.jsonl"]) copied(`2.8.0/${name}.${part}`);
    copied("graphs/wide42.json");
    copied("sites/2.8.0.yaml");
    writeFileSync(`${recorded}/HELD-OUT`, "# chosen beforehand\n*/wide42.book_j4 # the whole configuration\n");
    const heldOut = async (...args: string[]) => {
      const { code, out, err } = await drvfleet(["validate", "--seeds", "2", "--json", ...args]);
      expect(code, err).toBe(0);
      const { configurations } = JSON.parse(out) as { configurations: { name: string; heldOut: boolean }[] };
      return configurations.map((one) => [one.name, one.heldOut]);
    };
    expect(await heldOut(recorded)).toEqual([
      ["2.8.0/wide42.book_j0", false],
      ["2.8.0/wide42.book_j4", true],
    ]);
    expect(await heldOut(`${recorded}/2.8.0/wide42.book_j4.yaml`)).toEqual([["2.8.0/wide42.book_j4", true]]);
    expect(await heldOut(recorded, "--held-out", "*.book_j0")).toEqual([
      ["2.8.0/wide42.book_j0", true],
      ["2.8.0/wide42.book_j4", true],
    ]);
  });

  it("exits 3 when a condition is crossed, 2 when it names no figure", async () => {
    const [crossed, fine, unknown] = await Promise.all(
      ["error.worst > 0.1 %", "start.p50 > 1 min", "makespan.p95 > 1 h"].map((condition) =>
        drvfleet(["validate", WIDE, "--seeds", "3", "--fail-if", condition]),
      ),
    );
    expect(crossed).toMatchObject({ code: 3, err: expect.stringMatching(/^fail-if: error.worst > 0.1 %: crossed, it is /m) });
    expect(fine!.code).toBe(0);
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining("no metric is called makespan.p95") });
    const none = await drvfleet(["validate", WIDE, "--seeds", "3", "--fail-if", "held_out.width > 1 %"]);
    // wide42 is not held out, so nothing would ever cross.
    expect(none).toMatchObject({ code: 2, out: "", err: expect.stringContaining("--fail-if: found no configuration held out") });
  });

  it("refuses a trace that is named and belongs to none of several scenarios", async () => {
    const two = ["wide42.book_j0", "wide42.book_j4"].map((name) => `scenarios/recorded/2.8.0/${name}`);
    const own = two.map((name) => `${name}.r1.trace.jsonl`);
    const other = own[0]!.replace("wide42", "mixed44");
    const { code, err } = await drvfleet(["validate", ...two.map((name) => `${name}.yaml`), "--trace", ...own, other]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining(`found none of the 2 scenarios that ${other} is named after`),
    });
  });

  it("explains traces that cannot be held against the scenario", async () => {
    const empty = place.at("empty.trace.jsonl");
    writeFileSync(empty, '{"schema":"drvfleet.trace/1","run":"x","engine":"nix-2.8","hosts":["ai"]}\n');
    const other = "scenarios/recorded/2.8.0/mixed44.book_j4.r1.trace.jsonl";
    const lone = place.at("lone.trace.jsonl");
    writeFileSync(lone, readFileSync(`${ROOT}${other}`));
    const [none, nowhere, rows, foreign, strange, alone] = await Promise.all([
      drvfleet(["validate", "scenarios/book.yaml"]),
      drvfleet(["validate", "scenarios/none.yaml"]),
      drvfleet(["validate", WIDE, "--trace", empty]),
      drvfleet(["validate", WIDE, "--trace", other]),
      drvfleet(["validate", WIDE, "--trace", other.replace("mixed44.book_j4", "chain18.book_j0")]),
      drvfleet(["validate", lone]),
    ]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("found no trace beside it named book.….jsonl") });
    expect(alone).toMatchObject({ code: 2, err: expect.stringContaining("found no scenario beside it that it is named after") });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("scenarios/none.yaml: there is no such file") });
    expect(rows).toMatchObject({ code: 2, err: expect.stringContaining("found a trace without attempts") });
    expect(foreign).toMatchObject({ code: 2, err: expect.stringMatching(/mixed44.*task \w+ is not in the scenario/) });
    expect(strange.err).toMatch(
      /^error: .*chain18.* 16 of its 19 tasks are not in the scenario, as clover\n {2}hint: is it the trace of another graph\?\n$/,
    );
    expect(strange.code).toBe(2);
  });

  it("replays under the policy asked for, the scenario's only one, or the recorded engine", async () => {
    const text = readFileSync(`${ROOT}${WIDE}`, "utf8").replaceAll("../", `${ROOT}scenarios/recorded/`);
    const open = place.at("open.yaml");
    writeFileSync(open, text.replace(/^policies: .*$/m, "policies: [list, fifo]"));
    const trace = ["--trace", WIDE.replace(".yaml", ".r1.trace.jsonl"), "--seeds", "1", "--json"];
    const policy = async (...args: string[]) => JSON.parse((await drvfleet(["validate", ...args, ...trace])).out).configurations[0].policy;
    expect(await policy(WIDE)).toBe("nix[version=2.8.0]");
    expect(await policy(open)).toBe("nix[version=2.8.0]");
    writeFileSync(open, text.replace(/^policies: .*$/m, "policies: [nix]"));
    expect(await policy(open)).toBe("nix[version=2.8.0]");
    expect(await policy(WIDE, "--policy", "nix[version=2.34]")).toBe("nix[version=2.34]");
  });
});
