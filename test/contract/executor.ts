// What every executor owes the dispatcher, as one suite for the simulated and for the live world: the same problem, the
// same policy, and an account of what was decided and what was told. Everything is checked on that account alone.
import { describe, expect, it } from "vitest";
import { compareText } from "#base/order.js";
import type { Problem } from "#model/problem.js";
import { type HostSketch, problemOf, type TaskSketch } from "../problem.js";

/** In the order in which it happened: what the policy decided ("start", "stage") and what the executor told. */
export interface Told {
  readonly what:
    | ("start" | "stage")
    | ("slotFreed" | "ended" | "build failed" | "host failed" | "unfed" | "lost" | "staged" | "not staged" | "hostLost" | "hostBack");
  /** Names; "" where it is about none. */
  readonly task: string;
  readonly host: string;
}

export type PolicyText = "list" | "heft[inputs=ahead]";

export interface Situation {
  readonly problem: Problem;
  readonly policy: PolicyText;
  /** Tasks whose builds fail. */
  readonly failing: readonly string[];
  /** Outputs do not leave the hosts that are lost later, until then. */
  readonly isStuck: boolean;
}

export interface World {
  readonly name: string;
  /** Situations that it does not have, by key of SITUATIONS. */
  readonly except: readonly (keyof typeof SITUATIONS)[];
  play(situation: Situation): Promise<readonly Told[]>;
}

interface Case {
  readonly says: string;
  readonly tasks: readonly TaskSketch[];
  readonly hosts: readonly HostSketch[];
  readonly policy?: PolicyText;
  readonly failing?: readonly string[];
  readonly isStuck?: true;
  /** Tasks that nobody can build. */
  readonly unbuilt?: readonly string[];
  holds?(told: readonly Told[]): void;
}

const task = (name: string, seconds: number, ...needs: string[]): TaskSketch => ({ name, seconds, cpu: 0, needs, output: 1e5 });
const HOME: HostSketch = { name: "home", maxJobs: 0 };
const PAIR: readonly HostSketch[] = [HOME, { name: "one", maxJobs: 2, cores: 2 }, { name: "two", maxJobs: 1 }];
const on = (side: string, sketch: TaskSketch): TaskSketch => ({ ...sketch, features: [side] });
const SIDES: readonly HostSketch[] = [
  HOME,
  { name: "one", maxJobs: 1, features: ["left"] },
  { name: "two", maxJobs: 1, features: ["right"], down: 1e6 },
];
const SPARE: HostSketch = { name: "spare", maxJobs: 1, speed: 0.5, features: ["right"] };
const starts = (told: readonly Told[], name: string): readonly Told[] => told.filter(({ what, task }) => what === "start" && task === name);

const SITUATIONS = {
  calm: {
    says: "builds everything once when nothing goes wrong",
    tasks: [task("a", 3), task("b", 5), task("c", 7), task("d", 2, "a", "b"), task("e", 2, "b", "c"), task("f", 1, "d", "e")],
    hosts: PAIR,
    holds: (told) => expect(told.filter(({ what }) => what === "start").length).toBe(6),
  },
  failing: {
    says: "a build that fails is not tried again, what needs it is never begun, the rest is built",
    tasks: [task("bad", 2), task("behind", 1, "bad"), task("last", 1, "behind"), task("good", 4), task("better", 2, "good")],
    hosts: PAIR,
    failing: ["bad"],
    unbuilt: ["bad", "behind", "last"],
    holds(told) {
      expect(starts(told, "bad").length).toBe(1);
      expect([...starts(told, "behind"), ...starts(told, "last")]).toEqual([]);
    },
  },
  dies: {
    says: "what a lost host was building is built elsewhere, as the fault of no build",
    tasks: [task("a", 10), task("b", 10), task("c", 10), task("d", 3, "a", "b", "c")],
    hosts: [HOME, { name: "one", maxJobs: 2, cores: 2, outages: [[4, Number.POSITIVE_INFINITY]] }, { name: "two", maxJobs: 2, cores: 2 }],
    holds(told) {
      expect(told.filter(({ what }) => what === "host failed").length).toBe(2);
      expect(told.filter(({ what }) => what === "build failed")).toEqual([]);
    },
  },
  back: {
    says: "a host that comes back is given builds again",
    tasks: Array.from({ length: 8 }, (_, i) => task(`t${i}`, 10)),
    hosts: [HOME, { name: "one", maxJobs: 1, outages: [[4, 12]] }, { name: "two", maxJobs: 1 }],
    holds(told) {
      const back = told.findIndex(({ what }) => what === "hostBack");
      expect(back).toBeGreaterThan(0);
      expect(told.slice(back).some(({ what, host }) => what === "start" && host === "one")).toBe(true);
    },
  },
  absent: {
    says: "a host that is down from the start is given nothing",
    tasks: Array.from({ length: 4 }, (_, i) => task(`t${i}`, 3)),
    hosts: [HOME, { name: "one", maxJobs: 2, outages: [[0, Number.POSITIVE_INFINITY]] }, { name: "two", maxJobs: 1 }],
    holds(told) {
      expect(told.filter(({ what, host }) => what === "start" && host === "one")).toEqual([]);
    },
  },
  lost: {
    says: "an output that was lost with its host is built again before what needs it",
    tasks: [task("a", 3), task("b", 3), task("c", 4, "a", "b")],
    hosts: [HOME, { name: "one", maxJobs: 1, outages: [[6, Number.POSITIVE_INFINITY]] }, { name: "two", maxJobs: 1 }],
    isStuck: true,
    holds(told) {
      const lost = told.filter(({ what }) => what === "lost");
      expect(lost.length).toBe(1);
      expect(starts(told, lost[0]!.task).length).toBe(2);
    },
  },
  ahead: {
    says: "an output that the policy sends ahead is there before the build that needs it has a slot, and takes none itself",
    policy: "heft[inputs=ahead]",
    tasks: [on("left", task("made", 2)), on("right", task("long", 9)), on("right", task("used", 1, "made"))],
    hosts: SIDES,
    holds(told) {
      const order = told.filter(({ what, task, host }) => host === "two" && (what !== "start" || task === "used"));
      expect(order.map(({ what, task }) => `${what} ${task}`)).toEqual(["stage made", "staged made", "start used"]);
    },
  },
  aheadLost: {
    says: "what was sent ahead to a host that is lost is told to be there or not, once, and what needs it is built elsewhere",
    policy: "heft[inputs=ahead]",
    tasks: [on("left", task("made", 2)), on("right", task("long", 9)), on("right", task("used", 1, "made"))],
    hosts: [
      ...SIDES.map((host) => (host.name === "two" ? { ...host, outages: [[2.01, Number.POSITIVE_INFINITY]] as const } : host)),
      SPARE,
    ],
    holds: (told) => expect(starts(told, "used").map(({ host }) => host)).toEqual(["spare"]),
  },
} satisfies Readonly<Record<string, Case>>;

