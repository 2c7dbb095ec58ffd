// What a copy would have taken alone: by the cores that its own run's client had, whatever other runs are given with it.
import { expect, it } from "vitest";
import { onIdleMachine } from "#calibrate/copy-cpu.js";
import { layered, recorded } from "./simulated.js";

const hosts = (cores: number) => [
  { name: "ai", maxJobs: 0, on: "box", cores },
  { name: "ruby", maxJobs: 2, on: "box", cores: 1 },
];
const runOf = (cores: number) => recorded({ tasks: layered(1), hosts: hosts(cores), timing: {}, machines: { box: 4 } }, 1);

it("takes each copy at the cores of its own run", () => {
  const runs = [runOf(1), runOf(4)];
  // Long after every ask.
  const copies = [0, 1].flatMap((run) => [
    { run, from: 1000, to: 1003 },
    { run, from: 1000, to: 1003 },
  ]);
  const alone = onIdleMachine(copies, copies, runs).map(({ y }) => y);
  // A copy wants one and a half cores: two share one core, and want three of four.
  expect(alone).toEqual([1, 1, 3, 3]);
  const second = copies.slice(2).map((copy) => ({ ...copy, run: 0 }));
  expect(onIdleMachine(second, second, [runs[1]!]).map(({ y }) => y)).toEqual([3, 3]);
});
