// When what needs an output may start: under our engine once it is built, on the host that has it at once, on another one
// when the output has come home and gone there. What was asked for counts when it is back.
import { describe, expect, it } from "vitest";
import { CONDUCTS } from "#dispatch/conducts.js";
import { problemOf } from "../problem.js";
import { run } from "../run.js";

const RATE = 1000;
const KEPT = { ...CONDUCTS.run, timing: { ...CONDUCTS.run.timing, acceptSeconds: 0, startSeconds: 0 } };

/** a, then b, whose input takes 2 s over a link; the output of b takes 3 s home. */
function played(hosts: readonly object[], dependents: "built" | "returned") {
  const problem = problemOf({
    tasks: [
      { name: "a", seconds: 5, cpu: 0, output: 2 * RATE, features: ["x"] },
      { name: "b", seconds: 7, cpu: 0, output: 3 * RATE, needs: ["a"], features: ["y"] },
    ],
    hosts: [{ name: "home", maxJobs: 0 }, ...(hosts as { name: string }[])],
  });
  const conduct = { ...KEPT, timing: { ...KEPT.timing, dependents } };
  const done = run(problem, { policy: "list", conduct, seed: 1 });
  const [a, b] = ["a", "b"].map((name) => done.rows.find(({ task }) => task === name)!);
  return { a: a!, b: b!, makespan: done.makespan };
}

const one = { name: "one", maxJobs: 1, up: RATE, down: RATE, features: ["x", "y"] };

describe("what needs an output", () => {
  it("starts on the host that has it while it is still on its way home; what was asked for is waited for", () => {
    const { b, makespan } = played([one], "built");
    expect(b.started).toBe(5);
    expect(makespan).toBe(5 + 7 + 3);
  });

  it("waits for the way home where the engine does", () => {
    const { b, makespan } = played([one], "returned");
    expect(b.started).toBe(5 + 2);
    expect(makespan).toBe(5 + 2 + 7 + 3);
  });

  it("starts elsewhere when the output has come home and gone there", () => {
    const { a, b } = played(
      [
        { ...one, features: ["x"] },
        { ...one, name: "two", features: ["y"] },
      ],
      "built",
    );
    expect([a.host, b.host]).toEqual(["one", "two"]);
    expect(b.asked).toBe(5);
    expect(b.started).toBe(5 + 2 + 2);
  });
});
