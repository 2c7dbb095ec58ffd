// Laws that hold in every world, whatever the policy: what the models may not break.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heftPlan } from "#policy/heft.js";
import { problemOf, type Sketch, type TaskSketch } from "../problem.js";
import { type Run, type RunOptions, run } from "../run.js";
import { drawnWorld } from "./drawn.js";

const POLICY = fc.constantFrom<RunOptions>(
  { policy: "list" },
  { policy: "fifo" },
  { policy: "heft" },
  { policy: "least-loaded" },
  { policy: "nix", params: { version: "2.8" } },
);
const CONDUCT = fc.constantFrom("ideal", "run", "nix[2.26]", "hydra-cpp");
const RUNS = { seed: 21, numRuns: 150 };

/** Every host with figures changed by one rule. */
function withHosts(sketch: Sketch, change: (host: Sketch["hosts"][number]) => Partial<Sketch["hosts"][number]>): Sketch {
  return { ...sketch, hosts: sketch.hosts.map((host) => ({ ...host, ...change(host) })) };
}

/** Instants of every attempt, by task. */
function instants(done: Run): Record<string, readonly [string, number, number]> {
  return Object.fromEntries(done.rows.map((row) => [row.task, [row.host, row.started, row.built]]));
}

describe("work", () => {
  it("is conserved: a build gets its core-seconds, times slowdown ÷ speed, by shared and by dedicated CPU", () => {
    fc.assert(
      fc.property(
        drawnWorld(),
        POLICY,
        CONDUCT,
        fc.constantFrom("shared" as const, "dedicated" as const),
        (sketch, policy, conduct, cpu) => {
          const done = run(problemOf(sketch), { ...policy, conduct, models: { cpu } });
          for (const row of done.rows) {
            const { work = 0 } = sketch.tasks.find((task) => task.name === row.task)!;
            const { speed = 1 } = sketch.hosts.find((host) => host.name === row.host)!;
            expect(Math.abs(row.coreSeconds - work / speed)).toBeLessThan(1e-4);
          }
        },
      ),
      RUNS,
    );
  });

  it("never gives a host more cores than it has", () => {
    fc.assert(
      fc.property(drawnWorld({ slots: 4 }), POLICY, CONDUCT, (sketch, policy, conduct) => {
        const done = run(problemOf(sketch), { ...policy, conduct });
        for (const { name, cores = 1 } of sketch.hosts) {
          const own = done.rows.filter((row) => row.host === name);
          for (const a of own) {
            for (const b of own) {
              // All work done entirely within [a.started, b.built] fits into the host's cores.
              const within = own.filter((row) => row.started >= a.started && row.built <= b.built);
              const spent = within.reduce((sum, row) => sum + row.coreSeconds, 0);
              expect(spent).toBeLessThanOrEqual(cores * Math.max(0, b.built - a.started) + 1e-4);
            }
          }
        }
      }),
      RUNS,
    );
  });

  it("under ideal conduct and dedicated CPU, doubling speeds and links halves every instant", () => {
    fc.assert(
      fc.property(drawnWorld({ bytes: true }), POLICY, (sketch, policy) => {
        const options = { ...policy, conduct: "ideal", models: { cpu: "dedicated", network: "fixed" } } as const;
        const fast = withHosts(sketch, ({ speed = 1, up = 0, down = 0 }) => ({ speed: 2 * speed, up: 2 * up, down: 2 * down }));
        const once = run(problemOf(sketch), options);
        const twice = run(problemOf({ ...fast, hosts: fast.hosts.map((host, h) => (h === 0 ? sketch.hosts[0]! : host)) }), options);
        expect(twice.makespan).toBe(once.makespan / 2);
        expect(instants(twice)).toEqual(
          Object.fromEntries(Object.entries(instants(once)).map(([task, [host, a, b]]) => [task, [host, a / 2, b / 2]])),
        );
      }),
      RUNS,
    );
  });
});

