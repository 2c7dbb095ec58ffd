// The hook whose agent is killed, under real Nix: what a builder had ended is fetched from there and built nowhere else, what
// still ran there begins again there, and what lay on a host that is silent by then is built elsewhere. A successor comes too late.
import { afterEach, describe, expect, it, vi } from "vitest";
import { AgentHolder } from "./faults/subject.js";
import { leftovers, orphans, registered, wrongOutputs } from "./faults/witness.js";
import { lacksRoot, lacksTestbed } from "./needs.js";
import { contents, RunBed, type Step } from "./run-bed.js";
import { ROOTS, type Testbed, testbed } from "./testbed/testbed.js";

/** `comes` takes seconds to come home. Nix's own hook would ask aquamarine first, the fastest, which builds all that it gets. */
const COMES: Step = { name: "comes", seconds: 0.5, size: 1024 };
const LINK = "2mbit";
const RUNS: Step = { name: "runs", seconds: 6 };
const SILENT: Step = { name: "silent", seconds: 6 };
const PINS = ["comes=kana", "runs=ruby", "silent=aquamarine"];

describe.each([
  ["this machine's Nix", undefined, [COMES, RUNS, SILENT]],
  ["2.26", "2.26", [COMES, RUNS]],
  ["2.34", "2.34", [COMES, RUNS]],
])("drvfleet hook whose agent is killed, under %s", (_, version, steps) => {
  let bed: Testbed | undefined;
  afterEach(() => bed?.down());

  it.skipIf(lacksTestbed() || (version !== undefined && lacksRoot(version)))(
    "asks the machine first on which it was built",
    async () => {
      const root = version === undefined ? {} : { root: `${ROOTS}/${version}` };
      bed = await testbed({ id: `alone${version ?? ""}.${process.pid}`, hosts: 3, ...root });
      const runs = new RunBed(bed);
      await bed.machines([{ host: "aquamarine", speed: 3, jobs: 3 }, { host: "ruby" }, { host: "kana" }]);
      await bed.net("kana", LINK);
      const drvs = await runs.scenario("alone", steps, {});
      const paths = await bed.in("ai", ["nix-store", "-q", "--outputs", ...steps.map(({ name }) => drvs.get(name)!)]);
      const outputs = new Map(steps.map(({ name }, i) => [name, paths.out.trim().split("\n")[i]!]));
      const agent = new AgentHolder();
      await agent.start(bed);
      expect(await bed.in("ai", ["drvfleet", "pin", ...PINS])).toMatchObject({ code: 0 });
      const nix = bed.spawn("ai", ["nix-store", "-r", "-j0", "--option", "build-hook", "/run/drvfleet/hook", ...drvs.values()]);
      await runs.until("S", steps.length);
      await runs.until("E", 1);
      agent.kill();
      if (steps.includes(SILENT)) await bed.silence("aquamarine", "on");
      // A new agent that comes when Nix's own hook builds already leaves it to that.
      await runs.until("S", steps.length + 1);
      await agent.start(bed);
      const { code, err } = await nix.ended;
      if (steps.includes(SILENT)) await bed.silence("aquamarine", "off");
      expect(code, err + agent.said).toBe(0);
      const noted = (step: string) => runs.events().flatMap((event) => (event.step === step ? [`${event.kind} ${event.host}`] : []));
      expect(noted("comes")).toEqual(["S kana", "E kana"]);
      expect(noted("runs")).toEqual(["S ruby", "S ruby", "E ruby"]);
      expect(noted("silent").filter((note) => !note.endsWith("aquamarine"))).toHaveLength(steps.includes(SILENT) ? 2 : 0);
      expect(wrongOutputs(bed, await registered(bed, "ai"), outputs, contents("alone", steps, outputs))).toEqual([]);
      // What the killed one has left goes with its successor.
      await agent.stop();
      for (const host of ["ai", ...bed.hosts])
        await vi.waitFor(async () => expect(await orphans(bed!, host)).toEqual([]), { timeout: 40_000, interval: 500 });
      expect(await leftovers(bed)).toEqual([]);
    },
    120_000,
  );
});
