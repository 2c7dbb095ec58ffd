// `drvfleet run` over a connection that the user's own ssh keeps: when both fail at once, run by kill -9 and that ssh by silence,
// nothing goes on on the host all the same.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { orphans } from "./faults/witness.js";
import { lacksTestbed } from "./needs.js";
import { RunBed } from "./run-bed.js";
import { type Testbed, testbed } from "./testbed/testbed.js";

describe.skipIf(lacksTestbed())("drvfleet run over a lent connection", () => {
  let bed: Testbed;
  let runs: RunBed;
  beforeAll(async () => {
    bed = await testbed({ id: `lent.${process.pid}`, hosts: 1, master: true });
    runs = new RunBed(bed);
  }, 30_000);
  afterAll(() => bed?.down());

  it("leaves nothing that runs when it is killed while the ssh that holds the connection is silent", async () => {
    await bed.in("ai", ["ssh", "aquamarine", "true"]);
    await runs.scenario("lent", [{ name: "long", seconds: 77 }], { aquamarine: 1 });
    const running = runs.start("lent.json", "--out", "lent");
    await runs.until("S", 1);
    expect(await bed.in("ai", ["pkill", "-STOP", "-f", "^ssh: .*mux"])).toMatchObject({ code: 0 });
    running.signal("SIGKILL");
    const rests = (host: string) =>
      vi.waitFor(async () => expect(await orphans(bed, host)).toEqual([]), { timeout: 20_000, interval: 200 });
    // The silent connection itself has an sshd there, which outlives it.
    await vi.waitFor(async () => expect(await bed.in("aquamarine", ["pgrep", "-f", "sleep 77"])).toMatchObject({ code: 1 }), {
      timeout: 20_000,
      interval: 200,
    });
    expect(await bed.in("ai", ["pkill", "-CONT", "-f", "^ssh: .*mux"])).toMatchObject({ code: 0 });
    await bed.in("ai", ["ssh", "-O", "exit", "aquamarine"]);
    await rests("ai");
    await rests("aquamarine");
  }, 60_000);
});
