// What is known of stores, learnt from hosts made of memory: closures in the order in which they can be copied.
import { beforeEach, describe, expect, it } from "vitest";
import type { Stores } from "#live/run/stores.js";
import { problemOf } from "../../problem.js";
import { FakeSite, storePath } from "../fake-site.js";

const [A, B, C, D] = ["a", "b", "c", "d"].map(storePath) as [string, string, string, string];

describe("stores", () => {
  let site: FakeSite;
  let stores: Stores;
  const give = (host: number, path: string, ...references: string[]): void =>
    void site.hosts[host]!.store.set(path, { references, size: 8 });

  beforeEach(async () => {
    site = new FakeSite(problemOf({ tasks: [], hosts: [{ name: "home", maxJobs: 0 }, { name: "one" }, { name: "two" }] }), []);
    await site.clock.until(site.fleet.connect(false));
    stores = site.fleet.stores;
  });

  it("tell closures with each path after what it refers to, itself aside", async () => {
    give(0, A, A);
    give(0, B, A, B);
    give(0, C, A);
    give(0, D, C, B);
    expect(await site.clock.until(stores.closure([D, B]))).toEqual({ ok: true, value: [A, B, C, D] });
  });

  it("ask who has a path for what it refers to", async () => {
    give(1, A);
    give(1, B, A);
    await site.clock.until(stores.look(1, [A, B], false));
    expect(await site.clock.until(stores.closure([B]))).toEqual({ ok: true, value: [A, B] });
  });

  it("name a path that nobody who answers has", async () => {
    give(0, B, A);
    expect(await site.clock.until(stores.closure([B]))).toEqual({ ok: false, why: `no host that answers has ${A}` });
  });

  it("name a holder of all outputs that is up, the first of several", async () => {
    for (const host of [1, 2]) for (const path of [A, B]) give(host, path);
    await site.clock.until(Promise.all([stores.look(1, [A, B], false), stores.look(2, [A, B], false)]));
    expect(stores.holder([A, B])).toBe(1);
    site.hosts[1]!.die();
    await site.clock.until(site.fleet.links[1]!.check());
    expect(stores.holder([A, B])).toBe(2);
    expect(stores.holder([A, C])).toBe(null);
  });
});
