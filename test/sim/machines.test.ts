// Hosts on one machine: their builds have no more cores than it, and what Nix does itself there competes with them.
import { describe, expect, it } from "vitest";
import type { ClientSketch, HostSketch, MachineSketch, TaskSketch } from "../problem.js";
import { problemOf } from "../problem.js";
import { conductOf, run } from "../run.js";
import { CONDUCTS } from "#dispatch/conducts.js";
import { ASK_CORES, BUFFERS_GROWN, CHORE_TAKES, copyLoad, START_CORES } from "#model/hosts.js";

const burning = (count: number, work = 10): TaskSketch[] =>
  Array.from({ length: count }, (_, i) => ({ name: `b${i}`, work, maxCores: 1, features: [`h${i}`] }));

/** One build for each host. */
function guests(count: number, host: Partial<HostSketch> = {}): HostSketch[] {
  return Array.from({ length: count }, (_, i) => ({ name: `g${i}`, cores: 4, maxJobs: 1, features: [`h${i}`], on: "box", ...host }));
}

function ideal(tasks: readonly TaskSketch[], builders: readonly HostSketch[], cores: number | null, local: Partial<HostSketch> = {}) {
  const hosts = [{ name: "L", maxJobs: 0, ...local }, ...builders.map((host) => (cores === null ? { ...host, on: undefined } : host))];
  const machines = cores === null ? {} : { machines: { box: cores } };
  return run(problemOf({ tasks, hosts: hosts as HostSketch[], ...machines }), { conduct: CONDUCTS.ideal });
}

describe("builds of hosts on one machine", () => {
  it("share its cores, whatever their hosts promise", () => {
    expect(ideal(burning(4), guests(4), 2).makespan).toBeCloseTo(20, 6);
    expect(ideal(burning(3), guests(3), 2).makespan).toBeCloseTo(15, 6);
  });

  it("are not slower where it has cores for all, to the byte", () => {
    expect(ideal(burning(4), guests(4), 16).digest).toBe(ideal(burning(4), guests(4), null).digest);
  });

  it("never get more than their host's quota, and leave the rest to the others", () => {
    const quotas = guests(3).map((host, i) => ({ ...host, cores: 1, speed: i === 0 ? 0.25 : 1 }));
    const { row } = ideal(burning(3), quotas, 2);
    // 0.25 of a core for the first; the others have 0.875 each, then all that they can use.
    expect(row("b0").built).toBeCloseTo(40, 4);
    expect(row("b1").built).toBeCloseTo(10 / 0.875, 4);
  });

  it("get its whole capacity as long as they can use it, and no more of it the fewer cores it has", () => {
    const tasks = burning(5).map((task, i) => ({ ...task, work: 4 + 3 * i }));
    const work = tasks.reduce((sum, task) => sum + task.work, 0);
    const spans = [1, 2, 3, 4, 5, 6].map((cores) => ideal(tasks, guests(5), cores).makespan);
    expect(spans[0]).toBeCloseTo(work, 4);
    for (const [i, span] of spans.entries()) {
      expect(span).toBeGreaterThanOrEqual(Math.max(work / (i + 1), 16) - 1e-5);
      if (i > 0) expect(span).toBeLessThanOrEqual(spans[i - 1]! + 1e-5);
    }
  });

  it("share a host unevenly as its machine says, differently in each world, and leave none of it unused", () => {
    const tasks = burning(3).map((task) => ({ ...task, features: ["h0"] }));
    const host = guests(1, { cores: 1, maxJobs: 3 }) as HostSketch[];
    const ends = (shareCv: number, seed: number): number[] => {
      const machines = { box: { cores: 2, shareCv } };
      const { row, makespan } = run(problemOf({ tasks, hosts: [{ name: "L", maxJobs: 0 }, ...host], machines }), {
        policy: "nix",
        conduct: CONDUCTS.ideal,
        seed,
      });
      expect(makespan).toBeCloseTo(30, 4);
      return tasks.map(({ name }) => row(name).built);
    };
    for (const end of ends(0, 1)) expect(end).toBeCloseTo(30, 4);
    expect(new Set(ends(0.3, 1)).size).toBe(3);
    expect(ends(0.3, 2)).not.toEqual(ends(0.3, 1));
    const firsts = Array.from({ length: 40 }, (_, seed) => Math.min(...ends(0.3, seed)));
    expect(Math.max(...firsts)).toBeLessThan(30);
  });

  it("take more or less processor time than their work as their machine says, unless their seconds were measured", () => {
    const took = (task: Partial<TaskSketch>): number[] =>
      Array.from({ length: 60 }, (_, seed) => {
        const tasks = burning(1).map((one) => ({ ...one, ...task }));
        const hosts: HostSketch[] = [{ name: "L", maxJobs: 0 }, ...guests(1)];
        return run(problemOf({ tasks, hosts, machines: { box: { cores: 2, workCv: 0.1 } } }), { conduct: CONDUCTS.ideal, seed }).makespan;
      }).sort((a, b) => a - b);
    const worked = took({});
    expect([worked[3]! < 9, worked[30]! > 9.7, worked[30]! < 10.3, worked[56]! > 11]).toEqual([true, true, true, true]);
    expect(new Set(took({ seconds: 10 }))).toEqual(new Set([10]));
  });

  it("leave a host alone that is on none", () => {
    const apart = guests(3).map((host, i) => (i === 2 ? { ...host, on: undefined } : host)) as HostSketch[];
    const { row } = ideal(burning(3), apart, 1);
    expect([row("b0").built, row("b2").built]).toEqual([20, 10]);
  });
});