describe("models that should not matter do not", () => {
  it("shared CPU is dedicated CPU, to the microsecond, where all caps fit", () => {
    fc.assert(
      // `list` is told which of the two it is, and chooses by it.
      fc.property(
        drawnWorld({ bytes: true }),
        POLICY.filter(({ policy }) => policy !== "list"),
        CONDUCT,
        (sketch, policy, conduct) => {
          const roomy = withHosts(sketch, ({ maxJobs = 1 }) => ({ cores: 4 * Math.max(1, maxJobs), coresPerBuild: 4 }));
          const [shared, dedicated] = (["shared", "dedicated"] as const).map((cpu) =>
            run(problemOf(roomy), { ...policy, conduct, models: { cpu } }),
          );
          expect(instants(shared!)).toEqual(instants(dedicated!));
        },
      ),
      RUNS,
    );
  });

  it("max-min = fair = fixed while one copy travels at a time", () => {
    fc.assert(
      fc.property(
        drawnWorld({ bytes: true, slots: 1, hosts: 1 }),
        POLICY,
        fc.constantFrom("run", "nix[2.26]"),
        (sketch, policy, conduct) => {
          // One builder with one slot that sends back what it made before the next build begins: never two copies at once.
          const all = (["maxmin", "fair", "fixed"] as const).map((network) =>
            run(problemOf(sketch), { ...policy, conduct, models: { network } }),
          );
          expect(instants(all[1]!)).toEqual(instants(all[0]!));
          expect(instants(all[2]!)).toEqual(instants(all[0]!));
        },
      ),
      RUNS,
    );
  });

  it("a slowdown of 1 is native, and emulation off is a slowdown of 1", () => {
    fc.assert(
      fc.property(drawnWorld(), POLICY, CONDUCT, (sketch, policy, conduct) => {
        const native = run(problemOf(sketch), { ...policy, conduct });
        const emulated = run(problemOf(withHosts(sketch, () => ({ systems: { "x86_64-linux": 1 } }))), { ...policy, conduct });
        expect(emulated.digest).toBe(native.digest);
      }),
      RUNS,
    );
  });

  it("the order of tasks in the file does not matter", () => {
    fc.assert(
      fc.property(drawnWorld({ bytes: true }), POLICY, CONDUCT, fc.nat(), (sketch, policy, conduct, turn) => {
        const at = turn % sketch.tasks.length;
        const turned = { ...sketch, tasks: [...sketch.tasks.slice(at), ...sketch.tasks.slice(0, at)].reverse() };
        expect(run(problemOf(turned), { ...policy, conduct }).digest).toBe(run(problemOf(sketch), { ...policy, conduct }).digest);
      }),
      RUNS,
    );
  });
});

describe("a plan", () => {
  /** Rows of a HEFT run, each beside its plan. */
  const planned = (sketch: Sketch) => {
    const problem = problemOf({ ...withHosts(sketch, () => ({ latency: 1 })), transport: { route: "direct" } });
    const plan = heftPlan(problem);
    const done = run(problem, { policy: "heft", conduct: "ideal", models: { cpu: "dedicated", network: "fixed" } });
    return Array.from({ length: problem.graph.count }, (_, t) => {
      const { host, started, built } = done.row(problem.graph.names[t]!);
      return { real: [host, started, built], plan: [problem.hosts.names[plan.host[t]!]!, plan.start[t]!, plan.finish[t]!] };
    });
  };

  it("of HEFT is kept to the microsecond under ideal conduct, dedicated CPU, fixed network and exact estimates", () => {
    fc.assert(
      fc.property(drawnWorld({ bytes: true, rows: true, slots: 1 }), (sketch) => {
        for (const { real, plan } of planned(sketch)) expect(real).toEqual(plan);
      }),
      { seed: 22, numRuns: 400 },
    );
  });

  it("ends no build later than planned on hosts with many slots either: one slot is as good as the other", () => {
    fc.assert(
      fc.property(drawnWorld({ bytes: true, rows: true }), (sketch) => {
        for (const { real, plan } of planned(sketch)) {
          expect(real[0]).toBe(plan[0]);
          expect(real[2]).toBeLessThanOrEqual(plan[2] as number);
        }
      }),
      { seed: 23, numRuns: 400 },
    );
  });
});

