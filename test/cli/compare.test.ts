import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, filesIn, folder } from "../program.js";
import { builder, node, scenario, write } from "./tiny.js";

const place = folder();
const run = (...args: string[]) => drvfleet(["compare", "scenario.json", ...args], { cwd: place.path });
const json = async (...args: string[]) => JSON.parse((await run("--json", ...args)).out);

beforeAll(() => write(place.path));
afterAll(() => place.remove());

describe("compare", () => {
  it("ranks, names the winner, and writes the files of a report", async () => {
    const ended = await run("--out", "deep/out");
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/finishes first/);
    for (const line of ended.out.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    expect(ended.out + ended.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const files = filesIn(place.at("deep/out"));
    for (const name of [
      "builds.csv",
      "compare.json",
      "hosts.csv",
      "report.html",
      "run.json",
      "scenario.json",
      "summary.csv",
      "trace.json.gz",
    ])
      expect(files).toContain(name);
    for (const chart of ["ranking", "ladder", "utilization", "gantt", "hosts"])
      for (const end of ["vl.json", "svg", "png"]) expect(files).toContain(`charts/${chart}.${end}`);
    expect(files.filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("prints the result as JSON, and nothing else on standard output", async () => {
    const result = await json("--policies", "nix,list", "--seeds", "3", "--baseline", "nix");
    expect(Object.keys(result)[0]).toBe("schema");
    expect(result).toMatchObject({
      schema: "drvfleet.compare/1",
      scenario: { name: "tiny", tasks: 2, edges: 1, systems: ["x86_64-linux"] },
      seeds: [1, 2, 3],
      fleets: ["pair"],
      baseline: "nix",
    });
    expect(result.ranking.map((row: { policy: string }) => row.policy).sort()).toEqual(["list", "nix"]);
    expect(result.verdict.winner).toBe(result.ranking[0].policy);
    for (const { ladder, makespan } of result.ranking) {
      const { bound, order, transfers, estimates, conduct } = ladder;
      expect(bound + order + transfers + estimates + conduct).toBeCloseTo(makespan.mean, 6);
    }
  });

  it("is silent but for the answer when quiet, and says all when verbose", async () => {
    write(place.path, node({ seconds: { "*": 5, nowhere: 7 } }));
    const [quiet, normal, verbose] = await Promise.all([run("--quiet"), run(), run("--verbose")]);
    write(place.path);
    expect(quiet.err).toBe("");
    expect(normal.err).toMatch(/^note: the graph gives seconds for nowhere/m);
    expect(normal.err).not.toMatch(/^assumed: /m);
    expect(verbose.err).toMatch(/^assumed: all hosts: internet /m);
    expect(new Set([quiet, normal, verbose].map(({ out }) => out)).size).toBe(1);
  });

  it("says that nobody measured what Nix itself takes here, until a model or the scenario does", async () => {
    writeFileSync(place.at("site.yaml"), "schema: drvfleet.model/1\nconducts: { nix: { hookSeconds: 0.03 } }\n");
    const told = async (...args: string[]) =>
      ((await json("--policies", "nix", "--seeds", "2", ...args)).assumptions as string[]).filter((text) => text.startsWith("conduct nix"));
    expect(await told()).toEqual([expect.stringContaining("± 40 %; calibrate finds what it takes here")]);
    expect(await told("--model-file", "site.yaml")).toEqual([]);
    expect(await told("--model-file", "site.yaml", "--no-model-file")).toHaveLength(1);
    // What is left without the scenario's own model is read again without it.
    writeFileSync(place.at("own.json"), scenario({ model: "site.yaml" })["scenario.json"]!);
    const left = async (command: string, ...args: string[]) => (await drvfleet([command, ...args], { cwd: place.path })).code;
    expect(await left("compare", "own.json", "--policies", "nix", "--seeds", "2", "--no-model-file", "--out", "bare/run")).toBe(0);
    expect(await left("report", "bare/run")).toBe(0);
  });

  it("crosses --fail-if with exit 3, and still writes the report", async () => {
    const ended = await run("--fail-if", "makespan.p95(nix) > 1 s", "--fail-if", "makespan.p95 < 1 s", "--out", "crossed");
    expect(ended.code).toBe(3);
    expect(ended.err).toMatch(/^fail-if: makespan\.p95\(nix\) > 1 s: crossed/m);
    expect(ended.err.match(/^fail-if:/gm)).toHaveLength(1);
    expect(filesIn(place.at("crossed"))).toContain("report.html");
    expect((await run("--fail-if", "makespan.p95(nix) > 2 h")).code).toBe(0);
    expect((await run("--policies", "nix,list", "--fail-if", "unbuilt(list) > 0")).code).toBe(0);
  });

  it.each([
    ["makespan.p96(nix) > 2 h", /no metric is called makespan\.p96/, /did you mean makespan\.p95\?/],
    ["makespan.p95(nyx) > 2 h", /no policy nyx/, /did you mean nix\?/],
    ["makespan.p95(nix@pairs) > 2 h", /no fleet pairs/, /did you mean pair\?/],
    ["makespan.p95(nix) > 2", /no time with a unit/, /2 h/],
    ["nonsense", /was expected/, /makespan\.p95\(nix\) > 2 h/],
  ])("refuses --fail-if %s before it runs anything", async (condition, says, hint) => {
    const ended = await run("--fail-if", condition, "--out", "never");
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
    expect(ended.err).toMatch(hint);
    expect(place.files().filter((name) => name.startsWith("never"))).toEqual([]);
  });

  it.each([
    [["--policies", "nyx"], /^error: --policies: found the unknown policy "nyx"/, /did you mean nix\?/],
    [["--policies", "list[priority=dept]"], /found "dept"/, /did you mean depth\?/],
    [["--baseline", "nyx"], /^error: --baseline: .*"nyx"/, /did you mean nix\?/],
    [["--seeds", "0"], /^error: --seeds: found 0/, /./],
    [["--seeds", "-1"], /--seeds.*whole number/, /./],
    [["--seeds", "99999"], /^error: --seeds: .*10000/, /./],
    [["--threads", "many"], /--threads.*whole number/, /./],
    [["--estimates", "gues"], /^error: --estimates: found "gues"/, /./],
    [["--estimates", "noisy[cv=-1]"], /^error: --estimates/, /./],
    [["--model", "cpu=sharedd"], /^error: --model.*"sharedd"/, /did you mean shared\?/],
    [["--model", "cpuu=shared"], /^error: --model.*"cpuu"/, /did you mean cpu\?/],
    [["--conduct", "ideall"], /^error: --conduct: .*"ideall"/, /did you mean ideal\?/],
    [
      ["--conduct", "nix[version=two]"],
      /^error: conduct nix\[version=two\]: version: found "two", expected a Nix version.*\n[^\n]*$/,
      /2\.34/,
    ],
    [["--conduct", "nix[substitute=maybe]"], /^error: conduct nix\[.*expected true or false/, /./],
    [["--fleet", "nope.yaml"], /^error: nope\.yaml \(--fleet\): there is no such file/, /./],
    [["--split", "parts=1"], /^error: --split/, /./],
    [["--only", "ther"], /^error: --only: found the unknown host "ther"/, /did you mean there\?/],
    [["--exclude", "ther"], /^error: --exclude: .*"ther"/, /did you mean there\?/],
    [["--prefer", "ther"], /^error: --prefer: .*"ther"/, /did you mean there\?/],
    [["--pin", "hello*=ther"], /^error: --pin hello\*=ther: .*"ther"/, /did you mean there\?/],
    [["--pin", "hello"], /^error: --pin: found "hello", expected GLOB=host/, /kana/],
    [["--frobnicate"], /unknown option '--frobnicate'/, /--help/],
    [["--seed", "3"], /unknown option '--seed'.*\n.*--seeds/, /./],
  ])("refuses %j with exit 2", async (flags, says, hint) => {
    const ended = await run(...flags);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
    expect(ended.err).toMatch(hint);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });

  it("runs every policy under the conduct of a Nix whose nix.conf substitutes", async () => {
    const { ranking } = await json("--policies", "list", "--seeds", "1", "--conduct", "nix[version=2.26,substitute=true]");
    expect(ranking).toHaveLength(1);
  });

  it("lets hosts be chosen: --only, --exclude, --prefer, --pin", async () => {
    const hosts = async (...flags: string[]) => {
      const { ranking } = await json("--policies", "fastest-free", "--seeds", "1", "--conduct", "ideal", ...flags);
      return Object.fromEntries(ranking[0].hosts.map(({ host, builds }: { host: string; builds: number }) => [host, builds]));
    };
    expect(await hosts("--only", "there")).toEqual({ here: 0, there: 2 });
    expect(await hosts("--exclude", "there")).toEqual({ here: 2, there: 0 });
    expect(await hosts("--prefer", "there")).toEqual({ here: 0, there: 2 });
    expect(await hosts("--prefer", "here")).toEqual({ here: 2, there: 0 });
    expect(await hosts("--pin", "hello-*=there", "--pin", "glibc*=here")).toEqual({ here: 1, there: 1 });
    expect(await hosts("--pin", "*=here", "--pin", "hello-*=there")).toEqual({ here: 1, there: 1 });
  });

  it.each([
    [
      ["--only", "here", "--exclude", "here"],
      ["--only", "--exclude"],
    ],
    [["--exclude", "here,there"], ["--exclude"]],
    [
      ["--pin", "hello-*=there", "--only", "here"],
      ["--pin hello-*=there", "--only"],
    ],
  ])("an empty choice, %j, is exit 4 and names the flags", async (flags, named) => {
    const ended = await run(...flags);
    expect(ended).toMatchObject({ code: 4, out: "" });
    expect(ended.err.match(/^error:/gm)).toHaveLength(1);
    for (const flag of named) expect(ended.err).toContain(flag);
  });

  it("does not let who builds less win", async () => {
    const outage = [{ host: "there", at: "1 s" }];
    write(place.path, { ...scenario({ faults: { outages: outage } }), ...builder({ speed: 9 }) });
    const result = await json("--policies", "nix,local-first");
    write(place.path);
    const unbuilt = result.ranking.map((row: { unbuilt: number }) => row.unbuilt);
    expect(unbuilt).toEqual(unbuilt.toSorted((a: number, b: number) => a - b));
  });

  it("compares fleets: files, a table in the scenario, or some of it by name", async () => {
    const fleets = { one: "fleet.json", two: "fleet.json", three: "fleet.json" };
    write(place.path, scenario({ fleet: fleets }));
    expect((await json("--policies", "nix", "--seeds", "1")).fleets).toEqual(["one", "two", "three"]);
    expect((await json("--policies", "nix", "--seeds", "1", "--fleet", "three", "--fleet", "one")).fleets).toEqual(["one", "three"]);
    expect((await json("--policies", "nix", "--seeds", "1", "--fleet", "fleet.json")).fleets).toEqual(["pair"]);
    const several = await drvfleet(["simulate", "scenario.json"], { cwd: place.path });
    expect(several).toMatchObject({ code: 2, out: "" });
    expect(several.err).toMatch(/several fleets \(one, two, three\), expected one/);
    expect((await drvfleet(["simulate", "scenario.json", "--fleet", "two", "--json"], { cwd: place.path })).out).toMatch(/"fleet":"two"/);
    write(place.path);
  });
});

describe("--out", () => {
  it("is refused before the work where a file is in the way", async () => {
    writeFileSync(place.at("file"), "mine");
    for (const out of ["file", "file/below/it"]) {
      const ended = await run("--out", out);
      expect(ended).toMatchObject({ code: 2, out: "" });
      expect(ended.err).toMatch(/^error: file.*: .*file is a file, expected a directory\n {2}hint: /);
    }
    expect(readFileSync(place.at("file"), "utf8")).toBe("mine");
  });

  it("leaves nothing half-written where one file cannot be replaced", async () => {
    mkdirSync(place.at("half/report.html"), { recursive: true });
    writeFileSync(place.at("half/summary.csv"), "old");
    const ended = await run("--out", "half");
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/half\/report\.html: it is a directory, expected a file/);
    expect(filesIn(place.at("half"))).toEqual(["summary.csv"]);
    expect(readFileSync(place.at("half/summary.csv"), "utf8")).toBe("old");
  });

  it("ends where the system lets nothing be made", async () => {
    const ended = await run("--out", "/proc/below/it");
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/^error: \/proc\/below\/it: /m);
  });

  it("replaces an earlier report", async () => {
    await run("--out", "again", "--policies", "nix");
    await run("--out", "again", "--policies", "list");
    expect(readFileSync(place.at("again/summary.csv"), "utf8")).not.toMatch(/^nix,/m);
    expect(readFileSync(place.at("again/summary.csv"), "utf8")).toMatch(/^list,/m);
  });
});
