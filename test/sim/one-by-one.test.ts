// A client whose questions are all taken at once, and that still puts them one by one: our hook under Nix. What is ready
// competes before it is asked for, and begins with its question.
import { describe, expect, it } from "vitest";
import { CONDUCTS } from "#dispatch/conducts.js";
import { problemOf } from "../problem.js";
import { run } from "../run.js";

const [BEGIN, HOOK, ACCEPT, START] = [0.5, 0.25, 0.1, 0.02];
const { hook } = CONDUCTS;
const CONDUCT = {
  ...hook,
  timing: { ...hook.timing, beginSeconds: BEGIN, hookSeconds: HOOK, acceptSeconds: ACCEPT, startSeconds: START, startCv: 0 },
};
const host = { name: "one", up: 1e12, down: 1e12, latency: 0 };
const home = { name: "home", maxJobs: 0, up: 1e12, down: 1e12, latency: 0 };

describe("questions one by one", () => {
  it("a build begins with its question, and each question comes that long after the one before", () => {
    const names = ["a", "b", "c", "d"];
    const problem = problemOf({
      tasks: names.map((name) => ({ name, seconds: 3, cpu: 0 })),
      hosts: [home, { ...host, maxJobs: 4, cores: 4 }],
    });
    const { row } = run(problem, { policy: "list", conduct: CONDUCT });
    for (const [i, name] of names.entries()) expect(row(name).started).toBeCloseTo(BEGIN + i * HOOK + ACCEPT + START, 6);
  });

  it("the slot is that of the build that comes first by the policy, though it is asked for last", () => {
    const problem = problemOf({
      tasks: [
        { name: "a", seconds: 1, cpu: 0 },
        { name: "b", seconds: 1, cpu: 0 },
        { name: "z", seconds: 9, cpu: 0 },
      ],
      hosts: [home, { ...host, maxJobs: 1 }],
    });
    const { row } = run(problem, { policy: "list", conduct: CONDUCT });
    expect(row("z").started).toBeCloseTo(BEGIN + 2 * HOOK + ACCEPT + START, 6);
    expect(row("a").started).toBeGreaterThan(row("z").built);
  });

  it("who asks seldom waits for no other question: a chain is as fast as without", () => {
    const chain = ["a", "b", "c"].map((name, i) => ({ name, seconds: 2, cpu: 0, needs: i === 0 ? [] : [["a", "b"][i - 1]!] }));
    const problem = problemOf({ tasks: chain, hosts: [home, { ...host, maxJobs: 1 }] });
    const { row } = run(problem, { policy: "list", conduct: CONDUCT });
    const { returnSeconds, noticeSeconds } = CONDUCT.timing;
    expect(row("c").started - row("b").built).toBeCloseTo(returnSeconds + noticeSeconds + ACCEPT + START, 3);
  });
});