const { timing, ...conduct } = conductOf("nix[2.8] poll 5", CONDUCTS.ideal);
const STILL = {
  connectCv: 0,
  loadCv: 0,
  configurationCv: 0,
  siteCv: 0,
  wanderCv: 0,
  hookCv: 0,
  startCv: 0,
  noticeCv: 0,
  copyCv: 0,
  copySmooth: 0,
};

/** Nix on a machine of that many cores; its client and its builders share it. */
function nix(
  tasks: readonly TaskSketch[],
  builders: readonly HostSketch[],
  cores: number | MachineSketch,
  local: Partial<HostSketch> = {},
  clients: readonly ClientSketch[] = [],
  chance: Partial<typeof STILL> = {},
) {
  const hosts = [{ name: "L", maxJobs: 0, cores: 2, on: "box", ...local }, ...builders];
  const own = {
    ...timing,
    ...STILL,
    ...chance,
    hookSeconds: 0.1,
    acceptSeconds: 0,
    startSeconds: 0.05,
    returnSeconds: 0,
    noticeSeconds: 0,
  };
  return run(problemOf({ tasks, hosts, clients, machines: { box: cores } }), {
    policy: "nix",
    params: { version: "2.8" },
    conduct: { ...conduct, timing: own },
  });
}

const guest: HostSketch = { name: "A", cores: 1, maxJobs: 3, connect: 0.2, connectCpu: 0.1, on: "box" };

