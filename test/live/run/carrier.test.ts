// Paths on their way between hosts made of memory: each after what it refers to, each to a host once, from whoever has it,
// and what is said when nobody has it or the receiver goes away.
import { beforeEach, describe, expect, it } from "vitest";
import type { HostId } from "#base/units.js";
import { Carrier } from "#live/run/carrier.js";
import { problemOf } from "../../problem.js";
import { FakeSite, storePath } from "../fake-site.js";

const [HOME, ONE, TWO] = [0 as HostId, 1 as HostId, 2 as HostId];
const [GLIBC, BASH, TOOL] = [storePath("glibc"), storePath("bash"), storePath("tool")];

describe("a carrier", () => {
  let site: FakeSite;
  let carrier: Carrier;
  const bring = (to: HostId, ...paths: string[]) => carrier.bring({ paths, to, own: null, isUrgent: true });

  beforeEach(async () => {
    site = new FakeSite(problemOf({ tasks: [], hosts: [{ name: "home", maxJobs: 0 }, { name: "one" }, { name: "two" }] }), []);
    await site.clock.until(site.fleet.connect(false));
    carrier = new Carrier(site.fleet.stores, false, (host) => site.fleet.awaitBack(host, 20));
  });

  /** The host has it, and has said so. */
  const has = async (host: HostId, path: string, references: readonly string[], size = 800): Promise<void> => {
    site.hosts[host]!.store.set(path, { references, size });
    const infos = await site.clock.until(site.fleet.links[host]!.infos([path]));
    if (infos.ok) site.fleet.stores.put(host, infos.value);
  };
  const chain = async (host: HostId): Promise<void> => {
    await has(host, GLIBC, [GLIBC]);
    await has(host, BASH, [GLIBC]);
    await has(host, TOOL, [BASH, GLIBC]);
  };

  it("brings a path after all that it refers to, and counts what moved", async () => {
    await chain(HOME);
    expect(await site.clock.until(bring(ONE, TOOL))).toEqual({ kind: "there", bytes: 2400 });
    expect(site.hosts[ONE]!.got).toEqual([GLIBC, BASH, TOOL]);
  });

  it("brings nothing that is there", async () => {
    await chain(HOME);
    site.hosts[ONE]!.store.set(GLIBC, { references: [], size: 800 });
    expect(await site.clock.until(bring(ONE, TOOL))).toEqual({ kind: "there", bytes: 1600 });
    expect(await site.clock.until(bring(ONE, TOOL))).toEqual({ kind: "there", bytes: 0 });
    expect(site.hosts[ONE]!.got).toEqual([BASH, TOOL]);
  });

  it("brings a path once for all who wait for it", async () => {
    await chain(HOME);
    const carried = await site.clock.until(Promise.all([bring(ONE, TOOL), bring(ONE, TOOL), bring(ONE, BASH)]));
    expect(carried.map(({ kind }) => kind)).toEqual(["there", "there", "there"]);
    expect(site.hosts[ONE]!.got).toEqual([GLIBC, BASH, TOOL]);
  });

  it.each([
    ["small", 800],
    ["bulk", 2 ** 20],
  ])("brings what a builder made straight to another, and home on the way: %s", async (_, size) => {
    await has(ONE, TOOL, [], size);
    expect(await site.clock.until(bring(TWO, TOOL))).toEqual({ kind: "there", bytes: size });
    expect([HOME, TWO].map((host) => site.hosts[host]!.got)).toEqual([[TOOL], [TOOL]]);
  });

  it("takes a bulk over what it has from a host that takes no new connection", async () => {
    await has(ONE, TOOL, [], 2 ** 20);
    site.hosts[ONE]!.power = "deaf";
    expect(await site.clock.until(bring(HOME, TOOL))).toEqual({ kind: "there", bytes: 2 ** 20 });
  });

  it("takes what breaks off from another host that has it", async () => {
    await has(ONE, TOOL, []);
    await has(TWO, TOOL, []);
    site.hosts[ONE]!.sends = 100;
    site.clock.after(10, () => site.hosts[ONE]!.die());
    expect(await site.clock.until(bring(HOME, TOOL))).toEqual({ kind: "there", bytes: 800 });
    expect(site.hosts[HOME]!.got).toEqual([TOOL]);
  });

  it("waits for a host that went down a moment ago, and says what is lost when it does not come back", async () => {
    await has(ONE, TOOL, []);
    site.hosts[ONE]!.die();
    site.clock.after(8, () => site.hosts[ONE]!.rise());
    expect(await site.clock.until(bring(HOME, TOOL))).toEqual({ kind: "there", bytes: 800 });
    await has(ONE, BASH, []);
    site.hosts[ONE]!.die();
    expect(await site.clock.until(bring(HOME, BASH))).toEqual({ kind: "lost", path: BASH });
  });

  it("says that a host which dies while it receives refuses", async () => {
    await chain(HOME);
    site.hosts[HOME]!.sends = 4;
    site.clock.after(6, () => site.hosts[ONE]!.die());
    expect((await site.clock.until(bring(ONE, TOOL))).kind).toBe("refused");
    expect(site.hosts[ONE]!.got).toEqual([GLIBC]);
  });

  it("counts nothing as lost while a host that is back has not yet said what it has", async () => {
    await has(ONE, TOOL, []);
    site.hosts[ONE]!.die();
    site.hosts[ONE]!.thinks = 5;
    site.clock.after(0.5, () => site.hosts[ONE]!.rise());
    await site.clock.until(new Promise<void>((resolve) => void site.clock.after(2, resolve)));
    expect(await site.clock.until(bring(HOME, TOOL))).toEqual({ kind: "there", bytes: 800 });
  });

  it("believes a host no longer that says it has a path and cannot send it", async () => {
    await has(ONE, TOOL, []);
    site.hosts[ONE]!.store.clear();
    expect(await site.clock.until(bring(HOME, TOOL))).toEqual({ kind: "lost", path: TOOL });
  });
});
