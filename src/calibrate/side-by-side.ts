// On one machine the start of a builder and the client's next question, which comes with it, take processors from each other:
// how long either would have taken alone. Twins: sim/life.ts (a start keeps START_CORES busy), sim/client-work.ts (ASK_CORES).
import { COORDINATOR } from "#base/units.js";
import { ASK_CORES, isThrottled, START_CORES } from "#model/hosts.js";
import type { Span } from "./client-busy.js";
import { isRemote, type RecordedRun, type Row, rowsByClient, rowsOf } from "./recorded-run.js";
import { coresShared, isOnMachine } from "./shared-machine.js";

/** Work that keeps so many cores of the machine busy, where it has them. */
export interface Work extends Span {
  readonly cores: number;
}

/** What lies longer before an ask than this was no hook that started, seconds. */
const HOOK_MAX = 0.15;

/** From the inputs of a build being there until its builder runs. */
export function startOf({ problem }: RecordedRun, row: Row): Work {
  const { cores, machines } = problem.hosts;
  const uploaded = row.at("uploaded");
  return {
    from: Number.isNaN(uploaded) ? row.at("accepted") : uploaded,
    to: row.at("started"),
    cores: Math.min(START_CORES, cores[row.host]!) * (machines?.share[row.host] ?? 1),
  };
}

export function starts(run: RecordedRun): readonly Work[] {
  return rowsOf(run)
    .filter(isRemote)
    .map((row) => startOf(run, row));
}

/** How many times as long a start takes on a host of a machine that has not the cores for it. */
export function startStretch(run: RecordedRun, host: number): number {
  return isOnMachine(run, host) ? Math.max(1, START_CORES / run.problem.hosts.cores[host]!) : 1;
}

/** Each from the start of its hook until the accept. */
export function asks(run: RecordedRun): readonly Work[] {
  return rowsByClient(run).flatMap((rows) => {
    const own = rows.filter(isRemote);
    return own.map((row, i): Work => {
      const asked = row.at("asked");
      const known = [i === 0 ? 0 : own[i - 1]!.at("accepted"), row.at("ready"), asked - HOOK_MAX].filter((at) => !Number.isNaN(at));
      return { from: Math.min(asked, Math.max(...known)), to: row.at("accepted"), cores: ASK_CORES };
    });
  });
}

/** Seconds that it would have taken beside none of the others: while one goes on it has what that leaves, or half of the machine. A client with a quota has no more than that in any case. */
export function alone(run: RecordedRun, own: Work, others: readonly Work[]): number {
  const { from, to, cores } = own;
  if (!isOnMachine(run, COORDINATOR) || isThrottled(run.problem.hosts, COORDINATOR)) return to - from;
  const all = coresShared(run);
  let lost = 0;
  let until = from;
  for (const other of others.filter((one) => one.to > from && one.from < to).toSorted((a, b) => a.from - b.from)) {
    const beside = Math.max(0, Math.min(to, other.to) - Math.max(until, other.from));
    lost += beside * (1 - Math.min(1, Math.max(all / 2, all - other.cores) / cores));
    until = Math.max(until, other.to);
  }
  return to - from - lost;
}
