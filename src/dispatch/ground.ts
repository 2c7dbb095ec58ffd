// What the clients of one coordinator share: slots, latest attempts, what is where, what is built. One client alone has a
// ground of its own, and needs no account of what others build.
import { NONE } from "#base/units.js";
import { hasTransfers, type Problem } from "#model/problem.js";
import { Outputs } from "./outputs.js";
import { Presence } from "./presence.js";
import { Slots } from "./slots.js";

export interface Ground {
  readonly slots: Slots;
  /** By task: the host that builds or has built it, NONE while undecided. */
  readonly hostOf: Int32Array;
  /** By task: row of the trace of the latest attempt. */
  readonly row: Int32Array;
  /** Null where nothing has to be moved. */
  readonly presence: Presence | null;
  /** Null where one client asks for everything. */
  readonly outputs: Outputs | null;
}

/** Where a client stands. */
export interface Seat {
  readonly ground: Ground;
  /** Which of the problem's clients, 0 where there is one. */
  readonly client: number;
}

export function groundOf(problem: Problem, clients: number): Ground {
  const { count } = problem.graph;
  const hostOf = new Int32Array(count).fill(NONE);
  return {
    slots: new Slots(problem, clients),
    hostOf,
    row: new Int32Array(count).fill(NONE),
    presence: hasTransfers(problem) ? new Presence(problem, hostOf) : null,
    outputs: clients > 1 ? new Outputs(count) : null,
  };
}

export function soleSeat(problem: Problem): Seat {
  return { ground: groundOf(problem, 1), client: 0 };
}
