// Capped processor sharing in lock-step with its slow twin, instant by instant.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVEN, type Rooms, type Urgency } from "#sim/division.js";
import { Sharing } from "#sim/sharing.js";
import { Timers, timerLayout } from "#sim/timers.js";
import { waterFill } from "#sim/water-fill.js";
import { type Job, naiveEnds, naiveRoomShares, naiveShares } from "../reference/share.js";

const WEIGHTS = [1, 1, 0.6, 1.7];
/** Each end is rounded up to a microsecond, and each shifts those that share with it, a light one by more than a heavy one. */
const SHIFT = Math.max(...WEIGHTS) / Math.min(...WEIGHTS);

describe("water-filling", () => {
  const cap = fc.integer({ min: 1, max: 50 });
  const weight = fc.integer({ min: 1, max: 12 }).map((w) => w / 4);

  it("gives what raising one level gives, to each by his weight", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cap, weight), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 120 }),
        (members, capacity) => {
          const [caps, weights] = [members.map(([own]) => own), members.map(([, own]) => own)];
          const shares = new Float64Array(caps.length);
          waterFill(caps, weights, caps.length, capacity, shares);
          for (const [i, share] of naiveShares(caps, capacity, weights).entries()) expect(shares[i]).toBeCloseTo(share, 9);
          const even = new Float64Array(caps.length);
          waterFill(caps, null, caps.length, capacity, even);
          for (const [i, share] of naiveShares(caps, capacity).entries()) expect(even[i]).toBeCloseTo(share, 9);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("processor sharing", () => {
  const drawn = fc.record({
    from: fc.integer({ min: 0, max: 60 }).map((t) => t * 1000),
    amount: fc.integer({ min: 1, max: 90_000 }),
    cap: fc.integer({ min: 1, max: 16 }).map((c) => c / 4),
    weight: fc.constantFrom(...WEIGHTS),
    stay: fc.option(
      fc.integer({ min: 1, max: 40 }).map((t) => t * 1000),
      { freq: 4 },
    ),
  });
  const job = (one: { from: number; amount: number; cap: number; weight: number; stay: number | null }, id: number): Job => {
    const { stay, ...rest } = one;
    return stay === null ? { id, ...rest } : { id, ...rest, until: rest.from + stay };
  };

  it("ends every member within a few microseconds of the twin, however they come and go", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 14 }), fc.integer({ min: 1, max: 8 }), (list, capacity) => {
        const jobs = list.map(job);
        const expected = naiveEnds(jobs, capacity);
        for (const [id, end] of simulated(jobs, capacity)) {
          const want = expected.get(id)!;
          if (want === Number.POSITIVE_INFINITY) expect(end === want || end >= jobs[id]!.until! - jobs.length).toBe(true);
          else expect(Math.abs(end - want)).toBeLessThanOrEqual(SHIFT * (jobs.length + 1));
        }
      }),
      { seed: 2, numRuns: 400 },
    );
  });

  it("is exact to the microsecond where all caps fit, whoever comes and goes", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 14 }), (list) => {
        const jobs = list.map(({ from, amount, cap }, id): Job => ({ id, from, amount, cap }));
        for (const [id, end] of simulated(jobs, 1000))
          expect(end).toBe(jobs[id]!.from + Math.ceil(jobs[id]!.amount / jobs[id]!.cap - 2 ** -10));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("groups in one room", () => {
  /** Urgent ones of group 0 have a part like others, elsewhere less than that. */
  const steeply = (group: number, wanted: number): number => (group === 0 ? Number.NaN : 1 / (1 + wanted * wanted));
  const drawn = fc.record({
    from: fc.integer({ min: 0, max: 40 }).map((t) => t * 1000),
    amount: fc.integer({ min: 1, max: 60_000 }),
    cap: fc.integer({ min: 1, max: 12 }).map((c) => c / 4),
    group: fc.integer({ min: 0, max: 2 }),
    urgent: fc.boolean(),
    weight: fc.constantFrom(...WEIGHTS),
  });
  const shape = fc.record({
    capacity: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
    takes: fc.array(fc.constantFrom(0.25, 0.5, 1, 2), { minLength: 3, maxLength: 3 }),
    room: fc.integer({ min: 1, max: 16 }),
    urgency: fc.record({
      takes: fc.constantFrom(null, [0, 0, 0], [0.4, 1, 1.4]).map((takes) => takes && Float64Array.from(takes)),
      beside: fc.constantFrom(null, steeply),
    }),
  });

  it("ends every member within a few microseconds of the twin", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 12 }), shape, (list, { capacity, takes, room, urgency }) => {
        const jobs = list.map((one, id): Job => ({ id, ...one }));
        const expected = naiveEnds(jobs, (here) => naiveRoomShares(here, capacity, takes, { size: room, urgency }));
        const rooms = { of: Int32Array.of(0, 0, 0), size: Float64Array.of(room), takes: Float64Array.from(takes) };
        for (const [id, end] of simulated(jobs, capacity, rooms, urgency))
          expect(Math.abs(end - expected.get(id)!)).toBeLessThanOrEqual(SHIFT * (jobs.length + 1));
      }),
      { seed: 4, numRuns: 400 },
    );
  });

  it("never notice a room that has enough for all of them", () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 12 }), shape, (list, { capacity, takes, urgency }) => {
        const jobs = list.map((one, id): Job => ({ id, ...one }));
        const size = capacity.reduce((sum, own, g) => sum + own * takes[g]! * Math.max(1, urgency.takes?.[g] ?? 1), 0);
        const rooms = { of: Int32Array.of(0, 0, 0), size: Float64Array.of(size), takes: Float64Array.from(takes) };
        expect([...simulated(jobs, capacity, rooms, urgency)]).toEqual([...simulated(jobs, capacity, null, urgency)]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

/** Ends of the jobs as the fast one tells them: in group 1 among idle others where they name none. */
function simulated(
  jobs: readonly Job[],
  size: number | readonly number[],
  rooms: Rooms | null = null,
  urgency: Urgency = EVEN,
): Map<number, number> {
  const capacity = typeof size === "number" ? Float64Array.of(1, size, 1) : Float64Array.from(size);
  const timers = new Timers(timerLayout(1, jobs.length, 3, 0));
  const actor = timers.layout.cpu;
  const sharing = new Sharing(capacity, jobs.length, timers, actor, rooms, urgency);
  const ends = new Map<number, number>();
  const here = new Set<number>();
  const changes = [...new Set(jobs.flatMap((job) => [job.from, job.until ?? job.from]))].sort((a, b) => a - b);
  for (;;) {
    const now = Math.min(timers.topKey(), changes[0] ?? Number.POSITIVE_INFINITY);
    if (now === Number.POSITIVE_INFINITY) return ends;
    while (timers.topKey() === now) {
      const group = timers.pop() - actor;
      for (let id = sharing.ended(group, now); id >= 0; id = sharing.ended(group, now)) {
        expect(sharing.leave(id, now)).toBe(0);
        here.delete(id);
        ends.set(id, now);
      }
    }
    if (changes[0] === now) changes.shift();
    for (const job of jobs) {
      if (job.until === now && here.delete(job.id)) {
        expect(sharing.leave(job.id, now)).toBeGreaterThan(0);
        ends.set(job.id, Number.POSITIVE_INFINITY);
      }
      if (job.from === now) {
        here.add(job.id);
        const { urgent = false, weight = 1 } = job;
        sharing.join(job.group ?? 1, job.id, job.amount, job.cap, now, { urgent, weight });
      }
    }
  }
}