export function executes({ name, except, play }: World): void {
  describe(`the executor of ${name}`, () => {
    for (const [key, one] of Object.entries<Case>(SITUATIONS)) {
      if (except.includes(key as keyof typeof SITUATIONS)) continue;
      it(one.says, async () => {
        const problem = problemOf({ tasks: one.tasks, hosts: one.hosts });
        const told = await play({ problem, policy: one.policy ?? "list", failing: one.failing ?? [], isStuck: one.isStuck ?? false });
        everyStartEndsOnce(told);
        slotsAreFreedOnce(told, problem);
        parentsFirst(told, problem);
        nothingStartsWhereNobodyIs(told);
        whatIsSentAheadIsToldOnce(told);
        const unbuilt = one.unbuilt ?? [];
        expect(built(told)).toEqual(problem.graph.names.filter((task) => !unbuilt.includes(task)).toSorted(compareText));
        one.holds?.(told);
      });
    }
  });
}

const ENDS: readonly Told["what"][] = ["ended", "build failed", "host failed", "unfed"];

function everyStartEndsOnce(told: readonly Told[]): void {
  const open = new Set<string>();
  for (const { what, task } of told) {
    if (what === "start") expect(open.has(task), `${task} is started twice`).toBe(false);
    if (what === "start") open.add(task);
    if (ENDS.includes(what)) expect(open.delete(task), `${task}: ${what}, which was not under way`).toBe(true);
  }
  expect([...open], "never ended").toEqual([]);
}

/** By being told so, or with the end of the attempt; never more at once than the host has. */
function slotsAreFreedOnce(told: readonly Told[], { hosts }: Problem): void {
  const on = new Map<string, string>();
  for (const { what, task, host } of told) {
    if (what === "start") {
      on.set(task, host);
      const busy = [...on.values()].filter((other) => other === host).length;
      expect(busy, `${host} has no slot for ${task}`).toBeLessThanOrEqual(hosts.maxJobs[hosts.names.indexOf(host)]!);
    } else if (what === "slotFreed") expect(on.delete(task), `the slot of ${task} is freed twice`).toBe(true);
    else if (what === "ended") expect(on.has(task), `${task} ended in its slot`).toBe(false);
    else if (ENDS.includes(what)) on.delete(task);
  }
  expect([...on.keys()], "slots that nobody freed").toEqual([]);
}

function parentsFirst(told: readonly Told[], { graph }: Problem): void {
  const there = new Set<string>();
  for (const { what, task } of told) {
    if (what === "ended") there.add(task);
    if (what !== "start") continue;
    const t = graph.names.indexOf(task);
    for (let e = graph.predStart[t]!; e < graph.predStart[t + 1]!; e++) {
      const input = graph.names[graph.pred[e]!]!;
      expect(there.has(input), `${task} is started before ${input} has ended`).toBe(true);
    }
  }
}

function whatIsSentAheadIsToldOnce(told: readonly Told[]): void {
  const open = new Set<string>();
  for (const { what, task, host } of told) {
    const key = `${task} to ${host}`;
    if (what === "stage") expect(open.has(key), `${key} is sent twice`).toBe(false);
    if (what === "stage") open.add(key);
    if (what === "staged" || what === "not staged") expect(open.delete(key), `${key} was not sent`).toBe(true);
  }
  expect([...open], "nobody knows what became of it").toEqual([]);
}

function nothingStartsWhereNobodyIs(told: readonly Told[]): void {
  const out = new Set<string>();
  for (const { what, host } of told) {
    if (what === "hostLost") out.add(host);
    if (what === "hostBack") out.delete(host);
    if (what === "start") expect(out.has(host), `a build is started on ${host}, which is lost`).toBe(false);
  }
}

/** Tasks whose last word is that they ended. */
function built(told: readonly Told[]): readonly string[] {
  const there = new Set<string>();
  for (const { what, task } of told) {
    if (what === "ended") there.add(task);
    if (what === "lost") there.delete(task);
  }
  return [...there].sort(compareText);
}