describe("what Nix does on a machine that its builders share", () => {
  const sleep = (name: string): TaskSketch => ({ name, seconds: 3, cpu: 0 });

  it("takes what it takes where nobody else works", () => {
    const { row } = nix([sleep("a"), sleep("b")], [guest], 4);
    expect(row("a").asked).toBeCloseTo(0.1, 6);
    expect(row("a").accepted).toBeCloseTo(0.4, 6);
    expect(row("a").started).toBeCloseTo(0.4 + 0.05 * START_CORES, 6);
    expect(row("b").accepted).toBeCloseTo(0.8, 6);
  });

  it("waits for a slow builder's own part only", () => {
    const { row } = nix([sleep("a")], [{ ...guest, speed: 0.5 }], 4);
    // Alone it meets the quota for three fifths of the time that it would cost who never waits.
    const alone = 1 + 0.6 * (1 / 0.5 - 1);
    expect(row("a").accepted - row("a").asked).toBeCloseTo(0.2 + 0.1 * alone, 6);
    expect(row("a").started - row("a").accepted).toBeCloseTo(0.05 * START_CORES * alone, 6);
  });

  it("takes no longer where the machine's processors are slow at builds: it was measured there", () => {
    const work: TaskSketch = { name: "a", work: 2, maxCores: 1 };
    const fast = nix([work], [{ ...guest, share: 0.5, speed: 0.5 }], 4);
    const slow = nix([work], [{ ...guest, share: 0.5, speed: 0.5 * 0.8 }], 4);
    expect(slow.row("a").started).toBe(fast.row("a").started);
    expect(fast.row("a").built - fast.row("a").started).toBeCloseTo(4, 6);
    expect(slow.row("a").built - slow.row("a").started).toBeCloseTo(5, 6);
    // Of the machine's processors it had half of one.
    expect(slow.trace.coreSeconds[0]).toBeCloseTo(2.5, 6);
  });

  it("waits longer for a builder with a quota the more builds it has: on the machine's processors they use that up, and it queues on one of them", () => {
    const host = { ...guest, share: 0.6, speed: 0.6, maxJobs: 4 };
    const connect = (builds: number): number => {
      const work = Array.from({ length: builds }, (_, i): TaskSketch => ({ name: `a${i}`, work: 20, maxCores: 1 }));
      const { row } = nix([...work, sleep("z")], [host], 2);
      return row("z").accepted - row("z").asked - 0.2;
    };
    const expected = [1 + 0.6 * (1 / 0.6 - 1), 2 / 0.6, (2 * 2) / 0.6].map((times) => 0.1 * times);
    for (const [builds, seconds] of expected.entries()) expect(connect(builds), `${builds}`).toBeCloseTo(seconds, 4);
  });

  it("waits longer for a builder with a quota that has no builds while others keep the machine busy", () => {
    const idle = { ...guest, share: 0.5, speed: 0.5, features: ["idle"] };
    const connect = (work: Partial<TaskSketch>): number => {
      const tasks = [
        { name: "a", ...work },
        { ...sleep("z"), features: ["idle"] },
      ];
      const { row } = nix(tasks, [{ ...guest, name: "B" }, idle], 4);
      return row("z").accepted - row("z").asked;
    };
    // One of four processors is wanted, and where all are it takes half as long again.
    expect(connect({ work: 20, maxCores: 1 }) - connect({ seconds: 20, cpu: 0 })).toBeCloseTo(0.1 * 1.6 * (0.5 / 4), 4);
  });

  it("takes longer to start a hook beside builds, by how many of the processors they want, as its machine says", () => {
    const hook = (work: Partial<TaskSketch>, contention: number): number => {
      const { row } = nix([{ name: "a", ...work }, sleep("b"), sleep("c")], [guest], { cores: 4, contention });
      return row("c").asked - row("b").accepted;
    };
    expect(hook({ seconds: 20, cpu: 0 }, 2)).toBeCloseTo(hook({ seconds: 20, cpu: 0 }, 0), 6);
    // One of four processors is wanted.
    expect(hook({ work: 20, maxCores: 1 }, 2) - hook({ work: 20, maxCores: 1 }, 0)).toBeCloseTo(0.1 * (2 / 4), 4);
  });

  it("does all its own work within the client's quota, where it has one", () => {
    const { row } = nix([sleep("a"), sleep("b")], [guest], 4, { cores: 1, share: 0.5, speed: 0.5 });
    expect(row("a").asked).toBeCloseTo(0.1 * 1.6, 6);
    expect(row("a").accepted - row("a").asked).toBeCloseTo(0.2 * 1.6 + 0.1, 6);
  });

  it("slows a build down as the build slows it down", () => {
    const work: TaskSketch = { name: "a", work: 2, maxCores: 1 };
    const alone = nix([work], [guest], 4).row("a");
    const { row } = nix([work, sleep("b")], [guest], 4);
    expect(alone.built - alone.started).toBeCloseTo(2, 6);
    // The connect's part of 0.1 and the start's, which has one core only, run beside it, at half the core each, and do not use all of that.
    expect(row("a").built - row("a").started).toBeCloseTo(2 + CHORE_TAKES * (0.1 + 0.05 * START_CORES), 4);
    expect(row("b").accepted - row("b").asked).toBeCloseTo(0.2 + 0.2, 4);
  });

  it("is served before local builds once the machine is full, and takes from them what its processes have of the processors", () => {
    const local: TaskSketch[] = ["a", "b"].map((name) => ({ name, work: 5, maxCores: 1, preferLocal: true }));
    const late = { ...sleep("d"), needs: ["c"] };
    const rows = (cores: number) =>
      nix([...local, { ...sleep("c"), seconds: 1 }, late], [guest], cores, { cores: 8, maxJobs: 2, coresPerBuild: 1 }).row;
    const took = (cores: number): number => rows(cores)("a").built - rows(cores)("a").started;
    for (const cores of [2, 8]) expect(rows(cores)("d").accepted - rows(cores)("d").asked, `${cores}`).toBeCloseTo(0.3, 4);
    expect(took(8)).toBeCloseTo(5, 6);
    // Two builds lose alike: by the ask for d with its hook, the builder's part and its start, which has one core only; and by some of c's.
    const chores = 0.1 * ASK_CORES + 0.2 * ASK_CORES + 0.1 + 0.05 * START_CORES;
    expect(took(2)).toBeGreaterThan(5 + (CHORE_TAKES * chores) / 2);
    expect(took(2)).toBeLessThan(5 + CHORE_TAKES * chores);
  });

  it("asks for two clients at once, which takes longer where the machine has no cores for both", () => {
    const asks = (cores: number, names: readonly string[]): number => {
      const clients = names.map((name) => ({ name: `c${name}`, roots: [name], at: 0 }));
      const { row } = nix(names.map(sleep), [{ ...guest, cores: 4, connectCpu: 0 }], cores, { cores: 4 }, clients);
      return row("a").accepted - row("a").asked;
    };
    expect(asks(2, ["a"])).toBeCloseTo(0.2, 4);
    expect(asks(4, ["a", "b"])).toBeCloseTo(0.2, 4);
    expect(asks(2, ["a", "b"])).toBeCloseTo(0.2 * ASK_CORES, 4);
  });

  it("starts a builder beside the hook of the next question, each longer for the other where there are no cores for both", () => {
    const { row } = nix([sleep("a"), sleep("b")], [{ ...guest, cores: 4, connectCpu: 0 }], 2);
    const begun = (name: string): number => row(name).started - row(name).accepted;
    expect(begun("a")).toBeCloseTo(0.05 * START_CORES, 4);
    expect(begun("b")).toBeCloseTo(0.05, 4);
    expect(row("b").asked - row("a").accepted).toBeCloseTo(0.1 + begun("a") * (1 - 1 / ASK_CORES), 4);
  });

  it("copies small outputs in no time, and large ones faster once the buffers of ssh have grown", () => {
    const copying = (output: number): number => {
      const { row } = nix([{ name: "a", seconds: 1, cpu: 0, output }], [{ ...guest, copyUp: 8e6 }], 4);
      return row("a").returned - row("a").built;
    };
    const grown = copying(BUFFERS_GROWN);
    expect(grown).toBeCloseTo(BUFFERS_GROWN / 8e6, 4);
    expect(copying(BUFFERS_GROWN / 4)).toBeCloseTo(grown / 16, 4);
    expect(copying(BUFFERS_GROWN * 4)).toBeLessThan(1.5 * grown);
    for (let bytes = 1e5; bytes < 2e7; bytes *= 1.1) expect(copyLoad(bytes * 1.1)).toBeGreaterThan(copyLoad(bytes));
  });

  it("copies some outputs in a tenth of the time, and the others faster or slower", () => {
    const made = Array.from({ length: 60 }, (_, i): TaskSketch => ({ name: `m${i}`, seconds: 1, cpu: 0, output: 4e6 }));
    const chance = { copyCv: 0.4, copySmooth: 0.3 };
    const { rows } = nix(made, [{ ...guest, maxJobs: 1, copyUp: 8e6 }], 8, {}, [], chance);
    const took = rows.map(({ built, returned }) => returned - built).sort((a, b) => a - b);
    const smooth = took.filter((seconds) => Math.abs(seconds - 0.05) < 1e-4).length;
    expect(smooth).toBeGreaterThan(60 * 0.3 - 10);
    expect(smooth).toBeLessThan(60 * 0.3 + 10);
    const others = took.slice(smooth);
    expect(others[others.length >> 1]! / 0.5).toBeCloseTo(1, 0);
    expect(others.at(-1)! / others[0]!).toBeGreaterThan(2);
  });

  it("copies at the rate of the client's CPU, which copies and asks share", () => {
    const made = (name: string): TaskSketch => ({ name, seconds: 1, cpu: 0, output: 4e6 });
    const rapid = { ...guest, copyUp: 8e6 };
    const [one, both] = [[made("a")], [made("a"), made("b"), made("c")]].map((tasks) => nix(tasks, [rapid], 1).row("a"));
    expect(nix([made("a")], [rapid], 4).row("a").returned - nix([made("a")], [rapid], 4).row("a").built).toBeCloseTo(0.5, 4);
    expect(one!.returned - one!.built).toBeGreaterThan(0.5);
    expect(both!.returned - both!.built).toBeGreaterThan(one!.returned - one!.built);
  });

  it("frees the client when the host dies that it connects to", () => {
    const dying = { ...guest, outages: [[0.25, 1e6]] as const, connectTimeout: 0.05 };
    const { row, makespan } = nix([sleep("a")], [dying, { ...guest, name: "B", speedFactor: 0.5 }], 4);
    expect(row("a").host).toBe("B");
    expect(makespan).toBeLessThan(5);
  });
});
