// Outputs that travel ahead of the builds that need them: what that is worth, that nothing travels twice, that builds go
// first, and that it is only an engine's that can.
import { describe, expect, it } from "vitest";
import { CONDUCTS } from "#dispatch/conducts.js";
import type { Conduct } from "#dispatch/conduct.js";
import { problemOf, type HostSketch, type TaskSketch } from "../problem.js";
import { type Run, run } from "../run.js";

const FREE: Conduct = { ...CONDUCTS.run, timing: { ...CONDUCTS.run.timing, acceptSeconds: 0, startSeconds: 0, startCv: 0 } };
const HOSTS: readonly HostSketch[] = [
  { name: "home", maxJobs: 0 },
  { name: "one", features: ["left"] },
  { name: "two", features: ["right"], down: 10 },
];
const left = (name: string, seconds: number, more: Partial<TaskSketch> = {}): TaskSketch => ({
  name,
  seconds,
  output: 100,
  features: ["left"],
  ...more,
});
const right = (name: string, seconds: number, more: Partial<TaskSketch> = {}): TaskSketch => ({
  name,
  seconds,
  features: ["right"],
  ...more,
});
/** 100 bytes at 10 bytes a second. */
const CARRY = 10;

function played(
  inputs: "ahead" | "on-start",
  tasks: readonly TaskSketch[],
  more: { hosts?: readonly HostSketch[]; conduct?: Conduct } = {},
): Run {
  const problem = problemOf({ tasks, hosts: more.hosts ?? HOSTS });
  return run(problem, { policy: "heft", params: { inputs }, conduct: more.conduct ?? FREE });
}

describe("outputs sent ahead", () => {
  const BUSY = [left("made", 2), right("long", 15), right("used", 1, { needs: ["made"] })];

  it("are there when the slot is, which then waits for no copy", () => {
    expect(played("on-start", BUSY).row("used").started).toBe(15 + CARRY);
    const ahead = played("ahead", BUSY).row("used");
    expect([ahead.asked, ahead.started, ahead.bytesIn]).toEqual([15, 15, 0]);
  });

  it("are waited for by a build that begins while they are under way, and come once", () => {
    const { row } = played("ahead", [left("made", 2), right("long", 6), right("used", 1, { needs: ["made"] })]);
    expect([row("used").asked, row("used").started, row("used").bytesIn]).toEqual([6, 2 + CARRY, 0]);
  });

  it("come one at a time to a host, in the order of their ends, behind builds that wait for theirs", () => {
    const { row } = played("ahead", [
      left("first", 1),
      left("second", 1, { needs: ["first"] }),
      right("long", 12, { source: 50 }),
      right("used", 1, { needs: ["first", "second"] }),
    ]);
    // 5 s for the sources of what begins at once, then one output after the other; the second goes with the build.
    expect(row("long").started).toBe(5);
    expect([row("used").asked, row("used").started, row("used").bytesIn]).toEqual([17, 5 + 2 * CARRY, 0]);
  });

  it("are not sent by an engine that copies for builds alone", () => {
    const conduct = { ...FREE, name: "hook" };
    expect(played("ahead", BUSY, { conduct }).digest).toBe(played("on-start", BUSY, { conduct }).digest);
  });

  it("that were on their way to a host which is lost go with the build once it is back", () => {
    const hosts = HOSTS.map((host) => (host.name === "two" ? { ...host, outages: [[4, 20]] as const } : host));
    const { row, stalled } = played("ahead", BUSY, { hosts });
    expect(stalled).toBe(0);
    expect(row("used").bytesIn).toBe(100);
  });

  it("bring along what lies behind them where that has to travel", () => {
    const tasks = [left("lib", 1), left("made", 1, { needs: ["lib"] }), right("long", 30), right("used", 1, { needs: ["made"] })];
    const problem = problemOf({ tasks, hosts: HOSTS, transport: { closure: "transitive" } });
    const one = (inputs: string) => run(problem, { policy: "heft", params: { inputs }, conduct: FREE }).row("used");
    expect([one("on-start").started, one("on-start").bytesIn]).toEqual([30 + 2 * CARRY, 200]);
    expect([one("ahead").started, one("ahead").bytesIn]).toEqual([30, 0]);
  });

  it("go from the builder that made them where routes are direct", () => {
    const slow = HOSTS.map((host) => (host.name === "home" ? { ...host, up: 1, down: 1 } : host));
    const problem = problemOf({ tasks: BUSY, hosts: slow, transport: { route: "direct" } });
    const done = run(problem, { policy: "heft", params: { inputs: "ahead" }, conduct: FREE });
    expect(done.row("used").started).toBe(15);
  });
});
