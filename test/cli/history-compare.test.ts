// What a history is for: the log of one real run makes the next comparison rest on knowledge, by the program as users have it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { logPath, truthOf } from "../ingest/recorded-logs.js";
import { drvfleet, folder } from "../program.js";

const SHOW = fileURLToPath(new URL("../fixtures/formats/2.8.0/mixed44.derivation-show.json", import.meta.url));
const RUN = "2.8.0/mixed44.book_j0.r1";
const place = folder();
afterAll(place.remove);

const systems = { "x86_64-linux": "native", "aarch64-linux": "native", "riscv64-linux": "native" };
const host = (name: string, maxJobs: number) => ({
  name,
  cores: 2,
  speed: 1,
  maxJobs,
  systems,
  features: ["benchmark", "big-parallel", "kvm"],
  link: { connect: "0.29 s" },
});
const FLEET = {
  schema: "drvfleet.fleet/1",
  coordinator: { name: "ai", cores: 2, speed: 1, maxJobs: 0, systems: { "x86_64-linux": "native" } },
  builders: [host("aquamarine", 3), host("ruby", 2), host("kana", 2)],
};
const SCENARIO = { schema: "drvfleet.scenario/1", graph: "graph.json", fleet: "fleet.json", policies: ["nix[version=2.8]"], seeds: 3 };

const compared = async (name: string, scenario: object) => {
  writeFileSync(place.at(name), JSON.stringify(scenario));
  const { code, out, err } = await drvfleet(["compare", place.at(name), "--json", "--quiet"]);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

describe("a log of one run, as history of the next", () => {
  it("leaves nothing guessed, and the simulated makespan comes near the real one", async () => {
    writeFileSync(place.at("fleet.json"), JSON.stringify(FLEET));
    const near = ["--graph", place.at("graph.json"), "--fleet", place.at("fleet.json")];
    for (const args of [
      ["graph", SHOW, "-o", place.at("graph.json")],
      ["history", logPath(RUN), ...near, "-o", place.at("history.jsonl")],
    ]) {
      const { code, err } = await drvfleet(["import", ...args]);
      expect(code, err).toBe(0);
    }
    expect(readFileSync(place.at("history.jsonl"), "utf8").trim().split("\n")).toHaveLength(45);
    const before = await compared("guess.yaml", SCENARIO);
    const after = await compared("history.yaml", { ...SCENARIO, history: "history.jsonl" });
    expect(before.guessed).toEqual({ criticalPath: 1, work: 1, tasks: 1 });
    expect(after.guessed).toEqual({ criticalPath: 0, work: 0, tasks: 0 });
    const real = truthOf(RUN).makespan;
    const [row] = after.ranking;
    expect(row.makespan.mean / real).toBeGreaterThan(0.7);
    expect(row.makespan.mean / real).toBeLessThan(1.3);
  });
});
