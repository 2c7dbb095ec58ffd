// Where the time of every slot went: slots × makespan parted exactly, in integer µs, into what held slots did and why
// free ones stood idle. One sweep over the instants at which anything changes; a host is looked at again only when its
// cause can have changed. Rule: product.md "The report", Idle time per slot, first match.
import type { Attempts } from "./attempts.js";
import { IdleCauses } from "./idle-cause.js";
import { changes, type Changes } from "./idle-changes.js";
import { BUSY_PARTS, IDLE_CAUSES } from "./result.js";
import { addParts, type Held } from "./slots.js";

export interface SlotTime {
  /** [host × BUSY_PARTS + part], µs. */
  readonly busy: Float64Array;
  /** [host × IDLE_CAUSES + cause], µs. */
  readonly idle: Float64Array;
  /** By host: µs for which its slots waited for a task; NONE = for a request to arrive. */
  readonly waitedFor: readonly ReadonlyMap<number, number>[];
}

/** `held` as `heldSlots` gives it. */
export function slotTime(attempts: Attempts, held: readonly Held[]): SlotTime {
  const { hosts } = attempts.problem;
  const busy = new Float64Array(hosts.count * BUSY_PARTS.length);
  for (const one of held) addParts(attempts, one, busy, one.host * BUSY_PARTS.length);
  return { busy, ...sweep(attempts, changes(attempts, held)) };
}

function sweep(attempts: Attempts, { count, at, apply }: Changes): Pick<SlotTime, "idle" | "waitedFor"> {
  const { trace, problem } = attempts;
  const { hosts } = problem;
  const causes = new IdleCauses(attempts);
  const idle = new Float64Array(hosts.count * IDLE_CAUSES.length);
  const waitedFor = Array.from({ length: hosts.count }, () => new Map<number, number>());
  const since = new Float64Array(hosts.count);
  const free = Int32Array.from(hosts.maxJobs);
  const cause = Int32Array.from(since, (_, h) => causes.of(h, BEFORE));

  for (let i = 0; i < count && at(i) < trace.makespan; ) {
    const now = at(i);
    for (; i < count && at(i) === now; i++) apply(i, causes);
    for (let h = 0; h < hosts.count; h++) {
      if (!causes.stirred(h)) continue;
      account(h, now);
      free[h] = hosts.maxJobs[h]! - causes.running[h]!;
      if (free[h]! > 0) cause[h] = causes.of(h, now);
    }
    causes.settle();
  }
  for (let h = 0; h < hosts.count; h++) account(h, trace.makespan);
  return { idle, waitedFor };

  function account(h: number, now: number): void {
    const from = since[h]!;
    since[h] = now;
    if (now === from || free[h] === 0) return;
    idle[h * IDLE_CAUSES.length + cause[h]!]! += free[h]! * (now - from);
    if (cause[h] === WAITING) causes.eachAwaited(h, from, now, (task, micros) => add(waitedFor[h]!, task, free[h]! * micros));
  }
}

function add(map: Map<number, number>, key: number, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}

const WAITING = IDLE_CAUSES.indexOf("waiting");
/** Before the first instant, so that what is ready at 0 is still awaited. */
const BEFORE = -1;
