// Two nix processes on one coordinator: each has its own goals, hook, poll loop and local slots; builders' slots, upload locks
// and the store are shared, so that what one has built or is building the other does not build again. Measured on 2.8.0
// (one slot for two processes), recorded on 2.8.0, 2.26.3 and 2.34.8 (scenarios/recorded/*/two28.*); path locks as read.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nixConduct } from "#dispatch/conducts.js";
import { nixVersion } from "#model/nix-version.js";
import { type ClientSketch, problemOf, type Sketch, type TaskSketch } from "../problem.js";
import { drawnWorld } from "../property/drawn.js";
import { type Row, type Run, run } from "../run.js";
import { nixRun, sleeps, VERSIONS } from "./nix-fleet.js";

const sleep = (name: string, seconds: number, needs: readonly string[] = []): TaskSketch => ({ name, seconds, cpu: 0, needs });
const roomy = [{ name: "A", maxJobs: 9 }];

describe("two Nix clients", () => {
  it("share the slots of a builder: the second finds none, and starts at its next tick, 5.2 s", () => {
    for (const version of VERSIONS) {
      const done = nixRun({
        version,
        local: 0,
        tasks: [sleep("x", 3), sleep("y", 3)],
        builders: [{ name: "A", maxJobs: 1 }],
        clients: [
          { name: "a", roots: ["x"] },
          { name: "b", roots: ["y"], at: 0.1 },
        ],
      });
      expect(done.rows.map(({ client, task }) => [client, task])).toEqual([
        ["a", "x"],
        ["b", "y"],
      ]);
      expect(done.row("y").asked).toBeGreaterThan(5.1);
      expect(done.row("y").asked).toBeLessThan(5.3);
    }
  });

  it("wait for each other's locks by the tick, find the output valid, and go on", () => {
    for (const version of VERSIONS) {
      const done = nixRun({
        version,
        local: 0,
        tasks: [sleep("x", 2), sleep("left", 1, ["x"]), sleep("right", 1, ["x"])],
        builders: roomy,
        clients: [
          { name: "a", roots: ["left"] },
          { name: "b", roots: ["right"], at: 1 },
        ],
      });
      expect(done.rows.map(({ client, task }) => [client, task])).toEqual([
        ["a", "x"],
        ["a", "left"],
        ["b", "right"],
      ]);
      expect(done.row("left").asked).toBeLessThan(2.6);
      expect(done.row("right").ready).toBeCloseTo(6, 1);
      expect(done.row("right").asked - done.row("right").ready).toBeLessThan(0.1);
    }
  });

  it("ask at once for what needs only what was built before they began", () => {
    const done = nixRun({
      version: "2.8",
      local: 0,
      tasks: [sleep("x", 1), sleep("y", 9), sleep("right", 1, ["x"]), sleep("z", 1)],
      builders: roomy,
      clients: [
        { name: "a", roots: ["x", "y"] },
        { name: "b", roots: ["right", "x"], at: 4 },
        { name: "c", roots: ["x"], at: 5 },
      ],
    });
    expect(done.row("right").ready).toBe(4);
    expect(done.row("right").asked).toBeLessThan(4.1);
    expect(done.rows.map(({ client }) => client)).toEqual(["a", "a", "b"]);
    expect(done.stalled).toBe(0);
  });

  it("build for themselves what the other failed to build", () => {
    const problem = problemOf({
      tasks: [sleep("x", 2), sleep("right", 1, ["x"])],
      hosts: [{ name: "L", maxJobs: 0 }, ...roomy],
      clients: [
        { name: "a", roots: ["x"] },
        { name: "b", roots: ["right"], at: 1 },
      ],
    });
    const failures = { rate: 0.5, mayFail: Uint8Array.from(problem.graph.names, (name) => (name === "x" ? 1 : 0)), after: 1 };
    const known = { ...conduct, timing: { ...timing, siteCv: 0 } };
    const worlds = Array.from({ length: 20 }, (_, i) =>
      run(problem, { policy: "nix", params: { version: "2.8" }, conduct: known, seed: i + 1, failures }),
    );
    const retold = worlds.filter((world) => world.rows.filter(({ task }) => task === "x").length === 2);
    expect(retold.length).toBeGreaterThan(2);
    for (const world of retold) {
      expect(world.rows.filter(({ task }) => task === "x").map(({ client, attempt }) => [client, attempt])).toEqual([
        ["a", 1],
        ["b", 2],
      ]);
      expect(world.rows[1]!.asked).toBeCloseTo(6, 1);
    }
  });

  it("have local slots of their own: -j is each process's", () => {
    const done = nixRun({
      version: "2.8",
      local: 1,
      tasks: sleeps(4, 2),
      builders: [],
      clients: [
        { name: "a", roots: ["n01", "n02"] },
        { name: "b", roots: ["n03", "n04"] },
      ],
    });
    expect(done.makespan).toBeLessThan(4.2);
    expect(done.rows.map(({ client, task, slot }) => [client, task, slot])).toEqual([
      ["a", "n01", 0],
      ["b", "n03", 1],
      ["a", "n02", 0],
      ["b", "n04", 1],
    ]);
  });

  it("learn each for itself that a machine is dead, and neither loses what the other asked meanwhile", () => {
    const done = nixRun({
      version: "2.8",
      local: 0,
      tasks: sleeps(4, 1),
      builders: [
        { name: "A", maxJobs: 3, speedFactor: 9, outages: [[0, 1e9]], connectTimeout: 5 },
        { name: "R", maxJobs: 9 },
      ],
      clients: [
        { name: "a", roots: ["n01", "n02"] },
        { name: "b", roots: ["n03", "n04"], at: 2 },
      ],
    });
    expect(done.rows.map(({ client, task, host }) => [client, task, host])).toEqual([
      ["a", "n01", "R"],
      ["b", "n03", "R"],
      ["a", "n02", "R"],
      ["b", "n04", "R"],
    ]);
    expect(done.trace.spans.filter(({ kind, host }) => kind === "dispatch" && host === 1)).toHaveLength(4);
    expect(done.row("n04").built - done.row("n04").started).toBeCloseTo(1, 5);
  });

  it("are one scheduler's business under any other scheme", () => {
    const sketch: Sketch = {
      tasks: [sleep("x", 3), sleep("left", 1, ["x"]), sleep("right", 1, ["x"])],
      hosts: [{ name: "L", maxJobs: 0 }, ...roomy],
    };
    const clients = [
      { name: "a", roots: ["left"] },
      { name: "b", roots: ["right"], at: 1 },
    ];
    const apart = run(problemOf({ ...sketch, clients }), { policy: "list" });
    expect(apart.trace.clients).toEqual([]);
    expect(apart.digest).toBe(
      run(problemOf({ ...sketch, tasks: sketch.tasks.map((task) => ({ ...task, arrival: task.name === "right" ? 1 : 0 })) })).digest,
    );
  });
});

