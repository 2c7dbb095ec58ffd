// `drvfleet calibrate` as users meet it: recorded runs of the repository in, a model out that scenarios use.
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drvfleet, filesIn, folder, ROOT } from "../program.js";

const RUNS = "scenarios/recorded/2.8.0-quiet";
const ONE = `${RUNS}/mixed44.book_j0.r1.trace.jsonl`;

let place: ReturnType<typeof folder>;
beforeAll(() => {
  place = folder();
});
afterAll(() => place.remove());

const RECORDED = "scenarios/recorded";

/** Scenarios by the model of `sites/` that they name first: their own session. */
function namedBy(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of filesIn(`${ROOT}${RECORDED}`).filter((path) => /^[^/]+\/[^/]+\.yaml$/.test(path))) {
    const site = /^model: \[?\.\.\/sites\/([^,\]\s]+)/m.exec(readFileSync(`${ROOT}${RECORDED}/${name}`, "utf8"))?.[1];
    if (site !== undefined) found.set(site, [...(found.get(site) ?? []), `${RECORDED}/${name}`]);
  }
  return found;
}

describe("the models of the recorded runs", () => {
  const sites = namedBy();

  it("are those that scenarios name", () => {
    expect([...sites.keys()].sort()).toEqual(filesIn(`${ROOT}${RECORDED}/sites`));
  });

  it.each([...sites])("%s is what calibrate makes of the runs that name it, held-out ones aside", async (site, scenarios) => {
    const model = place.at(site);
    const { code, err } = await drvfleet(["calibrate", ...scenarios, "-o", model, "--quiet"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const committed = `${ROOT}${RECORDED}/sites/${site}`;
    if (process.env.UPDATE_SCENARIOS === "1") copyFileSync(model, committed);
    expect(readFileSync(model, "utf8")).toBe(readFileSync(committed, "utf8"));
  });
});

describe("calibrate", () => {
  it("writes a model that validate uses, and prints each figure within 80 columns", async () => {
    const model = place.at("site.yaml");
    const { code, out, err } = await drvfleet(["calibrate", RUNS, "-o", model]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    expect(out).toContain("Calibrated on 6 recorded runs of 3 configurations");
    expect(out).toMatch(/kana connect +0\.\d+ s/);
    expect(out).toContain("its builds sleep");
    expect(readFileSync(model, "utf8")).toMatch(/^schema: drvfleet\.model\/1\nname: site\n/);
    const validated = await drvfleet(["validate", RUNS, "--seeds", "20", "--model-file", model, "--json", "--quiet"]);
    expect(validated.code).toBe(0);
    expect(JSON.parse(validated.out).summary.error.p50).toBeLessThan(0.03);
  });

  it("finds the scenario of a trace beside it, or takes the one that is named", async () => {
    const made = (...args: string[]) => drvfleet(["calibrate", ONE, "--json", "-o", place.at("one.json"), ...args]);
    const [beside, named] = await Promise.all([made(), made("--scenario", `${RUNS}/mixed44.book_j0.yaml`)]);
    expect({ code: beside.code, out: beside.out }).toEqual({ code: 0, out: named.out });
    const model = JSON.parse(readFileSync(place.at("one.json"), "utf8"));
    expect(model).toEqual(JSON.parse(beside.out));
    expect(model.unknown).toContainEqual({ what: "loadCv", why: "one run does not show how runs differ" });
  });

  it("writes to standard output where that is asked for, and says that it takes two versions together", async () => {
    const runs = [ONE, ONE.replace("2.8.0-quiet", "2.26.3")];
    const { code, out, err } = await drvfleet(["calibrate", ...runs, "-o", "-", "--name", "both"]);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^schema: drvfleet\.model\/1\nname: both\n/);
    expect(err).toBe("note: runs of nix[version=2.8.0] and nix[version=2.26.3] are taken together: each by itself may be told better\n");
    expect(existsSync("-")).toBe(false);
  });

  it("leaves held-out configurations alone", async () => {
    const { code, out, err } = await drvfleet(["calibrate", RUNS, "-o", place.at("part.yaml"), "--held-out", "*sf321*"]);
    expect(code).toBe(0);
    expect(out).toContain("4 recorded runs of 2 configurations");
    expect(err).toBe("note: 1 configuration is held out: nothing is fitted to it\n");
  });

  it.each([
    ["a trace that is not there", ["calibrate", "test/fixtures/none.r1.trace.jsonl"], "none.r1.trace.jsonl: there is no such file"],
    ["a trace without its scenario", ["calibrate", "test/fixtures/workflow-runs.jsonl"], "found no scenario beside it"],
    ["a name on two lines", ["calibrate", ONE, "--name", "a\nb"], '--name: found "a\\nb", expected a name on one line'],
    ["everything held out", ["calibrate", RUNS, "--held-out", "*"], "found every configuration held out"],
    ["a place that is none", ["calibrate", ONE, "-o", `${ONE}/x.yaml`], "expected a directory"],
    ["a field that no makespan tells", ["calibrate", ONE, "--fit", "loadCv"], "startSeconds"],
  ])("refuses %s with exit 2", async (_, args, says) => {
    const output = place.at("none.yaml");
    const { code, err } = await drvfleet(args.includes("-o") ? args : [...args, "-o", output]);
    expect({ code, said: err.includes(says) }).toEqual({ code: 2, said: true });
    expect(existsSync(output)).toBe(false);
  });
});
