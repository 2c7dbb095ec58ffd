// `drvfleet run` against real Nix on real hosts: everything is built once and is on the coordinator in the end, whatever
// goes wrong on the way; what a failing build leads to; what is left behind, which is nothing.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { lacksTestbed } from "./needs.js";
import { RunBed, type Step } from "./run-bed.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

/** Six leaves on five slots, two of them one chain further, one root. */
const GRAPH: readonly Step[] = [
  { name: "a", seconds: 2 },
  { name: "b", seconds: 2, size: 3000 },
  { name: "c", seconds: 2 },
  { name: "d", seconds: 2 },
  { name: "e", seconds: 2 },
  { name: "f", seconds: 1, needs: ["a", "b"] },
  { name: "g", seconds: 1, needs: ["c", "d"] },
  { name: "root", seconds: 0.5, needs: ["e", "f", "g"] },
];
const SLOTS = { aquamarine: 2, ruby: 2, kana: 1 };
const HOSTS = ["ai", ...Object.keys(SLOTS)];

describe.skipIf(lacksTestbed())("drvfleet run", () => {
  let bed: Testbed;
  let runs: RunBed;
  beforeAll(async () => {
    bed = await testbed({ id: `run.${process.pid}`, hosts: 3, disk: { kana: "64m" } });
    runs = new RunBed(bed);
  }, 30_000);
  afterAll(() => bed?.down());

  const nothingLeft = async () => {
    // After a second Ctrl-C the guards of the connections may still be ending what runs: a moment.
    for (const host of HOSTS)
      await vi.waitFor(async () => expect(await runs.left(host), host).toBe(""), { timeout: 10_000, interval: 250 });
    expect((await bed.in("ai", ["sh", "-c", "ls /tmp | grep drvfleet- || :"])).out).toBe("");
  };
  const rootIsThere = async (drvs: ReadonlyMap<string, string>) => {
    const output = (await bed.in("ai", ["nix-store", "-q", "--outputs", drvs.get("root")!])).out.trim();
    expect(
      (await bed.in("ai", ["nix-store", "--check-validity", ...(await bed.in("ai", ["nix-store", "-qR", output])).out.trim().split("\n")]))
        .code,
    ).toBe(0);
  };
  /** Its journal, told again, leads to the same decisions: else this is a fault. */
  const isToldAgain = async (directory: string) => {
    const told = await bed.in("ai", ["drvfleet", "explain", directory, "root"]);
    expect(told.code, told.err).toBe(0);
    expect(told.out).toMatch(/^root \(x86_64-linux\) under list, conduct run/);
  };
  afterEach(nothingLeft);

  it("builds a graph on three hosts, each derivation once, and brings back what was asked for", async () => {
    const drvs = await runs.scenario("plain", GRAPH, SLOTS);
    const { code, out, err } = await runs.run("plain.json", "--out", "plain");
    expect(code, err).toBe(0);
    expect(out).toMatch(/^built 8 in [\d.]+ s under list\npredicted [\d.]+ s/);
    expect(
      runs
        .events("E")
        .map(({ step }) => step)
        .sort(),
    ).toEqual(GRAPH.map(({ name }) => name));
    expect(new Set(runs.events("E").map(({ host }) => host))).toEqual(new Set(Object.keys(SLOTS)));
    await isToldAgain("plain");
    await rootIsThere(drvs);
    expect(bed.read("ai", "/root/plain/trace.jsonl").split("\n")[0]).toContain('"engine":"live"');
    const again = await runs.run("plain.json", "--out", "again");
    expect({ ...again, err: "" }).toMatchObject({ code: 0, out: expect.stringMatching(/^\/nix\/store\/[a-z0-9]{32}-root\n$/) });
    expect(runs.events("S").length).toBe(GRAPH.length);
  }, 60_000);

  it("moves the builds of a host that dies, builds nothing twice that was built, and ends well", async () => {
    const drvs = await runs.scenario("dies", GRAPH, SLOTS);
    const running = runs.start("dies.json", "--out", "dies");
    await runs.until("S", 5);
    await bed.kill("ruby");
    const { code, err } = await running.ended;
    await bed.revive("ruby");
    expect(code, err).toBe(0);
    expect(err).toMatch(/host +ruby is set aside/);
    expect(
      runs
        .events("E")
        .map(({ step }) => step)
        .sort(),
    ).toEqual(GRAPH.map(({ name }) => name));
    await isToldAgain("dies");
    await rootIsThere(drvs);
  }, 60_000);

  it("goes on after kill -9 without building again what was built", async () => {
    const drvs = await runs.scenario("killed", GRAPH, SLOTS);
    const running = runs.start("killed.json", "--out", "killed");
    await runs.until("E", 3);
    // A builder that has just ended is built when Nix there has registered its outputs, a moment later.
    const newest = () => Math.max(...runs.events("E").map(({ at }) => at));
    while (Date.now() / 1000 - newest() < 0.3) await new Promise((resolve) => setTimeout(resolve, 20));
    running.signal("SIGKILL");
    await running.ended;
    const { code, err } = await runs.run("--resume", "killed");
    expect(code, err).toBe(0);
    expect(
      runs
        .events("E")
        .map(({ step }) => step)
        .sort(),
    ).toEqual(GRAPH.map(({ name }) => name));
    await isToldAgain("killed");
    await rootIsThere(drvs);
    await new Promise((resolve) => setTimeout(resolve, 6000));
  }, 60_000);

  it("ends what runs on the second Ctrl-C, and leaves no builder behind", async () => {
    await runs.scenario("stopped", GRAPH, SLOTS);
    const running = runs.start("stopped.json", "--out", "stopped");
    await runs.until("S", 5);
    running.signal("SIGINT");
    // Of two signals of one kind that are pending together a process sees one.
    await delay(300);
    running.signal("SIGINT");
    const { code } = await running.ended;
    expect(code).toBe(130);
    expect(runs.events("E").length).toBeLessThan(GRAPH.length);
  }, 60_000);

  it("a build that fails is final, its log is shown, and with --keep-going the others are built", async () => {
    const broken = GRAPH.map((step) => (step.name === "a" ? { ...step, seconds: 0.2, fails: 7 } : step));
    await runs.scenario("broken", broken, SLOTS);
    const { code, err } = await runs.run("broken.json", "--out", "broken", "--keep-going");
    expect(code, err).toBe(1);
    expect(err).toMatch(/error: a failed on \w+: /);
    expect(err).toContain("> a is broken");
    expect(runs.events("S").filter(({ step }) => step === "a").length).toBe(1);
    expect(
      runs
        .events("E")
        .map(({ step }) => step)
        .sort(),
    ).toEqual(["b", "c", "d", "e", "g"]);
  }, 60_000);

  it("a host without disk takes no more builds, and what failed there is built elsewhere", async () => {
    const drvs = await runs.scenario("full", GRAPH, SLOTS);
    await bed.disk("kana", "full");
    const { code, err } = await runs.run("full.json", "--out", "full");
    await bed.disk("kana", "free");
    expect(code, err).toBe(0);
    await rootIsThere(drvs);
  }, 60_000);

  it("names of hosts and derivations are words, never commands", async () => {
    await runs.scenario("names", [{ name: "one", seconds: 0.1 }], { aquamarine: 1 });
    const scenario = JSON.parse(bed.read("ai", "/root/names.json"));
    scenario.fleet.builders.push({
      ...scenario.fleet.builders[0],
      name: "$(touch /tmp/pwned)",
      uri: "ssh://-oProxyCommand=touch\t/tmp/pwned",
    });
    bed.write("ai", "/root/names.json", JSON.stringify(scenario));
    await runs.run("names.json", "--out", "names");
    for (const host of HOSTS) expect((await bed.in(host, ["ls", "/tmp"])).out).not.toContain("pwned");
  }, 60_000);
});
