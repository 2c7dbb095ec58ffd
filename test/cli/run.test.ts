// RUN directories: made by simulate and compare, explained, rendered again.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, filesIn, folder } from "../program.js";
import { scenario, write } from "./tiny.js";

const place = folder();
const run = (...args: string[]) => drvfleet(args, { cwd: place.path });
const HISTORY = { pname: "glibc", version: "2.41", system: "x86_64-linux", host: "there", emulated: false, cores: 4, seconds: 77 };

beforeAll(async () => {
  write(place.path, {
    ...scenario({ history: "past.jsonl", estimates: "history" }),
    "past.jsonl": `${JSON.stringify({ ...HISTORY, at: 1767225600, provenance: "test" })}\n`,
  });
  const made = [
    await run("simulate", "scenario.json", "--policy", "list[priority=depth]", "--seed", "7", "--pin", "hello-*=there", "--out", "one"),
    await run("compare", "scenario.json", "--policies", "nix,heft", "--only", "there", "--out", "many"),
  ];
  expect(made.map(({ code, err }) => ({ code, err: err.replace(/^note:.*\n/gm, "") }))).toEqual([
    { code: 0, err: "" },
    { code: 0, err: "" },
  ]);
  // Nothing outside a RUN counts.
  for (const name of ["scenario.json", "graph.json", "fleet.json", "past.jsonl"]) rmSync(place.at(name));
});
afterAll(() => place.remove());

describe("simulate", () => {
  it("prints the run as JSON", async () => {
    const { out } = await run("simulate", "one/scenario.json", "--json", "--policy", "nix", "--seed", "3");
    expect(JSON.parse(out)).toMatchObject({ schema: "drvfleet.simulate/1", policy: "nix", fleet: "pair", seed: 3, built: 2, failed: 0 });
  });

  it("makes a RUN that names its policy, fleet and world", () => {
    const file = JSON.parse(readFileSync(place.at("one/run.json"), "utf8"));
    expect(file).toMatchObject({ schema: "drvfleet.run/1", what: "simulate", policy: "list[priority=depth]", fleet: "pair", seed: 7 });
    expect(readFileSync(place.at("one/trace.jsonl"), "utf8").split("\n")[0]).toContain('"schema":"drvfleet.trace/1"');
  });

  it.each([
    [["--policy", "nyx"], /unknown policy "nyx"/],
    [["--policy", "heft[x=1]"], /"x" of heft|parameter x/],
    [["--seed", "1.5"], /whole number/],
    [["--seed", "999999999999"], /whole number/],
  ])("refuses %j with exit 2", async (flags, says) => {
    const ended = await run("simulate", "one/scenario.json", ...flags);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });
});

describe("explain", () => {
  it("says where, why there, and what it waited for", async () => {
    const text = await run("explain", "one", "hello-*");
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/hello-2\.12/);
    expect(text.out).toMatch(/glibc-2\.41/);
    const { out } = await run("explain", "one", "hello-2.12", "--json");
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ schema: "drvfleet.explain/1", task: "hello-2.12", policy: "list[priority=depth]", host: "there" });
    expect(answer.hosts.find(({ host }: { host: string }) => host === "here").denied).toBe("pinned");
    expect(answer.lastInput.task).toBe("glibc-2.41");
  });

  it("explains the run that is in the trace", async () => {
    const { out } = await run("explain", "many", "glibc-2.41", "--json");
    const row = readFileSync(place.at("many/builds.csv"), "utf8")
      .split("\n")
      .find((line) => line.startsWith("glibc-2.41"))!;
    const { started, host } = JSON.parse(out);
    expect(row.split(",")).toContain(host);
    expect(row.split(",")).toContain(started.toFixed(6));
  });

  it.each([
    [["one", "helo-2.12"], /no derivation "helo-2\.12"/, /did you mean hello-2\.12\?/],
    [["one", "*"], /matches 2 derivations, expected one/, /glibc-2\.41/],
    [["nowhere", "x"], /^error: nowhere: is no RUN/, /simulate SCENARIO --out/],
    [["one/run.json", "x"], /is no RUN/, /./],
  ])("refuses %j with exit 2", async (args, says, hint) => {
    const ended = await run("explain", ...args);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
    expect(ended.err).toMatch(hint);
  });
});

describe("report", () => {
  it.each(["one", "many"])("renders the RUN %s again, byte for byte", async (name) => {
    cpSync(place.at(name), place.at("copy"), { recursive: true });
    for (const file of filesIn(place.at("copy"))) if (!/^(run|scenario|history|compare)/.test(file)) rmSync(place.at("copy", file));
    const ended = await run("report", "copy");
    expect(ended).toMatchObject({ code: 0, err: "" });
    const files = filesIn(place.at(name));
    expect(filesIn(place.at("copy"))).toEqual(files);
    for (const file of files) expect(readFileSync(place.at("copy", file)).equals(readFileSync(place.at(name, file))), file).toBe(true);
    expect(ended.out.trimEnd().split("\n").sort()).toEqual(
      files.filter((file) => !/^(run|scenario|history|compare)/.test(file)).map((file) => `copy/${file}`),
    );
    rmSync(place.at("copy"), { recursive: true });
  });

  it("writes only the formats asked for, elsewhere if wanted", async () => {
    expect((await run("report", "one", "--format", "csv,md", "--out", "tables")).code).toBe(0);
    expect(filesIn(place.at("tables"))).toEqual(["builds.csv", "hosts.csv", "summary.csv", "summary.md"]);
    expect((await run("report", "one", "--format", "vl", "--format", "svg", "--out", "pictures")).code).toBe(0);
    expect(filesIn(place.at("pictures")).every((name) => /^charts\/[a-z-]+\.(vl\.json|svg)$/.test(name))).toBe(true);
  });

  it("says when the RUN was changed since", async () => {
    cpSync(place.at("one"), place.at("changed"), { recursive: true });
    const file = place.at("changed/scenario.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"work":100', '"work":101'));
    const ended = await run("report", "changed", "--format", "csv");
    expect(ended.code).toBe(0);
    expect(ended.err).toMatch(/^note: changed .*another run/);
  });

  it.each([
    [["one", "--format", "pdf"], /unknown format "pdf"/],
    [["one", "many", "--out", "x"], /2 RUNs, expected one/],
    [["nowhere"], /is no RUN/],
  ])("refuses %j with exit 2", async (args, says) => {
    const ended = await run("report", ...args);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });

  it.each([
    ["{", /run\.json:1:2/],
    ["[]", /expected \{"schema": "drvfleet\.run\/1"/],
    ['{"schema":"drvfleet.run/1","what":"compare","policy":"nix","fleet":"x","seed":"1","digest":"","version":"","flags":{}}', /expected/],
  ])("refuses a run.json of %j with exit 2", async (text, says) => {
    mkdirSync(place.at("bad"), { recursive: true });
    writeFileSync(place.at("bad/run.json"), text);
    for (const args of [
      ["report", "bad"],
      ["explain", "bad", "x"],
    ]) {
      const ended = await run(...args);
      expect(ended).toMatchObject({ code: 2, out: "" });
      expect(ended.err).toMatch(says);
    }
  });
});
