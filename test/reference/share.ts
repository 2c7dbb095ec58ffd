// Capped processor sharing, the slow obvious way: nothing is remembered but the work that is left; every instant at which
// something happens, all shares are computed anew by raising one level. Judge of src/sim/sharing.ts and water-fill.ts.

/** Shares of a capacity: everybody gets the same, nobody above his cap, what is left over is shared again. */
export function naiveShares(caps: readonly number[], capacity: number): number[] {
  const order = caps.map((_, i) => i).sort((a, b) => caps[a]! - caps[b]!);
  const shares = caps.map(() => 0);
  let left = capacity;
  order.forEach((i, k) => {
    shares[i] = Math.min(caps[i]!, left / (order.length - k));
    left -= shares[i]!;
  });
  return shares;
}

/** Shares of jobs in groups that lie in one room: groups share the room by what they want, then each shares what it was given. */
export function naiveRoomShares(jobs: readonly Job[], capacity: readonly number[], takes: readonly number[], room: number): number[] {
  const inGroup = capacity.map((_, g) => jobs.filter(({ group }) => group === g));
  const wants = inGroup.map(
    (own, g) =>
      takes[g]! *
      Math.min(
        capacity[g]!,
        own.reduce((sum, { cap }) => sum + cap, 0),
      ),
  );
  const given = naiveShares(wants, room);
  const shares = new Map<number, number>();
  inGroup.forEach((own, g) => {
    const split = naiveShares(
      own.map(({ cap }) => cap),
      given[g]! / takes[g]!,
    );
    for (const [k, { id }] of own.entries()) shares.set(id, split[k]!);
  });
  return jobs.map(({ id }) => shares.get(id)!);
}

export interface Job {
  readonly id: number;
  /** µs */
  readonly from: number;
  /** Units of work. */
  readonly amount: number;
  /** Units per µs. */
  readonly cap: number;
  /** Where there are several. */
  readonly group?: number;
  /** µs at which it is taken away, if it has not ended before. */
  readonly until?: number;
}

/** Instant (µs, not rounded) at which each job ends; Infinity for one that is taken away. */
export function naiveEnds(jobs: readonly Job[], capacity: number | ((here: readonly Job[]) => readonly number[])): Map<number, number> {
  const ends = new Map<number, number>();
  const rest = new Map<number, number>();
  let now = 0;
  const changes = [...new Set(jobs.flatMap((job) => [job.from, job.until ?? Number.POSITIVE_INFINITY]))].sort((a, b) => a - b);
  for (;;) {
    for (const job of jobs) {
      if (job.from <= now && !rest.has(job.id)) rest.set(job.id, job.amount);
      if ((job.until ?? Number.POSITIVE_INFINITY) <= now && !ends.has(job.id)) ends.set(job.id, Number.POSITIVE_INFINITY);
    }
    const here = jobs.filter((job) => rest.has(job.id) && !ends.has(job.id));
    const shares =
      typeof capacity === "number"
        ? naiveShares(
            here.map((job) => job.cap),
            capacity,
          )
        : capacity(here);
    const nextEnd = Math.min(...here.map((job, k) => now + rest.get(job.id)! / shares[k]!));
    const nextChange = changes.find((at) => at > now) ?? Number.POSITIVE_INFINITY;
    const next = Math.min(nextEnd, nextChange);
    if (next === Number.POSITIVE_INFINITY) return ends;
    here.forEach((job, k) => {
      const left = rest.get(job.id)! - shares[k]! * (next - now);
      rest.set(job.id, left);
      if (left <= 1e-9 * job.amount + 1e-12) ends.set(job.id, next);
    });
    now = next;
  }
}