/** Nix without chance, so that laws are exact. */
const conduct = nixConduct(nixVersion("2.8")!);
const { timing } = conduct;
const steady = {
  ...conduct,
  timing: { ...timing, connectCv: 0, loadCv: 0, configurationCv: 0, siteCv: 0, wanderCv: 0, hookCv: 0, startCv: 0 },
};
const nix = (sketch: Sketch, seed = 1): Run => run(problemOf(sketch), { policy: "nix", params: { version: "2.8" }, conduct: steady, seed });

/** A drawn graph whose last tasks are divided among two clients that begin at odd instants. */
const shared = fc
  .tuple(drawnWorld({ tasks: 14, hosts: 3 }), fc.integer({ min: 0, max: 9000 }), fc.boolean())
  .map(([world, late, halves]): Sketch & { clients: readonly ClientSketch[] } => {
    const names = world.tasks.map(({ name }) => name);
    const roots = (k: number) => names.filter((_, t) => t % 2 === k || (halves && t > names.length - 4));
    const hosts = world.hosts.map((host) => ({ ...host, connect: 0.2, speed: 1, maxJobs: host.maxJobs ?? 1 }));
    return {
      ...world,
      hosts,
      clients: [
        { name: "a", roots: roots(0) },
        { name: "b", roots: names.length === 1 ? names : roots(1), at: late / 1000 + 0.000137 },
      ],
    };
  });

