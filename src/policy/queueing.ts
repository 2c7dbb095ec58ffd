// The frame of list scheduling: ready tasks wait in one queue per class, best rank first; whoever is best among the
// classes that have room now is placed by the placement rule. A policy gives an order and a placement, no more.
// Source: Graham 1969 (list scheduling); classes keep it fast when a whole system's hosts are full.
import type { HostId, TaskId } from "#base/units.js";
import type { Act, Policy, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";
import { ReadyQueue } from "./ready-queue.js";

/** Nobody can take this task now, or any other that needs cores: its class can rest for this round. */
export const NOBODY = -2;

/** Picks a host among those with room for the task now, or −1 to let it wait, or NOBODY. `note` its scores. */
export type Placement = (task: TaskId, view: View, act: Act) => number;

/** Smaller key first, then smaller tie. `stamped`: the key is the instant at which the task was readied. */
export interface Order {
  readonly key: Float64Array;
  readonly tie: Int32Array;
  readonly stamped: boolean;
}

/** Tasks of a class that may be passed over in one round because nobody has room for them. */
const ASIDE_MAX = 32;

export function queueing(problem: Problem, order: Order, place: Placement): Policy {
  const { graph, tasks, hosts, demand } = problem;
  const { key, tie } = order;
  const queued = new Uint8Array(graph.count);
  const queues = Array.from({ length: demand.classes }, () => new ReadyQueue(key, tie, queued));
  const shut = new Uint8Array(demand.classes);
  const asideOf = new Int32Array(demand.classes);
  const aside: number[] = [];

  /** Some host may run the class and has a slot: a cheap test before the placement's own. */
  function hasSlot(kind: number, view: View): boolean {
    const { ids, length } = view.open;
    for (let i = 0; i < length; i++) if (demand.denied[kind * hosts.count + ids[i]!] === 0) return true;
    return false;
  }

  function best(view: View): number {
    let first = -1;
    if (view.open.length === 0) return first;
    for (let c = 0; c < queues.length; c++) {
      if (shut[c] === 1) continue;
      const queue = queues[c]!;
      while (queue.size > 0 && !view.isReady(queue.top() as TaskId)) queue.pop();
      const top = queue.top();
      if (top < 0 || !hasSlot(c, view)) {
        shut[c] = 1;
        continue;
      }
      if (first < 0 || key[top]! < key[first]! || (key[top] === key[first] && tie[top]! < tie[first]!)) first = top;
    }
    return first;
  }

  return {
    decide(view: View, act: Act): void {
      const { ids, length } = view.readied;
      for (let i = 0; i < length; i++) {
        const task = ids[i]!;
        if (order.stamped && queued[task] === 0) key[task] = view.now;
        queues[tasks.classOf[task]!]!.push(task);
      }
      if (view.open.length === 0) return;
      shut.fill(0);
      asideOf.fill(0);
      for (let task = best(view); task >= 0 && !view.asking; task = best(view)) {
        const kind = tasks.classOf[task]!;
        const host = place(task as TaskId, view, act);
        queues[kind]!.pop();
        if (host >= 0) act.start(task as TaskId, host as HostId, hosts.coresPerBuild[host]!);
        else {
          aside.push(task);
          if (host === NOBODY || ++asideOf[kind]! === ASIDE_MAX) shut[kind] = 1;
        }
      }
      if (aside.length === 0) return;
      for (const task of aside) queues[tasks.classOf[task]!]!.push(task);
      aside.length = 0;
    },
  };
}
