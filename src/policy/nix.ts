// What Nix chooses: remote machines first, the least load ÷ speedFactor among those with a free slot (integers before
// 2.20, 32-bit floats after), ties to the higher speedFactor, then the smaller load, then the earlier line; the local
// host only when no machine has room. Durations, cores, locality and memory are ignored, because Nix ignores them.
// Source: build-remote and Worker of Nix 2.8.0–2.35.2 as read; reproduced on 2.8.0, 2.26.3 and 2.34.8.
import * as z from "zod";
import { COORDINATOR, type HostId, type TaskId } from "#base/units.js";
import { NIX_DEFAULT_VERSION, nixConduct } from "#dispatch/conducts.js";
import { atLeast, type NixVersion, nixVersion } from "#model/nix-version.js";
import type { Act, Policy, PolicyKind, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";

const params = z.strictObject({
  version: z
    .union([z.string(), z.number()])
    .default(NIX_DEFAULT_VERSION)
    .transform((value) => String(value))
    .refine((text) => nixVersion(text) !== undefined, { error: "a Nix version such as 2.8, 2.26 or 2.34" }),
  /** nix.conf's, which is true where nobody says otherwise. Off here as on the machines that were measured: tell it where it counts. */
  substitute: z.boolean({ error: "true or false" }).default(false),
});

export const nix: PolicyKind<z.infer<typeof params>> = {
  about: "what Nix does: remote first, least load ÷ speedFactor",
  source: "Nix build-remote and Worker as read, reproduced on 2.8.0, 2.26.3, 2.34.8",
  conduct: ({ version, substitute }) => nixConduct(nixVersion(version)!, substitute),
  params,
  create: (problem, { version }) => nixPolicy(problem, nixVersion(version)!),
};

/** Refusals of one round: each takes time, and slots may be freed meanwhile. */
const REFUSALS_PER_ROUND = 16;

/** Outcome of a question when no machine takes the task. */
const POSTPONE = -1;
const DECLINE = -2;
const NOBODY = -3;

export function nixPolicy(problem: Problem, version: NixVersion): Policy {
  const { hosts, tasks, demand } = problem;
  const quotient = loadRule(version);
  const believed = hosts.speedFactor.map((factor) => (factor === 0 ? 1 : factor));
  const localSlots = hosts.maxJobs[COORDINATOR]!;
  /** Goals that are alike to Nix: class × preferLocal. First offered, first asked. */
  const groups: Fifo[] = Array.from({ length: demand.classes * 2 }, () => ({ tasks: [], order: [], head: 0 }));
  const shut = new Uint8Array(groups.length);
  let sequence = 0;
  /** The last that was sent to a machine. */
  let asking = -1;

  function canBuildLocally(task: TaskId, view: View): boolean {
    return localSlots > 0 && view.may(task, COORDINATOR);
  }

  /** The question of the build hook: a machine, or why there is none. */
  function ask(task: TaskId, view: View, act: Act): number {
    let rightType = false;
    let best = -1;
    let bestLoad = 0;
    let bestRatio = 0;
    for (let h = 1; h < hosts.count; h++) {
      const host = h as HostId;
      if (!view.up(host) || !view.may(task, host)) continue;
      rightType = true;
      const load = view.running(host);
      if (view.slotsFree(host) === 0) continue;
      const ratio = quotient(load, believed[h]!);
      act.note(task, host, ratio);
      if (best >= 0) {
        if (ratio > bestRatio) continue;
        if (ratio === bestRatio && (believed[h]! < believed[best]! || (believed[h] === believed[best] && load >= bestLoad))) continue;
      }
      best = h;
      bestLoad = load;
      bestRatio = ratio;
    }
    if (best >= 0) return best;
    const local = canBuildLocally(task, view);
    if (rightType && !(local && view.slotsFree(COORDINATOR) > 0)) return POSTPONE;
    return local ? DECLINE : NOBODY;
  }

  /** True when the goal is settled for this round: started, or asleep. */
  function settle(task: TaskId, view: View, act: Act): boolean {
    if (!view.declined(task)) {
      const localOnly = tasks.preferLocal[task] === 1 && canBuildLocally(task, view);
      const answer = localOnly ? DECLINE : ask(task, view, act);
      if (answer >= 0) {
        asking = task;
        act.start(task, answer as HostId, hosts.coresPerBuild[answer]!);
        return true;
      }
      asking = -1;
      act.pass(task, answer === POSTPONE ? "tick" : answer === DECLINE ? "local-slot" : "nobody");
      if (answer !== DECLINE || !view.isReady(task)) return !view.isReady(task);
    }
    if (view.slotsFree(COORDINATOR) > 0) {
      act.start(task, COORDINATOR, hosts.coresPerBuild[COORDINATOR]!);
      return true;
    }
    act.pass(task, "local-slot");
    return !view.isReady(task);
  }

  return {
    decide(view: View, act: Act): void {
      const { ids, length } = view.readied;
      for (let i = 0; i < length; i++) {
        const fifo = groups[tasks.classOf[ids[i]!]! * 2 + tasks.preferLocal[ids[i]!]!]!;
        // Its ask reached nobody: it stands where it stood.
        if (ids[i] === asking && fifo.head > 0 && fifo.tasks[fifo.head - 1] === asking) fifo.head--;
        else push(fifo, ids[i]!, sequence++);
      }
      shut.fill(0);
      for (let refused = 0; refused < REFUSALS_PER_ROUND && !view.asking; ) {
        const group = firstGroup(groups, shut, view);
        if (group < 0) return;
        const fifo = groups[group]!;
        const task = fifo.tasks[fifo.head]! as TaskId;
        if (!settle(task, view, act)) shut[group] = 1;
        else {
          fifo.head++;
          if (view.hostOf(task) < 0) refused++;
        }
      }
    },
  };
}

interface Fifo {
  readonly tasks: number[];
  readonly order: number[];
  head: number;
}

function push(fifo: Fifo, task: number, order: number): void {
  if (fifo.head === fifo.tasks.length) {
    fifo.tasks.length = 0;
    fifo.order.length = 0;
    fifo.head = 0;
  }
  fifo.tasks.push(task);
  fifo.order.push(order);
}

/** The group whose first ready goal was offered first, −1 when none is left. */
function firstGroup(groups: readonly Fifo[], shut: Uint8Array, view: View): number {
  let first = -1;
  for (let g = 0; g < groups.length; g++) {
    if (shut[g] === 1) continue;
    const fifo = groups[g]!;
    while (fifo.head < fifo.tasks.length && !view.isReady(fifo.tasks[fifo.head]! as TaskId)) fifo.head++;
    if (fifo.head === fifo.tasks.length) shut[g] = 1;
    else if (first < 0 || fifo.order[fifo.head]! < groups[first]!.order[groups[first]!.head]!) first = g;
  }
  return first;
}

/** Load ÷ speedFactor: unsigned integers before 2.20, C++ float from then on. */
function loadRule(version: NixVersion): (load: number, speed: number) => number {
  if (!atLeast(version, "2.20")) return (load, speed) => Math.floor(load / Math.max(1, Math.floor(speed)));
  return (load, speed) => Math.fround(Math.fround(load) / Math.fround(speed));
}
