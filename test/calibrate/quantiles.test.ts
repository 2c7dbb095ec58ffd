// Quantiles against any table, and the coverage of what is made of them.
import { expect, it } from "vitest";
import { drawNormal } from "#base/random.js";
import { type Sample, withinRuns } from "#calibrate/cluster.js";
import { chiSquare, studentT, Z_95 } from "#calibrate/quantiles.js";

it.each([
  [1, 0.000982, 5.024, 12.706],
  [2, 0.0506, 7.378, 4.303],
  [3, 0.2158, 9.348, 3.182],
  [5, 0.8312, 12.833, 2.571],
  [9, 2.7004, 19.023, 2.262],
  [10, 3.247, 20.483, 2.228],
  [30, 16.791, 46.979, 2.042],
])("with %i degrees of freedom are those of the tables", (degrees, low, high, t) => {
  expect(Math.abs(chiSquare(degrees).low / low - 1)).toBeLessThan(0.01);
  expect(Math.abs(chiSquare(degrees).high / high - 1)).toBeLessThan(0.02);
  expect(Math.abs(studentT(degrees) / t - 1)).toBeLessThan(0.01);
});

it.each([
  [1, 6.314],
  [2, 2.92],
  [3, 2.353],
  [5, 2.015],
  [10, 1.812],
  [30, 1.697],
])("with %i degrees of freedom 5–95 %% ends where the tables say", (degrees, t) => {
  expect(Math.abs(studentT(degrees, Z_95) / t - 1)).toBeLessThan(0.01);
});

it("the variation within many short runs is held about as often as promised", () => {
  const times = 400;
  let held = 0;
  for (let time = 1; time <= times; time++) {
    const samples = Array.from({ length: 30 }, (_, i): Sample => {
      const run = Math.floor(i / 2);
      return { run, value: drawNormal(time, "run", String(run)) + 0.3 * drawNormal(time, "within", String(i)) };
    });
    const found = withinRuns(samples, 0, "");
    const truth = Math.sqrt(Math.exp(0.3 ** 2) - 1);
    if (found.kind === "known" && found.interval!.low <= truth && found.interval!.high >= truth) held++;
  }
  expect(held / times).toBeGreaterThan(0.9);
});
