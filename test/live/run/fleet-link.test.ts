// Hosts that refuse, fall silent, die and come back, made of memory: what is told of them, when they are tried again, and
// what they are known to have afterwards.
import { beforeEach, describe, expect, it } from "vitest";
import type { HostId } from "#base/units.js";
import { problemOf } from "../../problem.js";
import { FakeProgram } from "../fake-fleet.js";
import type { Session } from "#live/host/session.js";
import { FakeSite, storePath } from "../fake-site.js";

const ONE = 1 as HostId;
const A = storePath("a");
const raise = (): never => {
  throw new Error("no session");
};

describe("the link to a host", () => {
  let site: FakeSite;
  let told: string[];
  const pass = (seconds: number) => site.clock.until(new Promise<void>((resolve) => void site.clock.after(seconds, resolve)));

  beforeEach(() => {
    site = new FakeSite(
      problemOf({
        tasks: [],
        hosts: [
          { name: "home", maxJobs: 0 },
          { name: "one", maxJobs: 2 },
        ],
      }),
      [],
    );
    told = [];
    const at = (): number => site.clock.now() / 1e6;
    site.fleet.watcher = {
      lost: (host, why) => told.push(`${at()} s: ${host} lost: ${why}`),
      back: (host) => told.push(`${at()} s: ${host} back`),
    };
  });

  it("that refuses is tried again after 1, 2, 4 … s, and told to be back once", async () => {
    site.hosts[ONE]!.die();
    await site.clock.until(site.fleet.connect(false));
    expect(site.fleet.out).toEqual([null, "ssh: connect to host one: Connection refused"]);
    site.clock.after(5, () => site.hosts[ONE]!.rise());
    await pass(30);
    expect(told).toEqual(["0 s: 1 lost: ssh: connect to host one: Connection refused", "7 s: 1 back"]);
    expect(site.fleet.out).toEqual([null, null]);
  });

  it("that is silent from the start is given up after 20 s, and the others are not waited with", async () => {
    site.hosts[ONE]!.power = "silent";
    await site.clock.until(site.fleet.connect(false));
    expect(told).toEqual(["20 s: 1 lost: no answer in 20 s"]);
    expect(site.fleet.links.map(({ up }) => up)).toEqual([true, false]);
  });

  it.each([
    [false, 4],
    [true, 6],
  ])(
    "has, once builds have begun, connections for questions, small copies, and each build at once; when something large is expected (%s) two for that",
    async (isBulky, all) => {
      if (isBulky) site.fleet.expectBulk();
      await site.clock.until(site.fleet.connect(false));
      expect(site.hosts[ONE]!.programs.size).toBe(1);
      site.fleet.begun();
      await pass(2);
      expect(site.hosts[ONE]!.programs.size).toBe(all);
    },
  );

  it("that is silent from the start is not waited for when another can build, and joins once it answers, with what it has", async () => {
    const two = [
      { name: "home", maxJobs: 0 },
      { name: "one", maxJobs: 2 },
      { name: "two", maxJobs: 1 },
    ];
    const site = new FakeSite(problemOf({ tasks: [], hosts: two }), []);
    site.hosts[ONE]!.power = "silent";
    await site.clock.until(site.fleet.connect(false));
    expect(site.clock.now()).toBe(3e6);
    expect(site.fleet.out).toEqual([null, "no answer in 3 s", null]);
    site.fleet.interest = [A];
    site.hosts[ONE]!.store.set(A, { references: [], size: 8 });
    site.hosts[ONE]!.power = "up";
    expect(await site.clock.until(site.fleet.awaitBack(ONE, 30))).toBe(true);
    expect(site.fleet.out).toEqual([null, null, null]);
    expect([...site.fleet.stores.has[ONE]!]).toEqual([A]);
  });

  it("that falls silent is lost once a question of it is not answered in 30 s", async () => {
    await site.clock.until(site.fleet.connect(false));
    site.hosts[ONE]!.power = "silent";
    expect(await site.clock.until(site.fleet.links[ONE]!.check())).toBe(false);
    expect(told).toEqual(["30 s: 1 lost: no answer in 30 s"]);
  });

  it("that dies ends its connections; when it is back, it is asked for what it had and for what it may have made", async () => {
    await site.clock.until(site.fleet.connect(false));
    const { store } = site.hosts[ONE]!;
    store.set(A, { references: [], size: 8 });
    await site.clock.until(site.fleet.stores.look(ONE, [A], false));
    site.fleet.interest = [storePath("b")];
    site.hosts[ONE]!.die();
    await pass(0.1);
    const later = site.fleet.awaitBack(ONE, 20);
    store.clear();
    store.set(storePath("b"), { references: [], size: 8 });
    site.clock.after(2, () => site.hosts[ONE]!.rise());
    expect(await site.clock.until(later)).toBe(true);
    expect([...site.fleet.stores.has[ONE]!]).toEqual([storePath("b")]);
  });

  it("is not waited for longer than was said", async () => {
    await site.clock.until(site.fleet.connect(false));
    site.hosts[ONE]!.die();
    await pass(0.5);
    expect(await site.clock.until(site.fleet.awaitBack(ONE, 3))).toBe(false);
    expect(site.clock.now()).toBe(3.5e6);
  });

  it("rests when its disk is full: told as lost, back after a minute, its connections kept", async () => {
    await site.clock.until(site.fleet.connect(false));
    site.fleet.rest(ONE, "No space left on device");
    const { size } = site.hosts[ONE]!.programs;
    await pass(100);
    expect(told).toEqual(["0 s: 1 lost: No space left on device", "60 s: 1 back"]);
    expect(site.hosts[ONE]!.programs.size).toBe(size);
  });

  it("has connections for something large only after those of the first builds", async () => {
    site.fleet.expectBulk();
    await site.clock.until(site.fleet.connect(false));
    const first = site.fleet.links[ONE]!.take(null);
    site.fleet.begun();
    expect(site.hosts[ONE]!.programs.size).toBe(2);
    expect((await site.clock.until(first)).ok).toBe(true);
    await pass(0.1);
    expect(site.hosts[ONE]!.programs.size).toBe(4);
  });

  describe("when all that is left is being built", () => {
    let session: Session;
    beforeEach(async () => {
      await site.clock.until(site.fleet.connect(false));
      site.fleet.begun();
      await pass(2);
      const taken = await site.fleet.links[ONE]!.take(null);
      session = taken.ok ? taken.value : raise();
    });

    it("keeps there what the builds have and what brings home what they make, and lets that go with them", async () => {
      site.fleet.lastBuilds(new Set([ONE]));
      await pass(0.1);
      expect(site.hosts[ONE]!.programs.size).toBe(3);
      site.fleet.links[ONE]!.give(session);
      site.fleet.lastBuilds(new Set());
      await pass(0.1);
      expect([site.hosts[ONE]!.programs.size, site.fleet.links[ONE]!.up, told]).toEqual([1, true, []]);
    });

    it("still takes a build that is lost elsewhere, and keeps no connection for another", async () => {
      site.fleet.lastBuilds(new Set());
      site.fleet.links[ONE]!.give(session);
      const again = await site.clock.until(site.fleet.links[ONE]!.take(null));
      expect(again.ok).toBe(true);
      if (again.ok) site.fleet.links[ONE]!.give(again.value);
      await pass(3);
      expect(site.hosts[ONE]!.programs.size).toBe(1);
    });
  });

  it("leaves no program anywhere when it is closed", async () => {
    await site.clock.until(site.fleet.connect(false));
    site.fleet.begun();
    await pass(2);
    expect(site.hosts.map(({ programs }) => programs.size)).toEqual([2, 4]);
    await site.clock.until(site.fleet.close());
    expect(site.hosts.map(({ programs }) => programs.size)).toEqual([0, 0]);
  });

  it("waits for nothing once it is closed: not for a greeting either", async () => {
    const hosts = ["home", "one", "two"].map((name, h) => ({ name, maxJobs: h }));
    const site = new FakeSite(problemOf({ tasks: [], hosts }), []);
    site.hosts[ONE]!.power = "silent";
    await site.clock.until(site.fleet.connect(false));
    expect(site.hosts[ONE]!.programs.size).toBe(1);
    await site.clock.until(site.fleet.close());
    expect(site.clock.now()).toBeLessThan(4e6);
    expect(site.hosts.map(({ programs }) => programs.size)).toEqual([0, 0, 0]);
  });

  it("waits for nothing once it is closed: neither for a host that rests nor for one that is to be tried again", async () => {
    await site.clock.until(site.fleet.connect(false));
    site.fleet.rest(ONE, "No space left on device");
    site.hosts[ONE]!.die();
    await pass(0.1);
    expect(site.clock.pending).toBeGreaterThan(0);
    await site.clock.until(site.fleet.close());
    expect(site.clock.pending).toBe(0);
  });

  describe("over a connection that the user's own ssh keeps", () => {
    const LENT = "/home/u/.ssh/one";
    beforeEach(() => void site.lent.set("one", LENT));

    it("needs none of its own", async () => {
      await site.clock.until(site.fleet.connect(false));
      site.fleet.begun();
      await pass(2);
      expect(site.sharing(ONE)).toEqual([LENT, LENT, LENT]);
    });

    describe("lets what answers questions build", () => {
      let first: Session;
      beforeEach(async () => {
        await site.clock.until(site.fleet.connect(false));
        const taken = await site.fleet.links[ONE]!.take(null);
        first = taken.ok ? taken.value : raise();
      });

      it("without a connection more, and opens another for the next question", async () => {
        expect(site.sharing(ONE)).toEqual([LENT]);
        expect(await site.clock.until(site.fleet.links[ONE]!.check())).toBe(true);
        expect(site.sharing(ONE)).toEqual([LENT, LENT]);
      });

      it("and when that breaks, the host is lost", async () => {
        site.hosts[ONE]!.die();
        await pass(0.1);
        expect(told).toEqual(["0 s: 1 lost: the connection ended"]);
      });

      it("and when that build is cancelled, the host is not lost", async () => {
        await site.clock.until(site.fleet.links[ONE]!.end(first));
        await pass(1);
        expect(told).toEqual([]);
        expect(site.fleet.links[ONE]!.up).toBe(true);
      });

      it("and when it goes because another grant is wanted, the host is not lost", async () => {
        const link = site.fleet.links[ONE]!;
        link.give(first);
        await site.clock.until(link.take(7));
        await pass(1);
        expect([told, link.up, first.alive]).toEqual([[], true, false]);
      });

      it("and a host that falls silent meanwhile is lost as soon as otherwise", async () => {
        site.hosts[ONE]!.power = "silent";
        await pass(25);
        expect(told).toEqual(["20 s: 1 lost: no answer in 15 s"]);
      });
    });

    it("keeps what answers questions while it answers", async () => {
      await site.clock.until(site.fleet.connect(false));
      const link = site.fleet.links[ONE]!;
      const answer = link.valid([]);
      await site.clock.until(link.take(null));
      expect((await answer).ok).toBe(true);
      expect(site.sharing(ONE)).toEqual([LENT, LENT]);
    });

    it("that leads nowhere has its own after 2 s", async () => {
      site.dead.add(LENT);
      await site.clock.until(site.fleet.connect(false));
      expect(site.clock.now()).toBe(2e6);
      site.fleet.begun();
      await pass(2);
      expect(site.sharing(ONE)).toEqual(new Array(4).fill("/nowhere/1"));
    });

    it("that falls silent under a question is lost 15 s later", async () => {
      await site.clock.until(site.fleet.connect(false));
      await pass(1);
      site.hosts[ONE]!.power = "silent";
      void site.fleet.links[ONE]!.valid([]);
      await pass(14);
      expect(told).toEqual([]);
      await pass(2);
      expect(told).toEqual(["16 s: 1 lost: no answer in 15 s"]);
    });

    it("that falls silent is lost 5 + 15 s later though nobody asks it anything, and comes back over its own", async () => {
      await site.clock.until(site.fleet.connect(false));
      await pass(11);
      expect(told).toEqual([]);
      site.hosts[ONE]!.power = "silent";
      await pass(20);
      expect(told).toEqual(["30 s: 1 lost: no answer in 15 s"]);
      site.hosts[ONE]!.power = "up";
      expect(await site.clock.until(site.fleet.awaitBack(ONE, 30))).toBe(true);
      await pass(1);
      expect(new Set(site.sharing(ONE))).toEqual(new Set(["/nowhere/1"]));
    });

    it("that falls silent for good is not what the guard waits for: it cleans up over its own", async () => {
      await site.clock.until(site.fleet.connect(false));
      await pass(1);
      site.dead.add(LENT);
      site.hosts[ONE]!.power = "silent";
      await pass(20);
      expect(told).toEqual(["20 s: 1 lost: no answer in 15 s"]);
      const left = new FakeProgram([]);
      left.command = "env DRVFLEET_SESSION=test/one/2. nix-store --serve";
      site.hosts[ONE]!.programs.add(left);
      site.hosts[ONE]!.power = "up";
      await site.clock.until(site.fleet.close());
      await pass(1);
      expect(left.input.destroyed).toBe(true);
    });
  });
});
