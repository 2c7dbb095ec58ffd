// The hook where a link falls silent: one host while a build runs there, another while inputs are on their way to it. Nobody is
// told of it. Nix goes on with right outputs, other builds are not held up, and nothing is left once the link is back.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { AgentHolder } from "./faults/subject.js";
import { leftovers, orphans, registered, wrongOutputs } from "./faults/witness.js";
import { lacksTestbed } from "./needs.js";
import { contents, RunBed, type Step } from "./run-bed.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

/** Nix asks for `other` first, so that `runs` and `taken` find aquamarine busy; `large` is there already, and has to travel. */
const GRAPH: readonly Step[] = [
  { name: "large", seconds: 0.1, size: 20 * 1024 },
  { name: "runs", seconds: 4 },
  { name: "other", seconds: 3 },
  { name: "taken", seconds: 0.2, needs: ["large"] },
  { name: "later", seconds: 0.2, needs: ["other"] },
  { name: "root", seconds: 0.1, needs: ["runs", "taken", "later"] },
];
const MAY = ["*=aquamarine", "runs=ruby,aquamarine", "taken=kana,aquamarine"];
/** Seconds: an ssh asks a silent host three times in 15, and the builds begin again. */
const BOUND = 45;

describe.skipIf(lacksTestbed())("drvfleet hook and silent links", () => {
  let bed: Testbed;
  let runs: RunBed;
  beforeAll(async () => {
    bed = await testbed({ id: `silent.${process.pid}`, hosts: 3 });
    runs = new RunBed(bed);
    await bed.machines([{ host: "aquamarine" }, { host: "ruby" }, { host: "kana" }]);
    await bed.net("kana", "20mbit");
  }, 30_000);
  afterAll(() => bed?.down());

  it("moves what ran there and what was on its way there, holds nothing else up, and leaves nothing", async () => {
    const drvs = await runs.scenario("silent", GRAPH, {});
    const paths = await bed.in("ai", ["nix-store", "-q", "--outputs", ...GRAPH.map(({ name }) => drvs.get(name)!)]);
    const outputs = new Map(
      paths.out
        .trim()
        .split("\n")
        .map((path, i) => [GRAPH[i]!.name, path]),
    );
    const agent = new AgentHolder();
    await agent.start(bed);
    expect(await bed.in("ai", ["drvfleet", "pin", ...MAY])).toMatchObject({ code: 0 });
    const build = (step: string) =>
      bed.spawn("ai", ["nix-store", "-r", "-j0", "--option", "build-hook", "/run/drvfleet/hook", drvs.get(step)!]);
    expect(await build("large").ended).toMatchObject({ code: 0 });
    const nix = build("root");
    const where = async (step: string, host: string) => expect(await placed()).toMatchObject({ [step]: host });
    const placed = async (): Promise<Record<string, string>> => {
      const { builds } = JSON.parse((await bed.in("ai", ["drvfleet", "agent", "status", "--json"])).out);
      return Object.fromEntries(builds.map(({ name, host }: { name: string; host: string }) => [name, host]));
    };
    await vi.waitFor(() => where("taken", "kana"), { timeout: 10_000, interval: 50 });
    await runs.until("S", 3);
    expect(runs.events("S")).toContainEqual(expect.objectContaining({ step: "runs", host: "ruby" }));
    await Promise.all(["kana", "ruby"].map((host) => bed.silence(host, "on")));
    const from = Date.now() / 1000;
    const { code, err } = await nix.ended;
    expect(code, err + agent.said).toBe(0);
    expect(Date.now() / 1000 - from).toBeLessThan(BOUND);
    expect(err).toMatch(/runs on ruby: .*; it goes elsewhere/);
    expect(err).toMatch(/taken on kana: .*; it goes elsewhere/);
    const later = runs.events("S").find(({ step }) => step === "later")!;
    expect(later.at - from).toBeLessThan(10);
    const home = await registered(bed, "ai");
    expect(wrongOutputs(bed, home, outputs, contents("silent", GRAPH, outputs))).toEqual([]);
    await Promise.all(["kana", "ruby"].map((host) => bed.silence(host, "off")));
    await agent.stop();
    for (const host of ["ai", ...bed.hosts])
      await vi.waitFor(async () => expect(await orphans(bed, host)).toEqual([]), { timeout: 40_000, interval: 500 });
    expect(await leftovers(bed)).toEqual([]);
  }, 120_000);
});
