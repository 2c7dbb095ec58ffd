import { describe, expect, it } from "vitest";
import type { Trace } from "#dispatch/trace.js";
import { checkpoints, divergentStretch, firstDivergence, traceDigest } from "#metrics/divergence.js";
import { drawnTrace } from "./drawn-trace.js";
import { problemOf } from "./problem.js";

const problem = problemOf(
  Array.from({ length: 3000 }, (_, t) => ({ needs: t > 9 ? [t - 10] : [] })),
  [{ maxJobs: 4 }, { maxJobs: 3 }],
);
const run = (): Trace => drawnTrace(problem, 4, { spans: true });

describe("divergence", () => {
  it("of equal runs is none", () => {
    expect(traceDigest(run())).toBe(traceDigest(run()));
    expect(firstDivergence(run(), run())).toBeNull();
    expect(divergentStretch(checkpoints(run()), checkpoints(run()))).toBeNull();
  });

  it("does not depend on the room that a trace was given", () => {
    const roomy = run();
    roomy.open(0, 1, 0, 0, 1, 0, 0);
    roomy.rows--;
    expect(traceDigest(roomy)).toBe(traceDigest(run()));
  });

  it("names the first instant that differs, and its stage", () => {
    const other = run();
    const row = 2500;
    const left = other.built[row]!;
    other.built[row]! += 7;
    expect(traceDigest(other)).not.toBe(traceDigest(run()));
    expect(firstDivergence(run(), other)).toEqual({ at: left, row, what: "built", left: `${left}`, right: `${left + 7}` });
    const stretch = divergentStretch(checkpoints(run()), checkpoints(other))!;
    expect(stretch.after).toBeGreaterThan(0);
    expect(stretch.after).toBeLessThan(other.asked[row]!);
    expect(stretch.before).toBeGreaterThanOrEqual(other.asked[row]!);
  });

  it("stops at the first other decision", () => {
    const other = run();
    for (let row = 100; row < other.rows; row++) other.host[row] = 1 - other.host[row]!;
    expect(firstDivergence(run(), other)).toMatchObject({ at: other.asked[100]!, row: 100, what: "host" });
  });

  it("sees a span, and a stage that only one run reached", () => {
    const spanless = run();
    spanless.spans.pop();
    expect(firstDivergence(run(), spanless)).toMatchObject({ what: "span", right: "none" });
    const broken = run();
    const at = broken.built[5]!;
    broken.built[5] = Number.NaN;
    expect(firstDivergence(broken, run())).toMatchObject({ at, row: 5, what: "built", left: "NaN" });
  });
});
