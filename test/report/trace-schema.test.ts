import { describe, expect, it } from "vitest";
import { OUTCOMES, SPAN_KINDS, STAGES } from "#dispatch/trace.js";
import { traceAttempt, traceLine, traceSpan } from "#report/trace-schema.js";

describe("the schema of a trace", () => {
  it("a trace row has the stages, outcomes and spans of the trace", () => {
    const keys = Object.keys(traceAttempt.shape);
    expect(keys.filter((key) => (STAGES as readonly string[]).includes(key))).toEqual(STAGES);
    expect(traceAttempt.shape.outcome.options).toEqual(OUTCOMES);
    expect(traceSpan.shape.span.options).toEqual(SPAN_KINDS);
  });

  it("a trace line is a header, an attempt or a span", () => {
    expect(traceLine.safeParse({ schema: "drvfleet.trace/1", run: "r", engine: "nix-2.8", hosts: ["ai", "kana"] }).success).toBe(true);
    expect(
      traceLine.safeParse({ task: "a", attempt: 1, host: "ai", slot: 0, cores: 4, ready: 0, asked: 0, started: 0.000001, outcome: "built" })
        .success,
    ).toBe(true);
    expect(traceLine.safeParse({ span: "down", host: "ai", from: 1, to: 2.5 }).success).toBe(true);
    expect(traceLine.safeParse({ span: "down", host: "ai", from: -1, to: 2.5 }).success).toBe(false);
    expect(
      traceLine.safeParse({ task: "a", attempt: 1, host: "ai", slot: 0, cores: 4, asked: 0, outcome: "built", finished: 3 }).success,
    ).toBe(false);
  });
});
