// The queue without hosts and without Nix: a planner from sketches, a policy that takes the longest chain first.
import { describe, expect, it } from "vitest";
import type { HostId, Instant } from "#base/units.js";
import { AgentQueue, type Plan, type Request } from "#live/agent/queue.js";
import { orderBy } from "#policy/rank.js";
import { PLACEMENT } from "#policy/placement.js";
import { queueing } from "#policy/queueing.js";
import { problemOf, type TaskSketch } from "../../problem.js";

const HOSTS = [
  { name: "ai", maxJobs: 0 },
  { name: "ruby", maxJobs: 1, up: 1e8 },
  { name: "kana", maxJobs: 1, up: 1e8 },
];
const RUBY = 1 as HostId;
const KANA = 2 as HostId;

const at = (seconds: number): Instant => (seconds * 1e6) as Instant;
const ask = (key: string, barred: readonly string[] = []): Request => ({
  ...{ key, drv: key, system: "x86_64-linux", features: [], barred, client: 1 },
});

/** `known`: what is known to come besides what is asked. */
function queueOf(known: readonly TaskSketch[]): { queue: AgentQueue; plans: () => number } {
  let plans = 0;
  const queue = new AgentQueue((requests): Plan => {
    plans++;
    const keys = new Set(requests.map(({ key }) => key));
    const tasks = [
      ...requests.map(({ key }) => ({ ...known.find(({ name }) => name === key), name: key, needs: [], seconds: 1 })),
      ...known.filter(({ name }) => !keys.has(name)),
    ];
    const names = new Set(tasks.map(({ name }) => name));
    const made = problemOf({
      tasks: tasks.map((task) => ({ ...task, seconds: task.seconds ?? 1, needs: (task.needs ?? []).filter((need) => names.has(need)) })),
      hosts: HOSTS,
    });
    const { denied } = made.demand;
    for (const { key, barred } of requests)
      for (const [h, { name }] of HOSTS.entries()) {
        const task = made.graph.keys.indexOf(key);
        if (barred.includes(name)) denied[made.tasks.classOf[task]! * HOSTS.length + h] = 4;
      }
    const problem = { ...made, arrival: new Float64Array(made.graph.count).fill(Number.POSITIVE_INFINITY) };
    const isFed = (key: string): boolean =>
      !keys.has(key) && known.find(({ name }) => name === key)!.needs?.every((n) => names.has(n)) !== false;
    const fed = Uint8Array.from(made.graph.keys, (key) => (isFed(key) ? 1 : 0));
    const policy = queueing(problem, orderBy(problem, "critical-path"), PLACEMENT["earliest-finish"](problem));
    return { problem, policy, policyName: "list", prefer: [], sharedCores: false, fed };
  });
  return { queue, plans: () => plans };
}

