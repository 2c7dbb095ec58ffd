// Executes a static plan: every host takes its tasks in the planned order, each as soon as it is ready and a slot is
// free; a later one never overtakes. Where the planned host is gone or not to be used, the next allowed one takes over.
import type { HostId, TaskId } from "#base/units.js";
import type { Act, Policy, View } from "#dispatch/policy.js";
import type { Problem } from "#model/problem.js";

export interface Plan {
  readonly host: Int32Array;
  /** Seconds. */
  readonly start: Float64Array;
  readonly finish: Float64Array;
}

/** `ahead`: what is built goes at once to the hosts of those that need it. */
export function follow(problem: Problem, plan: Plan, ahead: boolean): Policy {
  const { graph, hosts } = problem;
  const queues: TaskId[][] = Array.from({ length: hosts.count }, () => []);
  for (let t = 0; t < graph.count; t++) if (plan.host[t]! >= 0) queues[plan.host[t]!]!.push(t as TaskId);
  for (const queue of queues) queue.sort((a, b) => plan.start[a]! - plan.start[b]! || plan.finish[a]! - plan.finish[b]! || a - b);
  const placeOf = new Int32Array(graph.count);
  for (const queue of queues) for (let k = 0; k < queue.length; k++) placeOf[queue[k]!] = k;
  const next = new Int32Array(hosts.count);
  const strays: TaskId[] = [];

  /** Ready tasks whose planned host is down, or stands behind a preferred one; and those tried again. */
  function elsewhere(task: TaskId, view: View): HostId | -1 {
    for (let h = 0; h < hosts.count; h++) if (view.room(task, h as HostId)) return h as HostId;
    return -1;
  }

  function sendAhead(task: TaskId, act: Act): void {
    for (let e = graph.succStart[task]!; e < graph.succStart[task + 1]!; e++) {
      const host = plan.host[graph.succ[e]!]!;
      if (host >= 0) act.stage(task, host as HostId);
    }
  }

  return {
    decide(view: View, act: Act): void {
      if (ahead) for (let i = 0; i < view.ended.length; i++) sendAhead(view.ended.ids[i]! as TaskId, act);
      const start = (task: TaskId, host: HostId): void => act.start(task, host, hosts.coresPerBuild[host]!);
      for (let i = 0; i < view.readied.length; i++) {
        const task = view.readied.ids[i]! as TaskId;
        if (plan.host[task]! < 0 || placeOf[task]! < next[plan.host[task]!]!) strays.push(task);
      }
      for (let h = 0; h < hosts.count && !view.asking; h++) {
        const host = h as HostId;
        const queue = queues[h]!;
        while (next[h]! < queue.length && !view.asking) {
          const task = queue[next[h]!]!;
          if (view.failed(task)) {
            next[h]!++;
            continue;
          }
          if (!view.isReady(task)) break;
          const to = view.room(task, host) ? host : view.up(host) && view.may(task, host) ? -1 : elsewhere(task, view);
          if (to < 0) break;
          next[h]!++;
          start(task, to as HostId);
        }
      }
      for (let i = 0; i < strays.length && !view.asking; i++) {
        const to = view.isReady(strays[i]!) ? elsewhere(strays[i]!, view) : -1;
        if (to < 0) continue;
        start(strays[i]!, to as HostId);
        strays.splice(i--, 1);
      }
    },
  };
}