describe("bytes", () => {
  const MB = 1e6;
  const star = (edges: Sketch["edges"], tasks: readonly TaskSketch[], route: "coordinator" | "direct" = "direct") =>
    problemOf({
      tasks,
      ...(edges && { edges }),
      hosts: [
        { name: "c", maxJobs: 0 },
        { name: "a", systems: { sa: 1 }, maxJobs: 1 },
        { name: "b", systems: { sb: 1 }, maxJobs: 4 },
      ],
      transport: { route },
    });

  it("of an edge are paid once per edge, even between the same two hosts", () => {
    const problem = star(
      [
        { from: "p", to: "x", bytes: 2 * MB },
        { from: "p", to: "y", bytes: 3 * MB },
      ],
      [
        { name: "p", system: "sa", seconds: 1, output: 50 * MB },
        { name: "x", system: "sb", seconds: 1 },
        { name: "y", system: "sb", seconds: 1 },
      ],
    );
    for (const conduct of ["run", "ideal", "nix[2.34]"]) {
      const done = run(problem, { policy: "fifo", conduct });
      expect([done.row("x").bytesIn, done.row("y").bytesIn]).toEqual([2 * MB, 3 * MB]);
    }
  });

  it("of an output are paid once per host, and an edge's own do not stand for them", () => {
    const tasks: TaskSketch[] = [
      { name: "p", system: "sa", seconds: 1, output: 50 * MB },
      ...["x", "y", "z"].map((name, i) => ({ name, system: "sb", seconds: 1, needs: i === 0 ? ["p"] : ["p", "x"] })),
    ];
    for (const conduct of ["run", "ideal", "nix[2.34]"]) {
      const done = run(star(undefined, tasks), { policy: "fifo", conduct });
      expect(["x", "y", "z"].map((name) => done.row(name).bytesIn || 0)).toEqual([50 * MB, 0, 0]);
    }
    const mixed = star(
      [
        { from: "p", to: "x", bytes: MB },
        { from: "x", to: "y" },
        { from: "p", to: "y" },
      ],
      [
        { name: "p", system: "sa", seconds: 1, output: 50 * MB },
        { name: "x", system: "sb", seconds: 1 },
        { name: "y", system: "sb", seconds: 1 },
      ],
    );
    for (const conduct of ["run", "ideal"]) {
      const done = run(mixed, { policy: "fifo", conduct });
      expect([done.row("x").bytesIn, done.row("y").bytesIn]).toEqual([MB, 50 * MB]);
    }
  });

  it("through the coordinator travel twice, back once per build, and never between builders", () => {
    const problem = star(
      undefined,
      [
        { name: "p", system: "sa", seconds: 1, output: 5 * MB },
        { name: "x", system: "sb", seconds: 1, needs: ["p"], output: MB },
      ],
      "coordinator",
    );
    const done = run(problem, { policy: "fifo", conduct: "run" });
    expect([done.row("p").bytesOut, done.row("x").bytesIn, done.row("x").bytesOut]).toEqual([5 * MB, 5 * MB, MB]);
  });
});

describe("not a law", () => {
  it("that a further machine never hurts: Graham's nine tasks take longer on four than on three", () => {
    const tasks = [3, 2, 2, 2, 4, 4, 4, 4, 9].map((seconds, i) => ({
      name: `t${i + 1}`,
      seconds,
      needs: i === 8 ? ["t1"] : i >= 4 ? ["t4"] : [],
    }));
    const on = (count: number): number =>
      run(problemOf({ tasks, hosts: [{ name: "c", maxJobs: 0 }, ...Array.from({ length: count }, (_, i) => ({ name: `m${i}` }))] }), {
        policy: "list",
        params: { priority: "name" },
        conduct: "ideal",
      }).makespan;
    expect([on(3), on(4)]).toEqual([12, 15]);
  });
});
