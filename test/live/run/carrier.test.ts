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
    site = new FakeSite(
      problemOf({ tasks: [], hosts: [{ name: "home", maxJobs: 0 }, { name: "one" }, { name: "two" }, { name: "three" }] }),
      [],
    );
    await site.clock.until(site.fleet.connect(false));
    carrier = new Carrier(site.fleet.stores, { substitute: false, passages: null }, (host) => site.fleet.awaitBack(host, 20));
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

  it("lets a builder substitute what it can before anything is sent, and asks it other things meanwhile", async () => {
    carrier = new Carrier(site.fleet.stores, { substitute: true, passages: null }, (host) => site.fleet.awaitBack(host, 20));
    await chain(HOME);
    site.hosts[ONE]!.cache.set(GLIBC, { references: [], size: 800 });
    site.hosts[ONE]!.substitutes = 50;
    const bringing = bring(ONE, TOOL);
    await site.clock.until(new Promise<void>((resolve) => void site.clock.after(1, resolve)));
    const asked = site.clock.now();
    expect((await site.clock.until(site.fleet.links[ONE]!.infos([TOOL]))).ok).toBe(true);
    expect(site.clock.now()).toBe(asked);
    expect(await site.clock.until(bringing)).toEqual({ kind: "there", bytes: 1600 });
    expect(site.hosts[ONE]!.got).toEqual([BASH, TOOL]);
  });

  describe("where builders may talk", () => {
    const BIG = 2 ** 20;
    let detours: string[];

    beforeEach(() => {
      detours = [];
      site.passages.detour = (from, to, why) => detours.push(`${from} ${to} ${why}`);
      carrier = new Carrier(site.fleet.stores, { substitute: false, passages: site.passages }, (host) => site.fleet.awaitBack(host, 20));
    });

    it("lets what only a builder has go straight, with what it refers to, and nothing to the coordinator", async () => {
      await has(ONE, BASH, [], BIG);
      await has(ONE, TOOL, [BASH], BIG);
      expect(await site.clock.until(bring(TWO, TOOL))).toEqual({ kind: "there", bytes: 2 * BIG });
      expect(site.hosts[TWO]!.gotStraight).toEqual([BASH, TOOL]);
      expect([HOME, ONE, TWO].map((host) => site.hosts[host]!.got)).toEqual([[], [], []]);
      expect(detours).toEqual([]);
    });

    it("brings what the coordinator has from there, first", async () => {
      await has(HOME, GLIBC, []);
      await has(ONE, GLIBC, []);
      await has(ONE, TOOL, [GLIBC], BIG);
      expect(await site.clock.until(bring(TWO, TOOL))).toEqual({ kind: "there", bytes: 800 + BIG });
      expect([site.hosts[TWO]!.got, site.hosts[TWO]!.gotStraight]).toEqual([[GLIBC], [TOOL]]);
    });

    it("lets small loads go over the connections that are open", async () => {
      await has(ONE, TOOL, []);
      expect(await site.clock.until(bring(TWO, TOOL))).toEqual({ kind: "there", bytes: 800 });
      expect([site.hosts[TWO]!.got, site.hosts[TWO]!.gotStraight]).toEqual([[TOOL], []]);
    });

    it("sends nothing twice that several wait for", async () => {
      await has(ONE, BASH, [], BIG);
      await has(ONE, TOOL, [BASH], BIG);
      site.hosts[ONE]!.sends = 3;
      const carried = await site.clock.until(Promise.all([bring(TWO, BASH), bring(TWO, TOOL), bring(TWO, TOOL)]));
      expect(carried.map((one) => (one.kind === "there" ? one.bytes : -1))).toEqual([BIG, BIG, 0]);
      expect(site.hosts[TWO]!.gotStraight).toEqual([BASH, TOOL]);
    });

    it("goes through the coordinator where one builder does not reach the other, says so once, and tries again later", async () => {
      site.hosts[ONE]!.cannotReach.add("two");
      await has(ONE, BASH, [], BIG);
      await has(ONE, TOOL, [], BIG);
      await has(ONE, GLIBC, [], BIG);
      expect(await site.clock.until(bring(TWO, BASH))).toEqual({ kind: "there", bytes: BIG });
      expect(await site.clock.until(bring(TWO, TOOL))).toEqual({ kind: "there", bytes: BIG });
      expect(site.hosts[TWO]!.got).toEqual([BASH, TOOL]);
      expect(detours).toEqual(["1 2 ssh: connect to host two: Connection refused"]);
      site.hosts[ONE]!.cannotReach.clear();
      await site.clock.until(new Promise<void>((resolve) => void site.clock.after(60, resolve)));
      expect(await site.clock.until(bring(TWO, GLIBC))).toEqual({ kind: "there", bytes: BIG });
      expect(site.hosts[TWO]!.gotStraight).toEqual([GLIBC]);
    });

    it("takes what breaks off with its source from another that has it", async () => {
      await has(ONE, TOOL, [], BIG);
      await has(TWO, TOOL, [], BIG);
      site.hosts[ONE]!.sends = 100;
      site.clock.after(10, () => site.hosts[ONE]!.die());
      const three = 3 as HostId;
      expect(await site.clock.until(bring(three, TOOL))).toEqual({ kind: "there", bytes: BIG });
      expect(site.hosts[three]!.gotStraight).toEqual([]);
      expect(site.hosts[three]!.got).toEqual([TOOL]);
      expect(detours).toEqual([]);
    });
  });
});
