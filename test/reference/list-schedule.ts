// List scheduling on identical processors, the slow obvious way: at every instant at which something ends, all ends
// first, then every idle processor takes the first ready task of the list. Judge of `list` under ideal conduct.

export interface ListTask {
  readonly seconds: number;
  /** Indices. */
  readonly needs: readonly number[];
}

/** Start of each task when an idle processor takes the first ready task in `list` order. */
export function listSchedule(tasks: readonly ListTask[], list: readonly number[], processors: number): number[] {
  const start = tasks.map(() => -1);
  const done = tasks.map(() => false);
  const running = new Set<number>();
  let now = 0;
  for (;;) {
    for (const t of list) {
      if (running.size === processors) break;
      if (start[t]! < 0 && tasks[t]!.needs.every((input) => done[input])) {
        start[t] = now;
        running.add(t);
      }
    }
    if (running.size === 0) return start;
    now = Math.min(...[...running].map((t) => start[t]! + tasks[t]!.seconds));
    for (const t of [...running]) {
      if (start[t]! + tasks[t]!.seconds > now) continue;
      running.delete(t);
      done[t] = true;
    }
  }
}

/** Longest sum of seconds from each task to an end, its own included, by plain recursion. */
export function chainsBelow(tasks: readonly ListTask[]): number[] {
  const known: number[] = [];
  const chain = (t: number): number => {
    const below = tasks.flatMap((task, d) => (task.needs.includes(t) ? [chain(d)] : []));
    known[t] ??= tasks[t]!.seconds + Math.max(0, ...below);
    return known[t]!;
  };
  return tasks.map((_, t) => chain(t));
}
