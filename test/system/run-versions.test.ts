// `drvfleet run` where hosts and coordinator have other versions of Nix than this machine: everything is built once and is
// home in the end, a host that dies loses nothing, result links and the RUN directory keep what was asked for, installables work.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { lacksRoot, lacksTestbed } from "./needs.js";
import { RunBed, type Step } from "./run-bed.js";
import { ROOTS, type Testbed, testbed } from "./testbed/testbed.js";

const GRAPH: readonly Step[] = [
  { name: "a", seconds: 1 },
  { name: "b", seconds: 1, size: 3000 },
  { name: "c", seconds: 1 },
  { name: "d", seconds: 0.5, needs: ["a", "b"] },
  { name: "root", seconds: 0.5, needs: ["c", "d"] },
];
const SLOTS = { aquamarine: 2, ruby: 1 };
const HOSTS = ["ai", ...Object.keys(SLOTS)];
const ALL = GRAPH.map(({ name }) => name).sort();

describe.each(["2.26", "2.34"])("drvfleet run under Nix %s", (version) => {
  describe.skipIf(lacksTestbed() || lacksRoot(version))(version, () => {
    let bed: Testbed;
    let runs: RunBed;
    beforeAll(async () => {
      bed = await testbed({ id: `run${version}.${process.pid}`, hosts: 2, root: `${ROOTS}/${version}` });
      runs = new RunBed(bed);
    }, 60_000);
    afterAll(() => bed?.down());

    const on = (...command: string[]) => bed.in("ai", command);
    const built = () =>
      runs
        .events("E")
        .map(({ step }) => step)
        .sort();
    const isValid = async (paths: readonly string[]) => (await on("nix-store", "--check-validity", ...paths)).code === 0;
    const nothingLeft = async () => {
      for (const host of HOSTS)
        await vi.waitFor(async () => expect(await runs.left(host), host).toBe(""), { timeout: 10_000, interval: 250 });
      expect((await on("sh", "-c", "ls /tmp | grep drvfleet- || :")).out).toBe("");
    };

    it("builds each derivation once, and what was asked for outlives the garbage collector", async () => {
      await runs.scenario("plain", GRAPH, SLOTS);
      const { code, out, err } = await runs.run("plain.json", "--out", "plain");
      expect(code, err).toBe(0);
      expect(err).not.toMatch(/warning/);
      expect(built()).toEqual(ALL);
      expect(new Set(runs.events("E").map(({ host }) => host))).toEqual(new Set(Object.keys(SLOTS)));
      const outputs = out.split("\n").filter((line) => line.startsWith("/nix/store/"));
      expect((await on("readlink", "result")).out.trim().split("\n")).toEqual(outputs);
      // The links that we made are those that this Nix makes: it adds none.
      const roots = async () => (await on("ls", "/nix/var/nix/gcroots/auto")).out;
      const ours = await roots();
      await on("nix-store", "--realise", "--add-root", "/root/result", "--indirect", outputs[0]!);
      expect(await roots()).toBe(ours);
      expect((await on("nix-store", "--gc")).code).toBe(0);
      expect(await isValid((await on("nix-store", "-qR", ...outputs)).out.trim().split("\n"))).toBe(true);
      await on("rm", "result");
      expect((await on("nix-store", "--gc")).code).toBe(0);
      expect(await isValid(outputs)).toBe(true);
      await on("rm", "-r", "plain");
      expect((await on("nix-store", "--gc")).code).toBe(0);
      expect(await isValid(outputs)).toBe(false);
      await nothingLeft();
    }, 60_000);

    it("moves the builds of a host that dies, and goes on after kill -9", async () => {
      await runs.scenario("dies", GRAPH, SLOTS);
      const running = runs.start("dies.json", "--out", "dies", "--no-link");
      await runs.until("S", 3);
      await bed.kill("ruby");
      await runs.until("E", 3);
      running.signal("SIGKILL");
      await running.ended;
      await bed.revive("ruby");
      const { code, err } = await runs.run("--resume", "dies", "--no-link");
      expect(code, err).toBe(0);
      expect(built()).toEqual(ALL);
      await nothingLeft();
    }, 60_000);

    it("builds installables and .drv files on the machines of /etc/nix/machines", async () => {
      const drvs = await runs.scenario("words", GRAPH, SLOTS);
      await bed.machines([{ host: "aquamarine", jobs: 2 }, { host: "ruby" }]);
      await on("mkdir", "flake");
      await on("cp", "words.nix", "step.sh", "flake");
      bed.write("ai", "/root/flake/flake.nix", "{ outputs = _: { packages.x86_64-linux = import ./words.nix; }; }\n");
      const asked = await runs.run("path:/root/flake#root", "--out", "words", "--out-link", "kept");
      expect(asked.code, asked.err).toBe(0);
      expect(built()).toEqual(ALL);
      expect((await on("readlink", "kept")).out.trim()).toMatch(/^\/nix\/store\/[a-z0-9]{32}-root$/);
      const again = await runs.run(drvs.get("root")!, "--no-link");
      expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/-root\n$/) });
      expect(built()).toEqual(ALL);
      await nothingLeft();
    }, 60_000);
  });
});
