// One timer per actor, re-keyed in one indexed heap: what happens next, and in which order inside one instant. That
// order is the layout of the ids below, never the order of insertion: outage, recovery, the clients' own time, copies
// and delays, fetches, builds, arrivals, alarms; of equal ones the earlier client, host or flight first. "Outage before completion: a build that ends as its host dies is lost."
import { IndexedHeap } from "#base/heap.js";

export interface TimerLayout {
  readonly outage: number;
  readonly recovery: number;
  /** client + k: the own time of the k-th client. */
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
  /** alarm + k: when the k-th client wants to be woken. */
  readonly alarm: number;
  readonly end: number;
}

export function timerLayout(clients: number, flights: number, hosts: number, links: number): TimerLayout {
  const client = 2;
  const delay = client + clients;
  const net = delay + flights;
  const fetch = net + links;
  const cpu = fetch + hosts;
  const build = cpu + hosts;
  const arrival = build + flights;
  const alarm = arrival + 1;
  return { outage: 0, recovery: 1, client, delay, net, fetch, cpu, build, arrival, alarm, end: alarm + clients };
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
