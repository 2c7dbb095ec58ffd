// The cores of a host while at least one of its slots is held: used, or not and why. Each held slot has an equal claim to
// them; what its build leaves of its claim is lost to what the slot was doing, less what other builds took beyond theirs.
// A build's use is taken as even over its building phase, because a trace knows only its sum. Core-µs.
import { processorShare } from "#model/hosts.js";
import type { Problem } from "#model/problem.js";
import type { Attempts } from "./attempts.js";
import { BUSY_PARTS, CORE_LOSSES, type BusyPart, type CoreLoss } from "./result.js";
import { eachPart, type Held } from "./slots.js";

export interface CoreTime {
  /** By host. */
  readonly used: Float64Array;
  /** [host × CORE_LOSSES + loss]. */
  readonly lost: Float64Array;
}

/** Why a slot that does not build leaves its cores alone; a building one depends on the task. */
const LOSS_OF: Readonly<Record<Exclude<BusyPart, "building">, CoreLoss>> = {
  asking: "overhead",
  "upload-lock": "upload-lock",
  upload: "copying",
  overhead: "overhead",
  download: "copying",
  notice: "overhead",
};
const BUILDING = BUSY_PARTS.indexOf("building");
const LOSS = BUSY_PARTS.map((part) => (part === "building" ? -1 : CORE_LOSSES.indexOf(LOSS_OF[part])));
const [COPYING, MAX_CORES, SERIAL] = (["copying", "max-cores", "serial"] as const).map((loss) => CORE_LOSSES.indexOf(loss)) as [
  number,
  number,
  number,
];

interface Stretch {
  readonly row: number;
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

/** `held` as `heldSlots` gives it. */
export function coreTime(attempts: Attempts, held: readonly Held[]): CoreTime {
  const { hosts } = attempts.problem;
  const used = new Float64Array(hosts.count);
  const lost = new Float64Array(hosts.count * CORE_LOSSES.length);
  const stretches: Stretch[][] = Array.from({ length: hosts.count }, () => []);
  for (const { row, host, from, to } of held) {
    eachPart(attempts.trace, row, from, to, (part, begin, end) => stretches[host]!.push({ row, part, from: begin, to: end }));
  }
  for (let h = 0; h < hosts.count; h++) used[h] = sweepHost(attempts, h, stretches[h]!, lost);
  return { used, lost };
}

/** Adds what the host lost to `lost`; returns what it used. */
function sweepHost({ trace, problem }: Attempts, host: number, stretches: readonly Stretch[], lost: Float64Array): number {
  const cores = problem.hosts.cores[host]!;
  const begins = stretches.toSorted((a, b) => a.from - b.from || a.row - b.row);
  const ends = stretches.toSorted((a, b) => a.to - b.to || a.row - b.row);
  const open = new Set<Stretch>();
  let used = 0;
  let at = 0;
  for (let i = 0, j = 0; j < ends.length; ) {
    const next = Math.min(begins[i]?.from ?? Number.POSITIVE_INFINITY, ends[j]!.to);
    if (open.size > 0 && next > at) used += part(open, next - at);
    at = next;
    for (; j < ends.length && ends[j]!.to === at; j++) open.delete(ends[j]!);
    for (; i < begins.length && begins[i]!.from === at; i++) open.add(begins[i]!);
  }
  return used;

  function part(busy: ReadonlySet<Stretch>, micros: number): number {
    const claim = cores / busy.size;
    let use = 0;
    let left = 0;
    for (const one of busy) {
      const rate = rateOf(one);
      use += rate;
      left += Math.max(0, claim - rate);
    }
    // Others may have taken more than their claim: that much was not left after all.
    const scale = left > 0 ? Math.max(0, cores - use) / left : 0;
    for (const one of busy) lose(one, claim, Math.max(0, claim - rateOf(one)) * scale * micros);
    return use * micros;
  }

  function lose({ row, part }: Stretch, claim: number, amount: number): void {
    const base = host * CORE_LOSSES.length;
    if (part !== BUILDING) lost[base + LOSS[part]!]! += amount;
    else if (isTransfer(problem, trace.task[row]!)) lost[base + COPYING]! += amount;
    else {
      const cap = Math.min(trace.cores[row]!, usable(problem, trace.task[row]!));
      const capped = claim > cap ? (claim - cap) / Math.max(claim - cap, claim - rateOf({ row, part })) : 0;
      lost[base + MAX_CORES]! += amount * capped;
      lost[base + SERIAL]! += amount * (1 - capped);
    }
  }

  function rateOf({ row, part }: Pick<Stretch, "row" | "part">): number {
    if (part !== BUILDING) return 0;
    const rate = (trace.coreSeconds[row]! * 1e6) / (trace.built[row]! - trace.started[row]!) / processorShare(problem.hosts, host);
    return Number.isFinite(rate) ? rate : 0;
  }
}

/** A fetch, whose time is its download. */
function isTransfer({ tasks }: Problem, task: number): boolean {
  return tasks.fetch[task] === 1;
}

/** Cores that the build can use at once: given, or those of a measured time. */
function usable({ tasks }: Problem, task: number): number {
  const wall = tasks.seconds[task]!;
  return wall === wall ? tasks.cpu[task]! : tasks.maxCores[task]!;
}
