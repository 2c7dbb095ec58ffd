import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, duration } from "#base/duration.js";

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [0.0004, "0 s"],
    [0.34, "340 ms"],
    [0.9996, "1.00 s"],
    [12.34, "12.34 s"],
    [59.994, "59.99 s"],
    [59.996, "1 min 00.0 s"],
    [185.04, "3 min 05.0 s"],
    [200.5, "3 min 20.5 s"],
    [3599.96, "1 h 00 min"],
    [3720, "1 h 02 min"],
    [360000, "100 h 00 min"],
    [-274.6, "−4 min 34.6 s"],
    [-0.0001, "0 s"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "never"],
  ])("%s s reads %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it("has one form per length, and never 60 of anything", () => {
    const form = /^(0 s|\d{1,3} ms|[1-5]?\d\.\d\d s|[1-5]?\d min [0-5]\d\.\d s|\d+ h [0-5]\d min)$/;
    fc.assert(fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => form.test(duration(seconds))));
  });

  it("shows the sign of a difference", () => {
    expect(difference(12.34)).toBe("+12.34 s");
    expect(difference(-12.34)).toBe("−12.34 s");
    expect(difference(0)).toBe("0 s");
  });
});
