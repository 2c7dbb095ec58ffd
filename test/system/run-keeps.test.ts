// What `drvfleet run` tells while it builds and leaves behind, on real hosts: events as their schema says, outputs that no
// garbage collection takes, a history from which the next run is foretold better, and a page with predicted beside actual.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runEvent } from "#report/run-event.js";
import { lacksTestbed } from "./needs.js";
import { RunBed, type Step } from "./run-bed.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

const GRAPH: readonly Step[] = [
  { name: "zlib", seconds: 1 },
  { name: "sed", seconds: 2 },
  { name: "system", seconds: 0.5, needs: ["zlib", "sed"] },
];
const SLOTS = { aquamarine: 1, ruby: 1 };

describe.skipIf(lacksTestbed())("what drvfleet run tells and keeps", () => {
  let bed: Testbed;
  let runs: RunBed;
  beforeAll(async () => {
    bed = await testbed({ id: `keeps.${process.pid}`, hosts: 2 });
    runs = new RunBed(bed);
  }, 30_000);
  afterAll(() => bed?.down());
  const on = (host: string, ...command: string[]) => bed.in(host, command);

  it("prints a JSON object for everything that happens, as the schema says", async () => {
    await runs.scenario("events", GRAPH, SLOTS);
    const { code, out, err } = await runs.run("events.json", "--out", "events", "--json-lines", "--quiet");
    expect(code, err).toBe(0);
    const events = out.trimEnd().split("\n");
    for (const line of events) expect(runEvent.safeParse(JSON.parse(line)).error, line).toBeUndefined();
    const parsed = events.map((line) => JSON.parse(line));
    expect(parsed[0]).toMatchObject({ schema: "drvfleet.run-event/1", see: "begun", builds: 3, resumed: false });
    expect(parsed.at(-1)).toMatchObject({ schema: "drvfleet.run-result/1", built: 3, failed: [] });
    const started = parsed.filter(({ stage }) => stage === "started");
    expect(started.map(({ name, host }) => `${name} ${host}`).sort()).toEqual(
      runs
        .events("S")
        .map(({ step, host }) => `${step} ${host}`)
        .sort(),
    );
  }, 60_000);

  it("its page has predicted beside actual, and it can be explained", async () => {
    const { code, err } = await on("ai", "drvfleet", "report", "events", "--format", "html");
    expect(code, err).toBe(0);
    const page = bed.read("ai", "/root/events/report.html");
    expect(page).toMatch(/It took <b>[\d.]+ s<\/b>; foretold were <b>[\d.]+ s/);
    for (const host of Object.keys(SLOTS)) expect(page).toMatch(new RegExp(`${host} \\([\\d.]+ %\\)`));
    expect(await on("ai", "drvfleet", "explain", "events", "system")).toMatchObject({ code: 0 });
  }, 60_000);

  it("what was asked for survives the garbage collector while the run goes on and after it, by result links or without", async () => {
    await runs.scenario(
      "kept",
      [
        { name: "first", seconds: 0.2 },
        { name: "second", seconds: 4 },
      ],
      SLOTS,
    );
    const running = runs.start("kept.json", "--out", "kept");
    await runs.until("E", 1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const during = await on("ai", "nix-collect-garbage");
    expect(during.code, during.err).toBe(0);
    const { code, out, err } = await running.ended;
    expect(code, err).toBe(0);
    expect(runs.events("S").length).toBe(2);
    expect(err).not.toMatch(/warning/);
    const outputs = out.split("\n").filter((line) => line.startsWith("/nix/store/"));
    expect(outputs.length).toBe(2);
    expect((await on("ai", "nix-collect-garbage")).code).toBe(0);
    expect(await on("ai", "nix-store", "--check-validity", ...outputs)).toMatchObject({ code: 0 });
    expect((await on("ai", "readlink", "result", "result-2")).out.trim().split("\n")).toEqual(outputs);
    await on("ai", "rm", "result", "result-2");
    expect((await on("ai", "nix-collect-garbage")).code).toBe(0);
    expect(await on("ai", "nix-store", "--check-validity", ...outputs)).toMatchObject({ code: 0 });
    await on("ai", "rm", "-r", "kept");
    expect((await on("ai", "nix-collect-garbage")).code).toBe(0);
    expect((await on("ai", "nix-store", "--check-validity", ...outputs)).code).not.toBe(0);
  }, 60_000);

  it("adds its builds to the scenario's own history, and foretells the next run better", async () => {
    bed.write("ai", "/root/past.jsonl", '{"schema":"drvfleet.history/1"}\n');
    const predicted = async (salt: string) => {
      await runs.scenario(salt, GRAPH, SLOTS);
      const scenario = JSON.parse(bed.read("ai", `/root/${salt}.json`));
      for (const node of scenario.graph.nodes) {
        delete node.seconds;
        delete node.cpu;
      }
      bed.write("ai", `/root/${salt}.json`, JSON.stringify({ ...scenario, history: "past.jsonl" }));
      const { code, out, err } = await runs.run(`${salt}.json`, "--out", salt, "--json", "--no-link");
      expect(code, err).toBe(0);
      const { predicted, seconds } = JSON.parse(out);
      return Math.abs(Math.log(predicted.median / seconds));
    };
    const first = await predicted("guessed");
    expect(bed.read("ai", "/root/past.jsonl").trimEnd().split("\n").length).toBe(1 + GRAPH.length);
    const second = await predicted("known");
    expect(second).toBeLessThan(first / 2);
    const compared = await on("ai", "drvfleet", "simulate", "known.json", "--policy", "list", "--json");
    expect(JSON.parse(compared.out).guessed.tasks).toBe(0);
  }, 90_000);

  it("says so, and ends as it would have, where history and ledger cannot be written", async () => {
    await runs.scenario("blocked", [{ name: "alone", seconds: 0.1 }], SLOTS);
    bed.write("ai", "/root/blocked-state", "a file");
    const { code, err } = await bed.in("ai", [
      "env",
      "XDG_STATE_HOME=/root/blocked-state",
      "drvfleet",
      "run",
      "blocked.json",
      "--out",
      "blocked",
    ]);
    expect(code, err).toBe(0);
    expect(err).toMatch(/^warning: .*history\.jsonl: .*nothing was added to it$/m);
    expect(err).toMatch(/^warning: .*ledger\.jsonl: /m);
  }, 60_000);
});
