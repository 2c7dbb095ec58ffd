// One timer per actor, re-keyed in one indexed heap: what happens next, and in which order inside one instant. That
// order is the layout of the ids below, never the order of insertion: outage, recovery, the client's own time, copies
// and delays, fetches, builds, arrivals, alarm. "Outage before completion: a build that ends as its host dies is lost."
import { IndexedHeap } from "#base/heap.js";

export interface TimerLayout {
  readonly outage: number;
  readonly recovery: number;
  readonly client: number;
  /** delay + flight: fixed latencies and copies without contention. */
  readonly delay: number;
  /** net + k: shared links. */
  readonly net: number;
  /** fetch + host: the host's internet. */
  readonly fetch: number;
  /** cpu + host: shared CPU. */
  readonly cpu: number;
  /** build + flight: builds with a CPU of their own. */
  readonly build: number;
  readonly arrival: number;
  readonly alarm: number;
  readonly end: number;
}

export function timerLayout(flights: number, hosts: number, links: number): TimerLayout {
  const delay = 3;
  const net = delay + flights;
  const fetch = net + links;
  const cpu = fetch + hosts;
  const build = cpu + hosts;
  const arrival = build + flights;
  return { outage: 0, recovery: 1, client: 2, delay, net, fetch, cpu, build, arrival, alarm: arrival + 1, end: arrival + 2 };
}

/** The heap, with the id as tie-break. Keys are integer µs. */
export class Timers extends IndexedHeap {
  constructor(readonly layout: TimerLayout) {
    super(layout.end);
  }
}

/** Rest ÷ rate, rounded up to whole µs; a hair less, so that an end that is exact but for rounding stays exact. */
export function microsUntil(rest: number, rate: number): number {
  return Math.max(0, Math.ceil(rest / rate - 2 ** -10));
}