describe("the queue of the agent", () => {
  it("places what is asked while hosts have slots, and the rest as they become free", () => {
    const { queue } = queueOf([]);
    for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toEqual([
      { key: "a", host: RUBY, seconds: 1 },
      { key: "b", host: KANA, seconds: 1 },
    ]);
    queue.built("a", at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "c", host: RUBY }]);
  });

  it("starts first what a long chain waits for, though nobody has asked for the chain yet", () => {
    const { queue } = queueOf([
      { name: "x", needs: ["c"] },
      { name: "y", needs: ["x"], seconds: 9 },
    ]);
    for (const key of ["a", "b"]) queue.ask(ask(key), at(0));
    queue.settle(at(0));
    for (const key of ["bb", "c"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toEqual([]);
    queue.built("a", at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "c", host: RUBY }]);
  });

  it("holds a slot for what Nix is about to ask for, where that comes first, and begins it when it is asked for", () => {
    const { queue } = queueOf([
      { name: "a", seconds: 1 },
      { name: "long", seconds: 9 },
    ]);
    queue.ask(ask("a"), at(0));
    const { starts, wakeAt } = queue.settle(at(0));
    expect(starts).toMatchObject([{ key: "a", host: KANA }]);
    expect(wakeAt).toBe(at(1));
    queue.ask(ask("b"), at(0.1));
    expect(queue.settle(at(0.1)).starts).toEqual([]);
    queue.ask(ask("long"), at(0.2));
    expect(queue.settle(at(0.2)).starts).toEqual([{ key: "long", host: RUBY, seconds: 9 }]);
    expect(queue.settle(at(0.3)).starts).toEqual([]);
  });

  const THREE = ["long", "longer", "longest"].map((name, i) => ({ name, seconds: 9 + i }));

  it("holds it for a second at most where Nix asks for nothing any more", () => {
    const { queue } = queueOf(THREE);
    for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toEqual([]);
    expect(queue.settle(at(0.9)).starts).toEqual([]);
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "a" }]);
    expect(queue.settle(at(2)).starts).toMatchObject([{ key: "b" }]);
  });

  it("holds it for four seconds at most while Nix asks, and then no other until Nix has caught up", () => {
    const { queue } = queueOf(THREE);
    for (let second = 0; second < 4; second += 0.5) {
      queue.ask(ask(`x${second}`), at(second));
      expect(queue.settle(at(second)).starts).toEqual([]);
    }
    expect(queue.settle(at(4)).starts).toMatchObject([{ key: "x0" }, { key: "x0.5" }]);
    queue.built("x0", at(4.1));
    expect(queue.settle(at(4.1)).starts).toMatchObject([{ key: "x1" }]);
  });

  it("gives the slot of a build away while its outputs come home, and back to nobody twice", () => {
    const { queue } = queueOf([]);
    for (const key of ["a", "b", "c", "d"]) queue.ask(ask(key), at(0));
    queue.settle(at(0));
    queue.freed("a", at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "c", host: RUBY }]);
    queue.ask(ask("unknown until now"), at(1.5));
    expect(queue.settle(at(1.5)).starts).toEqual([]);
    queue.built("a", at(2));
    expect(queue.settle(at(2)).starts).toEqual([]);
    queue.built("c", at(3));
    expect(queue.settle(at(3)).starts).toMatchObject([{ key: "d", host: RUBY }]);
  });

  it("holds nothing for what Nix builds itself, unless it asks for that again", () => {
    const { queue } = queueOf([{ name: "long", seconds: 9 }]);
    const ends = (key: string, seconds: number) => {
      queue.built(key, at(seconds));
      return queue.settle(at(seconds)).starts;
    };
    for (const key of ["a", "b", "long"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toMatchObject([{ key: "a" }, { key: "b" }]);
    queue.left("long");
    queue.ask(ask("c"), at(0.5));
    expect(ends("a", 1)).toMatchObject([{ key: "c", host: RUBY }]);
    queue.ask(ask("long"), at(1.5));
    expect(ends("b", 2)).toMatchObject([{ key: "long", host: KANA }]);
  });

  it("holds nothing for what a build that is not Nix's to ask has to come before", () => {
    const { queue } = queueOf([{ name: "long", seconds: 9, needs: ["fetched by Nix itself"] }]);
    for (const key of ["a", "b"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toMatchObject([{ key: "a" }, { key: "b" }]);
  });

  it("keeps the slot of a build for what needs it, until that is asked for", () => {
    const { queue } = queueOf([{ name: "next", seconds: 5, needs: ["a"] }]);
    for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
    expect(queue.settle(at(0)).starts).toMatchObject([{ key: "a", host: RUBY }, { key: "b" }]);
    queue.built("a", at(1));
    expect(queue.settle(at(1)).starts).toEqual([]);
    queue.ask(ask("next"), at(1.2));
    expect(queue.settle(at(1.2)).starts).toMatchObject([{ key: "next", host: RUBY }]);
  });

  it("keeps it also while the last input comes home, where that takes no time to speak of", () => {
    for (const [output, next] of [
      [1e3, undefined],
      [1e9, "c"],
    ] as const) {
      const { queue } = queueOf([
        { name: "a", output },
        { name: "next", seconds: 5, needs: ["a"] },
      ]);
      for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
      expect(queue.settle(at(0)).starts.map(({ key }) => key)).toEqual(["a", "b"]);
      queue.freed("a", at(1));
      expect(queue.settle(at(1)).starts[0]?.key).toBe(next);
      queue.built("a", at(1.1));
      queue.ask(ask("next"), at(1.2));
      expect(queue.settle(at(1.2)).starts[0]?.key).toBe(next === undefined ? "next" : undefined);
    }
  });

  it("keeps nothing for what needs an output that was lost on its way home", () => {
    const { queue } = queueOf([{ name: "next", seconds: 5, needs: ["a"] }]);
    for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
    queue.settle(at(0));
    queue.freed("a", at(1));
    expect(queue.settle(at(1)).starts).toEqual([]);
    queue.lost("a", at(1.1));
    expect(queue.settle(at(1.1)).starts.map(({ key }) => key)).toEqual(["a"]);
  });

  it("makes no new problem for what was known to come", () => {
    const { queue, plans } = queueOf([{ name: "last", needs: ["a"] }]);
    queue.ask(ask("a"), at(0));
    queue.settle(at(0));
    queue.built("a", at(1));
    expect(queue.settle(at(1)).starts).toEqual([]);
    queue.ask(ask("last"), at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "last", host: RUBY }]);
    expect(plans()).toBe(1);
    queue.ask(ask("other"), at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "other", host: KANA }]);
    expect(plans()).toBe(2);
  });

  it("carries what runs over into a new problem: no slot is given twice", () => {
    const { queue } = queueOf([]);
    queue.resume(ask("old"), RUBY, at(0));
    for (const key of ["a", "b"]) queue.ask(ask(key), at(1));
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "a", host: KANA }]);
    queue.built("old", at(2));
    expect(queue.settle(at(2)).starts).toMatchObject([{ key: "b", host: RUBY }]);
  });

  it("a lost build is tried again elsewhere, its host once it is back", () => {
    const { queue } = queueOf([]);
    queue.ask(ask("a"), at(0));
    queue.settle(at(0));
    queue.setUp(RUBY, false, at(1));
    queue.lost("a", at(1));
    const { retries } = queue.settle(at(1));
    expect(retries).toEqual([{ key: "a", at: at(1.1) }]);
    queue.retried("a", at(1.1));
    expect(queue.settle(at(1.1)).starts).toMatchObject([{ key: "a", host: KANA }]);
    expect(queue.attempts("a")).toBe(2);
    queue.ask(ask("b"), at(2));
    expect(queue.settle(at(2)).starts).toEqual([]);
    queue.setUp(RUBY, true, at(3));
    expect(queue.settle(at(3)).starts).toMatchObject([{ key: "b", host: RUBY }]);
  });

  it("what is withdrawn leaves its slot, and may be asked again", () => {
    const { queue } = queueOf([]);
    for (const key of ["a", "b", "c"]) queue.ask(ask(key), at(0));
    queue.settle(at(0));
    queue.withdraw("a");
    expect(queue.settle(at(1)).starts).toMatchObject([{ key: "c", host: RUBY }]);
    queue.ask(ask("a"), at(1));
    queue.built("b", at(2));
    expect(queue.settle(at(2)).starts).toMatchObject([{ key: "a", host: KANA }]);
  });
});
