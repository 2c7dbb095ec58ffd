// The book's demo in small: every policy is simulated, the winner and stock Nix build for real on the same hosts, and predicted
// stands beside actual of both. No figure of it is judged here.
import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { POLICY_NAMES } from "#policy/index.js";
import { command, folder, ROOT } from "../program.js";
import { lacks, lacksTestbed } from "./needs.js";

const place = folder();
afterAll(() => place.remove());

const sleeps = (name: string, seconds: number) => ({ name, system: "x86_64-linux", seconds: { "*": seconds }, cpu: 0, outputBytes: 1000 });
const link = { up: "inf", down: "inf", latency: "0 s" };
const host = (name: string, maxJobs: number) => ({ name, cores: 1, speed: 1, maxJobs, systems: { "x86_64-linux": "native" }, link });
const SCENARIO = {
  schema: "drvfleet.scenario/1",
  name: "little",
  policies: "nix[version=2.8.0]",
  graph: {
    schema: "drvfleet.graph/1",
    name: "little",
    nodes: [sleeps("one", 0.5), sleeps("two", 0.5), sleeps("three", 0.5), sleeps("all", 0.2)],
    edges: { from: [0, 1, 2], to: [3, 3, 3] },
  },
  fleet: {
    schema: "drvfleet.fleet/1",
    coordinator: host("ai", 0),
    builders: [
      { ...host("aquamarine", 2), uri: "ssh://root@aquamarine" },
      { ...host("ruby", 1), uri: "ssh://root@ruby" },
    ],
  },
};

describe.skipIf(lacksTestbed() || lacks("gcc"))("npm run demo", () => {
  it("names a winner, builds with it and with stock Nix, and both built the same", async () => {
    const compiled = await command(process.execPath, [`${ROOT}/node_modules/typescript/bin/tsc`, "-p", "tsconfig.record.json"]);
    expect(compiled.code, compiled.out).toBe(0);
    writeFileSync(place.at("little.json"), JSON.stringify(SCENARIO));
    const { code, out, err } = await command(process.execPath, ["dist-record/bench/demo.js", place.at("little.json")]);
    expect(code, err).toBe(0);
    const [, winner] = /^winner: (.*)$/m.exec(out)!;
    for (const policy of POLICY_NAMES.filter((name) => name !== "nix"))
      expect(out).toMatch(new RegExp(`^  simulated ${policy} +[\\d.]+ s$`, "m"));
    expect(out).toMatch(/^ {2}simulated stock Nix +[\d.]+ s$/m);
    expect(out).toMatch(new RegExp(`^drvfleet run, ${winner} +[\\d.]+ +[\\d.]+ +-?\\d+ %$`, "m"));
    expect(out).toMatch(/^stock Nix +[\d.]+ +[\d.]+ +-?\d+ %$/m);
    expect(out).toMatch(/^both built [0-9a-f]{12}$/m);
  }, 120_000);
});