describe("laws of clients", () => {
  it("everything that anybody wants is built once, and no slot is held twice", () => {
    fc.assert(
      fc.property(shared, (sketch) => {
        const done = nix(sketch);
        expect(done.stalled).toBe(0);
        expect(done.rows.map(({ task }) => task).toSorted()).toEqual(sketch.tasks.map(({ name }) => name).toSorted());
        for (const host of sketch.hosts) expect(mostAtOnce(done.rows, host.name)).toBeLessThanOrEqual(host.maxJobs ?? 1);
        for (const { name, needs = [] } of sketch.tasks)
          for (const input of needs) expect(done.row(name).asked).toBeGreaterThanOrEqual(done.row(input).slotFreed);
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  it("on graphs and builders of their own they are as if alone", () => {
    fc.assert(
      fc.property(drawnWorld({ tasks: 8, hosts: 2 }), drawnWorld({ tasks: 8, hosts: 2 }), fc.constantFrom(0, 3.5), (one, other, at) => {
        const own = [mine(one, "l"), mine(other, "r")] as const;
        const both = nix({
          tasks: own.flatMap(({ tasks }) => tasks),
          hosts: [one.hosts[0]!, ...own.flatMap(({ hosts }) => hosts.slice(1))],
          clients: own.map(({ tasks }, k) => ({ name: "ab"[k]!, roots: tasks.map(({ name }) => name), at: k * at })),
        });
        for (const [k, sketch] of own.entries()) {
          const alone = nix({ ...sketch, tasks: sketch.tasks.map((task) => ({ ...task, arrival: k * at })) });
          expect(both.rows.filter(({ client }) => client === "ab"[k]).map(told)).toEqual(alone.rows.map(told));
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it("other names change nothing but who goes first at one instant", () => {
    fc.assert(
      fc.property(shared, (sketch) => {
        const renamed = nix({ ...sketch, clients: sketch.clients.map((one) => ({ ...one, name: one.name === "a" ? "z" : one.name })) });
        const before = nix(sketch);
        fc.pre(sketch.clients[1]!.at! > 0.01 && !isTied(before));
        expect(renamed.rows.map(told)).toEqual(before.rows.map(told));
        expect(renamed.rows.map(({ client }) => client)).toEqual(before.rows.map(({ client }) => (client === "a" ? "z" : client)));
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it("one client with a name is one without", () => {
    fc.assert(
      fc.property(shared, ({ clients: _, ...sketch }) => {
        const named = nix({ ...sketch, clients: [{ name: "a", roots: sketch.tasks.map(({ name }) => name) }] });
        expect(named.digest).toBe(nix({ ...sketch, tasks: sketch.tasks.map((task) => ({ ...task, root: true })) }).digest);
      }),
      { numRuns: 40, seed: 13 },
    );
  });
});

function told({ client: _, slot: __, ...rest }: Row) {
  return rest;
}

/** Names and hosts of its own; every task is asked for by name. */
function mine({ tasks, hosts }: Sketch, mark: string): { tasks: TaskSketch[]; hosts: Sketch["hosts"] } {
  const own = (name: string) => `${mark}${name}`;
  return {
    tasks: tasks.map((task) => ({
      ...task,
      name: own(task.name),
      needs: (task.needs ?? []).map(own),
      system: `${mark}-linux`,
      root: true,
    })),
    hosts: hosts.map((host, h) =>
      h === 0 ? { ...host, systems: {} } : { ...host, name: own(host.name), connect: 0.2, systems: { [`${mark}-linux`]: 1 } },
    ),
  };
}

/** Two clients asked, or noticed, at one instant. */
function isTied({ rows }: Run): boolean {
  const at = (client: string) =>
    new Set(rows.filter((row) => row.client === client).flatMap(({ asked, slotFreed, noticed }) => [asked, slotFreed, noticed]));
  const mine = at("a");
  return [...at("b")].some((instant) => mine.has(instant));
}

function mostAtOnce(rows: readonly Row[], host: string): number {
  const held = rows.filter((row) => row.host === host);
  return Math.max(0, ...held.map((one) => held.filter(({ asked, slotFreed }) => asked <= one.asked && one.asked < slotFreed).length));
}
