// Published schedules, to the digit, under ideal conduct with processors of their own and links never shared. The cases
// are retyped into test/fixtures/worked.json, each with its source.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Models } from "#model/models.js";
import { meanSeconds, upward } from "#policy/rank.js";
import { type HostSketch, problemOf, type TaskSketch } from "../problem.js";
import { chainsBelow, type ListTask, listSchedule } from "../reference/list-schedule.js";
import { type Run, run } from "../run.js";

interface Case {
  readonly name: string;
  readonly source: string;
  /** [id, cost on each processor] */
  readonly tasks: readonly (readonly number[])[];
  /** [from, to, communication] */
  readonly edges: readonly (readonly [number, number, number])[];
  readonly expected: Readonly<Record<string, number>>;
  readonly upwardRanks?: readonly number[];
  readonly heftSchedule?: Readonly<Record<string, readonly [string, number, number]>>;
}

const CASES = JSON.parse(readFileSync(new URL("../fixtures/worked.json", import.meta.url), "utf8")) as Case[];
const TEXTBOOK: Partial<Models> = { cpu: "dedicated", network: "fixed" };
const IDLE_COORDINATOR: HostSketch = { name: "coordinator", maxJobs: 0 };

/** One-slot machines, or one machine with as many slots. */
function machines(count: number, layout: "hosts" | "slots"): HostSketch[] {
  if (layout === "slots") return [IDLE_COORDINATOR, { name: "M", maxJobs: count, cores: count, coresPerBuild: 1 }];
  return [IDLE_COORDINATOR, ...Array.from({ length: count }, (_, i) => ({ name: `M${i + 1}` }))];
}

function textbook(
  tasks: readonly TaskSketch[],
  hosts: readonly HostSketch[],
  policy: "list" | "heft",
  params: Record<string, unknown> = {},
): Run {
  const done = run(problemOf({ tasks, hosts }), { policy, params, conduct: "ideal", models: TEXTBOOK });
  expect(done.stalled).toBe(0);
  return done;
}

/** Task 7 as "t007": byte order is the order of ids. */
const nameOf = (rank: number): string => `t${String(rank).padStart(3, "0")}`;

describe("HEFT of Topcuoglu, Hariri, Wu 2002, figure 2", () => {
  const paper = CASES.find((one) => one.heftSchedule !== undefined)!;
  const processors = ["P1", "P2", "P3"];
  const problem = problemOf({
    tasks: paper.tasks.map(([id, ...costs]) => ({
      name: nameOf(id!),
      seconds: Object.fromEntries(processors.map((name, p) => [name, costs[p]!])),
    })),
    edges: paper.edges.map(([from, to, bytes]) => ({ from: nameOf(from), to: nameOf(to), bytes })),
    hosts: [IDLE_COORDINATOR, ...processors.map((name) => ({ name, up: 1, down: 1 }))],
    transport: { route: "direct" },
  });

  it("ranks as in the paper's table", () => {
    const mean = meanSeconds(problem);
    const rank = upward(
      problem,
      (t) => mean[t]!,
      (e) => problem.graph.predBytes![e]!,
    );
    for (const [i, published] of paper.upwardRanks!.entries()) {
      expect(rank[problem.graph.names.indexOf(nameOf(i + 1))]).toBeCloseTo(published, 3);
    }
  });

  it("places and times every task as in the paper, and ends at 80", () => {
    const done = run(problem, { policy: "heft", conduct: "ideal", models: TEXTBOOK });
    const schedule = Object.fromEntries(done.rows.map((row) => [String(Number(row.task.slice(1))), [row.host, row.started, row.built]]));
    expect(schedule).toEqual(paper.heftSchedule);
    expect(done.makespan).toBe(paper.expected.HEFT);
  });
});

describe("Graham 1966 and 1969: list schedules with a given list", () => {
  for (const one of CASES) {
    for (const [what, makespan] of Object.entries(one.expected)) {
      const [kind, count, order] = what.split(":");
      if (kind !== "list") continue;
      const list = order!.split(",").map(Number);
      const tasks = one.tasks.map(([id, seconds]) => ({
        name: nameOf(list.indexOf(id!)),
        seconds: seconds!,
        needs: one.edges.filter(([, to]) => to === id).map(([from]) => nameOf(list.indexOf(from))),
      }));
      for (const layout of ["hosts", "slots"] as const) {
        it(`${one.name}, ${count} ${layout}, list ${order}: ${makespan}`, () => {
          expect(textbook(tasks, machines(Number(count), layout), "list", { priority: "name" }).makespan).toBe(makespan);
        });
      }
    }
  }

  for (const one of CASES.filter((candidate) => candidate.name.includes("LPT"))) {
    const [what, makespan] = Object.entries(one.expected)[0]!;
    it(`${one.name}: the longest first finds the list by itself`, () => {
      // Names against the order of length: the priority has to find it.
      const tasks = one.tasks.map(([id, seconds]) => ({ name: nameOf(900 - id!), seconds: seconds! }));
      expect(textbook(tasks, machines(Number(what.split(":")[1]), "hosts"), "list", { priority: "longest" }).makespan).toBe(makespan);
    });
  }
});

describe("list by critical path on identical processors", () => {
  const taskList = fc
    .array(fc.record({ seconds: fc.integer({ min: 0, max: 6 }), inputs: fc.array(fc.nat(30), { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 14,
    })
    .map((drawn): ListTask[] =>
      drawn.map(({ seconds, inputs }, t) => ({ seconds, needs: t === 0 ? [] : [...new Set(inputs.map((input) => input % t))] })),
    );

  it("starts every task as the plain twin does, ties by name, zero-length tasks included", () => {
    fc.assert(
      fc.property(taskList, fc.integer({ min: 1, max: 4 }), fc.constantFrom("hosts", "slots"), (tasks, count, layout) => {
        const rank = chainsBelow(tasks);
        const list = tasks.map((_, t) => t).sort((a, b) => rank[b]! - rank[a]! || a - b);
        const expected = listSchedule(tasks, list, count);
        const sketch = tasks.map(({ seconds, needs }, t) => ({ name: nameOf(t), seconds, needs: needs.map(nameOf) }));
        const done = textbook(sketch, machines(count, layout), "list", { priority: "critical-path" });
        expect(tasks.map((_, t) => done.row(nameOf(t)).started)).toEqual(expected);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("runs a chain of zero-length tasks within one instant", () => {
    const tasks = Array.from({ length: 20 }, (_, t) => ({ name: nameOf(t), seconds: 0, needs: t === 0 ? [] : [nameOf(t - 1)] }));
    const done = textbook(tasks, machines(1, "hosts"), "list");
    expect(done.rows.map((row) => row.task)).toEqual(tasks.map((task) => task.name));
    expect(done.makespan).toBe(0);
  });
});
