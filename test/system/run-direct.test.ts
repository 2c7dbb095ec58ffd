// `drvfleet run` with `route: direct` on real hosts: what one builder makes and another needs goes from store to store by the
// builders' own ssh, and does not pass the coordinator; a pair that cannot talk goes through it; a killed run goes on.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { CheckResult } from "#report/check-text.js";
import { lacksTestbed } from "./needs.js";
import { RunBed, type Step } from "./run-bed.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

const MIB = 2 ** 20;
/** Made in one place, needed in another, and by two. */
const GRAPH: readonly Step[] = [
  { name: "made", seconds: 0.2, size: 24 * 1024, features: ["left"] },
  { name: "used", seconds: 0.2, needs: ["made"], forgets: true, features: ["right"] },
  { name: "again", seconds: 0.2, needs: ["made"], forgets: true, features: ["right"] },
  { name: "root", seconds: 0.2, needs: ["used", "again"] },
];
const [LEFT, RIGHT] = ["aquamarine", "ruby"] as const;
const SLOTS = { [LEFT]: 1, [RIGHT]: 2 };

describe.skipIf(lacksTestbed())("drvfleet run, route direct", () => {
  let bed: Testbed;
  let runs: RunBed;
  beforeAll(async () => {
    bed = await testbed({ id: `direct.${process.pid}`, hosts: 2 });
    runs = new RunBed(bed);
    for (const [host, feature] of [
      [LEFT, "left"],
      [RIGHT, "right"],
    ] as const)
      await bed.nixconf(host, `system-features = ${feature}`);
    await bed.in(LEFT, ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/root/.ssh/id_ed25519"]);
    bed.write(LEFT, "/root/.ssh/known_hosts", bed.read("ai", "/root/.ssh/known_hosts"));
  }, 30_000);
  afterAll(() => bed?.down());

  afterEach(async () => {
    for (const host of ["ai", LEFT, RIGHT])
      await vi.waitFor(
        async () => {
          expect(await runs.left(host), host).toBe("");
          expect((await bed.in(host, ["sh", "-c", "ls /tmp | grep drvfleet- || :"])).out, host).toBe("");
        },
        { timeout: 10_000, interval: 250 },
      );
  });

  const KEYS = "/etc/nix/sshd/authorized_keys";
  /** Whether the left host's key opens the right one. */
  const mayTalk = (may: boolean): void => {
    const own = bed.read("ai", "/root/.ssh/id_ed25519.pub");
    bed.write(RIGHT, KEYS, may ? own + bed.read(LEFT, "/root/.ssh/id_ed25519.pub") : own);
  };
  /** Returns what the first step makes. */
  const scenario = async (name: string, graph = GRAPH, more: object = { route: "direct" }): Promise<string> => {
    const drvs = await runs.scenario(name, graph, SLOTS);
    const file = JSON.parse(bed.read("ai", `/root/${name}.json`));
    Object.assign(file.fleet, more);
    // The coordinator's name for it is not the other builders'.
    const at = (await bed.in("ai", ["getent", "hosts", RIGHT])).out.split(/\s/)[0]!;
    for (const host of file.fleet.builders) host.features = [host.name === LEFT ? "left" : "right"];
    file.fleet.builders.find(({ name }: { name: string }) => name === RIGHT).peerUri = `ssh://root@${at}`;
    bed.write("ai", `/root/${name}.json`, JSON.stringify(file));
    return (await bed.in("ai", ["nix-store", "-q", "--outputs", drvs.get(graph[0]!.name)!])).out.trim();
  };
  const has = async (host: string, path: string): Promise<boolean> =>
    (await bed.in(host, ["nix-store", "--check-validity", path])).code === 0;
  /** Bytes through the coordinator's network, in and out. */
  const passed = async (): Promise<number> => {
    const { out } = await bed.in("ai", ["cat", "/proc/net/dev"]);
    const fields = out.split("\n").flatMap((line) => (/^\s*(?!lo:)\w+:/.test(line) ? [line.split(":")[1]!.trim().split(/\s+/)] : []));
    return fields.reduce((sum, field) => sum + Number(field[0]) + Number(field[8]), 0);
  };
  const built = (): readonly string[] =>
    runs
      .events("E")
      .map(({ step }) => step)
      .sort();

  it("sends what one builder makes to another, and none of it through the coordinator", async () => {
    mayTalk(true);
    const made = await scenario("straight");
    const before = await passed();
    const { code, err } = await runs.run("straight.json", "--out", "straight");
    expect(code, err).toBe(0);
    expect(err).not.toContain("detour");
    expect((await passed()) - before).toBeLessThan(4 * MIB);
    expect([await has(LEFT, made), await has(RIGHT, made), await has("ai", made)]).toEqual([true, true, false]);
    expect(built()).toEqual(["again", "made", "root", "used"]);
  }, 60_000);

  it("goes through the coordinator where a builder does not let another in, and says so once", async () => {
    mayTalk(false);
    const made = await scenario("shut");
    const { code, err } = await runs.run("shut.json", "--out", "shut");
    expect(code, err).toBe(0);
    expect(err.match(/detour +to ruby through the coordinator: not reached from aquamarine: .*Permission denied/g)?.length).toBe(1);
    expect(await has(RIGHT, made)).toBe(true);
    expect(built()).toEqual(["again", "made", "root", "used"]);
  }, 60_000);

  it("goes on after kill -9 while a copy is under way", async () => {
    mayTalk(true);
    const made = await scenario("killed");
    await bed.net(LEFT, "40mbit");
    const running = runs.start("killed.json", "--out", "killed");
    await runs.until("E", 1);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    running.signal("SIGKILL");
    await running.ended;
    expect(await has(RIGHT, made)).toBe(false);
    await bed.net(LEFT, "off");
    const { code, err } = await runs.run("--resume", "killed");
    expect(code, err).toBe(0);
    expect(built()).toEqual(["again", "made", "root", "used"]);
  }, 60_000);

  /** Bytes that a build waited for when it had its slot. */
  const bytesIn = (directory: string, step: string): number => {
    const lines = bed
      .read("ai", `/root/${directory}/journal.jsonl`)
      .split("\n")
      .filter((line) => line.includes('"uploaded"'));
    return JSON.parse(lines.find((line) => line.includes(`-${step}.drv`))!).bytes;
  };

  it("sends ahead what the policy stages, so that it is there when the build has its slot", async () => {
    const long = { seconds: 4, features: ["right"] };
    const name = "ahead";
    await scenario(name, [GRAPH[0]!, { name: "long1", ...long }, { name: "long2", ...long }, GRAPH[1]!]);
    const { code, err } = await runs.run(`${name}.json`, "--out", name, "--policy", "heft[inputs=ahead]");
    expect(code, err).toBe(0);
    const journal = bed.read("ai", `/root/${name}/journal.jsonl`);
    expect(journal).toMatch(/"ahead":\[\["[^"]*-made.drv","ruby"\]\]/);
    expect(journal).toMatch(/"see":"staged","task":"[^"]*-made.drv","host":"ruby","isThere":true/);
    expect(bytesIn(name, "used")).toBe(0);
    expect((await bed.in("ai", ["drvfleet", "explain", name, "used"])).code).toBe(0);
  }, 60_000);

  it("lets a builder substitute its inputs where the fleet has a substituter", async () => {
    await scenario("found", [{ name: "found", seconds: 0.1, features: ["right"] }], { substituter: { bandwidth: "1 GB/s", hits: 1 } });
    const inputs = (await bed.in("ai", ["sh", "-c", "nix-store -q --references $(nix-instantiate found.nix | cut -d! -f1)"])).out
      .trim()
      .split("\n");
    expect((await bed.in(RIGHT, ["nix-store", "--delete", ...inputs])).code).toBe(0);
    const nix = ["nix", "--extra-experimental-features", "nix-command"];
    expect((await bed.in("ai", [...nix, "copy", "--to", "file:///srv/cache", ...inputs])).code).toBe(0);
    await bed.nixconf(RIGHT, "substitute = true", "substituters = file:///srv/cache");
    expect((await runs.run("found.json", "--out", "found")).code).toBe(0);
    expect(bytesIn("found", "found")).toBe(0);
  }, 60_000);

  it("check says which builder does not reach which", async () => {
    mayTalk(true);
    await scenario("checked");
    const { fleet } = JSON.parse(bed.read("ai", "/root/checked.json"));
    bed.write("ai", "/root/fleet.json", JSON.stringify(fleet));
    const { out, err } = await bed.in("ai", ["drvfleet", "check", "fleet.json", "--json"]);
    const { findings } = JSON.parse(out) as CheckResult;
    const deaf = findings.filter(({ step }) => step === "peers");
    expect(
      deaf.map(({ severity, host, what }) => `${severity} ${host} ${what}`),
      err,
    ).toEqual([`warning ${RIGHT} its own ssh does not reach ${LEFT}, though the route is direct`]);
    expect(deaf[0]!.words).toMatch(/Host key verification failed|Permission denied/);
  }, 60_000);
});
