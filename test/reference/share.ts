// Capped processor sharing, the slow obvious way: nothing is remembered but the work that is left; every instant at which
// something happens, all shares are computed anew by raising one level. Judge of src/sim/sharing.ts and water-fill.ts.

/** Shares of a capacity: everybody gets the same for his weight, nobody above his cap, what is left over is shared again. */
export function naiveShares(caps: readonly number[], capacity: number, weights: readonly number[] = caps.map(() => 1)): number[] {
  const order = caps.map((_, i) => i).sort((a, b) => caps[a]! / weights[a]! - caps[b]! / weights[b]!);
  const shares = caps.map(() => 0);
  let left = capacity;
  order.forEach((i, k) => {
    const others = order.slice(k).reduce((sum, other) => sum + weights[other]!, 0);
    shares[i] = Math.min(caps[i]!, (left * weights[i]!) / others);
    left -= shares[i]!;
  });
  return shares;
}

function weightsOf(jobs: readonly Job[]): number[] {
  return jobs.map(({ weight = 1 }) => weight);
}

export interface Room {
  readonly size: number;
  readonly urgency: {
    /** By group, of the others. Null: what they have. */
    readonly takes: ArrayLike<number> | null;
    /** Of what it would have alone, what an urgent one has beside others of its group that want so many units; NaN: a part like theirs. Null: always. */
    readonly beside: ((group: number, wanted: number) => number) | null;
  };
}

/** Weights of the jobs of one group: an urgent one is to have `own` of the capacity beside the others, w / (w + all of theirs) = own. */
function weightsBeside(here: readonly Job[], capacity: number, group: number, { urgency }: Room): number[] {
  const others = here.filter(({ urgent }) => !urgent);
  const weight = weightsOf(others).reduce((sum, one) => sum + one, 0);
  const part =
    others.length === 0
      ? Number.NaN
      : (urgency.beside?.(
          group,
          others.reduce((sum, { cap }) => sum + cap, 0),
        ) ?? Number.NaN);
  return here.map(({ urgent, weight: given = 1, cap }) => {
    if (!urgent || Number.isNaN(part)) return given;
    const own = Math.min(0.99, (cap * part) / capacity);
    return (weight * own) / (1 - own);
  });
}

/**
 * Shares of jobs in groups that lie in one room. In a group urgent ones have a share like all, and leave the others a part of it; they
 * share the room as if there were no others, the others what they leave of it; nobody has more than his group alone would give him.
 */
export function naiveRoomShares(jobs: readonly Job[], capacity: readonly number[], takes: readonly number[], room: Room): number[] {
  const own = new Map<Job, number>();
  for (const [g, all] of capacity.entries()) {
    const here = jobs.filter(({ group }) => group === g);
    for (const [k, share] of naiveShares(
      here.map(({ cap }) => cap),
      all,
      weightsBeside(here, all, g, room),
    ).entries())
      own.set(here[k]!, share);
    const others = here.filter(({ urgent }) => !urgent);
    const taken = here.reduce((sum, job) => sum + (job.urgent ? own.get(job)! : 0), 0);
    for (const [k, share] of naiveShares(
      others.map(({ cap }) => cap),
      Math.max(0, all - (room.urgency.takes?.[g] ?? 1) * taken),
      weightsOf(others),
    ).entries())
      own.set(others[k]!, share);
  }
  const shares = new Map<Job, number>();
  /** Returns what is taken from others. */
  const divide = (some: readonly Job[], size: number): number => {
    const inGroup = capacity.map((_, g) => some.filter(({ group }) => group === g));
    const wants = inGroup.map((here, g) => takes[g]! * here.reduce((sum, job) => sum + own.get(job)!, 0));
    const given = naiveShares(wants, size);
    for (const [g, here] of inGroup.entries())
      for (const [k, share] of naiveShares(
        here.map((job) => own.get(job)!),
        given[g]! / takes[g]!,
        weightsOf(here),
      ).entries())
        shares.set(here[k]!, share);
    const all = wants.reduce((sum, one) => sum + one, 0);
    return Math.min(1, size / all) * wants.reduce((sum, one, g) => sum + one * (room.urgency.takes?.[g] ?? 1), 0);
  };
  const taken = divide(
    jobs.filter(({ urgent }) => urgent),
    room.size,
  );
  divide(
    jobs.filter(({ urgent }) => !urgent),
    Math.max(0, room.size - taken),
  );
  return jobs.map((job) => shares.get(job)!);
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
  readonly urgent?: boolean;
  /** Of its share among others; absent: 1. */
  readonly weight?: number;
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
            weightsOf(here),
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
