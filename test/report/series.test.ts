import { describe, expect, it } from "vitest";
import { derivationCosts } from "#report/derivation-cost.js";
import { ganttBars } from "#report/gantt-bars.js";
import { lanes, phasesOf } from "#report/lanes.js";
import { OTHER, queueSeries } from "#report/series-queue.js";
import { utilizationSeries } from "#report/series-utilization.js";
import { sampleProblem, sampleTrace, tinyTrace } from "./sample.js";

const problem = sampleProblem();
const { trace, critical } = sampleTrace(problem);
const held = lanes(trace, problem);

describe("lanes", () => {
  it("puts bars in order without overlap, phases filling each", () => {
    held.forEach((bar, i) => {
      const before = held[i - 1];
      if (before !== undefined && before.host === bar.host && before.slot === bar.slot) expect(bar.from).toBeGreaterThanOrEqual(before.to);
      let at = bar.from;
      for (const phase of phasesOf(trace, bar)) {
        expect(phase.from).toBe(at);
        at = phase.to;
      }
      expect(at).toBe(bar.to);
    });
    expect(held).toHaveLength(trace.rows);
  });

  it("gives the time of unseen stages to the next that was seen", () => {
    const tiny = tinyTrace();
    const [, , again] = lanes(tiny.trace, tiny.problem);
    expect(phasesOf(tiny.trace, again!)).toEqual([
      { part: "asking", from: 4e6, to: 4.5e6 },
      { part: "overhead", from: 4.5e6, to: 6e6 },
      { part: "building", from: 6e6, to: 16e6 },
      { part: "download", from: 16e6, to: 17.5e6 },
    ]);
  });
});

describe("series over time", () => {
  it("integrates to the slot time that was held and the CPU that was used", () => {
    const bins = 37;
    const points = utilizationSeries(trace, problem, bins);
    const bin = trace.makespan / bins / 1e6;
    for (let h = 0; h < problem.hosts.count; h++) {
      const mine = points.filter(({ host }) => host === h);
      const slotSeconds = held.filter(({ host }) => host === h).reduce((sum, bar) => sum + bar.to - bar.from, 0) / 1e6;
      const cpu = held.filter(({ host }) => host === h).reduce((sum, { row }) => sum + trace.coreSeconds[row]!, 0);
      expect(mine.reduce((sum, { slots }) => sum + slots * bin * problem.hosts.maxJobs[h]!, 0)).toBeCloseTo(slotSeconds, 4);
      expect(mine.reduce((sum, { cores }) => sum + cores * bin * problem.hosts.cores[h]!, 0)).toBeCloseTo(cpu, 4);
      expect(mine.every(({ slots }) => slots <= 1 + 1e-9)).toBe(true);
    }
  });

  it("integrates to the time that derivations waited, by class", () => {
    const series = queueSeries(trace, problem, 53, 3);
    const waited = Array.from({ length: trace.rows }, (_, row) => trace.asked[row]! - trace.ready[row]!).reduce((a, b) => a + b, 0) / 1e6;
    const drawn = series.counts.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0) * series.binSeconds, 0);
    expect(drawn).toBeCloseTo(waited, 3);
    expect(series.labels.length).toBeLessThanOrEqual(3);
    const few = queueSeries(trace, problem, 53, 2);
    expect(few.labels.at(-1)).toBe(OTHER);
    expect(few.counts.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0) * few.binSeconds, 0)).toBeCloseTo(waited, 3);
  });
});

describe("derivations", () => {
  it("lists the longest and the costliest, over all attempts", () => {
    const tiny = tinyTrace();
    const { longest, costliest } = derivationCosts(tiny.trace, tiny.problem, 5);
    expect(longest.map(({ name, held, attempts }) => [name, held, attempts])).toEqual([
      ["binutils-1.0-x86_64", 15.5, 2],
      ["gcc-pass1-2.1-x86_64", 2.4, 1],
    ]);
    expect(costliest.map(({ name, coreSeconds, guessed }) => [name, coreSeconds, guessed])).toEqual([["binutils-1.0-x86_64", 32.5, true]]);
  });
});

describe("few enough bars", () => {
  const keep = new Set(critical.map(({ row }) => row));

  it("draws every attempt when there are few", () => {
    const { bars, merged } = ganttBars(trace, held, keep, 3000, 1);
    expect(bars).toHaveLength(trace.rows);
    expect(merged).toBe(0);
  });

  it("merges short neighbours until few remain, never the critical path, and says how many", () => {
    const { bars, merged, threshold } = ganttBars(trace, held, keep, 100, 1);
    expect(bars.length).toBeLessThanOrEqual(100);
    expect(bars.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(trace.rows);
    expect(bars.filter(({ attempts }) => attempts > 1).reduce((sum, { attempts }) => sum + attempts, 0)).toBe(merged);
    expect([...keep].every((row) => bars.some((bar) => bar.row === row && bar.attempts === 1))).toBe(true);
    for (const bar of held) if (bar.to - bar.from >= threshold) expect(bars.find(({ row }) => row === bar.row)?.attempts).toBe(1);
  });

  it("ends when even one bar per lane is too many", () => {
    expect(ganttBars(trace, held, keep, 1, 1).bars.length).toBeGreaterThan(1);
  });

  it("gives phases too short to see to their neighbour, and loses no time", () => {
    const { bars } = ganttBars(trace, held, new Set(), 3000, 60e6);
    for (const bar of bars) {
      expect(bar.phases[0]!.from).toBe(bar.from);
      expect(bar.phases.at(-1)!.to).toBe(bar.to);
      for (const [i, phase] of bar.phases.slice(1).entries()) expect(phase.from).toBe(bar.phases[i]!.to);
    }
  });
});
