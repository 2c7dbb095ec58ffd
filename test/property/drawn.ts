// Drawn worlds for laws: small graphs and fleets of whole numbers, so that laws can be exact.
import fc from "fast-check";
import type { HostSketch, Sketch, TaskSketch } from "../problem.js";

export interface WorldDraw {
  /** Most slots of a host. */
  readonly slots?: number;
  readonly hosts?: number;
  readonly tasks?: number;
  /** Whether outputs have bytes. */
  readonly bytes?: boolean;
  /** Whether durations are wall seconds by host, else work in core-seconds. */
  readonly rows?: boolean;
}

/** Work and bytes in multiples of 1000, speeds and rates powers of two: halving and doubling are exact. */
export function drawnWorld({ slots = 3, hosts = 4, tasks = 12, bytes = false, rows = false }: WorldDraw = {}): fc.Arbitrary<Sketch> {
  const host = fc.record({
    maxJobs: fc.integer({ min: 1, max: slots }),
    speed: fc.constantFrom(1, 2, 4),
    cores: fc.constantFrom(1, 2, 4),
    rate: fc.constantFrom(1000, 2000, 4000),
  });
  const task = fc.record({
    work: fc.integer({ min: 0, max: 9 }).map((w) => w * 8),
    maxCores: fc.constantFrom(1, 2, 4),
    source: bytes ? fc.integer({ min: 0, max: 2 }).map((b) => b * 4000) : fc.constant(0),
    output: bytes ? fc.integer({ min: 0, max: 5 }).map((b) => b * 4000) : fc.constant(0),
    inputs: fc.array(fc.nat(60), { maxLength: 3 }),
    seconds: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 5 }),
  });
  return fc
    .record({ fleet: fc.array(host, { minLength: 1, maxLength: hosts }), list: fc.array(task, { minLength: 1, maxLength: tasks }) })
    .map(({ fleet, list }) => {
      const builders = fleet.map(({ maxJobs, speed, cores, rate }, h): HostSketch => {
        return { name: `h${h}`, maxJobs, speed, cores, coresPerBuild: cores, up: rate, down: rate };
      });
      return {
        hosts: [{ name: "coordinator", maxJobs: 0, up: 8000, down: 8000 }, ...builders],
        tasks: list.map(({ work, maxCores, source, output, inputs, seconds }, t): TaskSketch => {
          const needs = t === 0 ? [] : [...new Set(inputs.map((input) => nameOf(input % t)))];
          const lengths = Object.fromEntries(builders.map(({ name }, h) => [name, seconds[h % seconds.length]!]));
          return rows
            ? { name: nameOf(t), needs, source, output, seconds: lengths }
            : { name: nameOf(t), needs, source, output, work, maxCores };
        }),
      };
    });
}

function nameOf(t: number): string {
  return `t${String(t).padStart(2, "0")}`;
}
