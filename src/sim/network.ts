// What moves bytes: one interface, four models. A shipment belongs to a flight and may have several flows (inputs from
// several builders); the network reports when the last byte is there. Knows links and bytes, not builds.
import type { Hosts } from "#model/hosts.js";
import type { Timers } from "./timers.js";

/** Flows of one shipment, in columns; reused by the caller. */
export interface Flows {
  readonly count: number;
  readonly from: Int32Array;
  readonly bytes: Float64Array;
}

/** Told by the network: the shipment of this flight has arrived. */
export type Arrived = (flight: number) => void;

export interface Network {
  /**
   * Sends all flows to host `to`. Returns the µs until arrival where that is known now (nothing contends), or −1:
   * then `arrived` is called later. Latency is the caller's.
   */
  send(flight: number, flows: Flows, to: number, now: number): number;
  /** Takes a shipment back (its host is lost). */
  cancel(flight: number, now: number): void;
  /** Microseconds up to now during which copies to or from the host were on its link; 0 where nothing contends. */
  busyMicros(host: number, now: number): number;
  /** One of the network's timers is due. */
  fire(actor: number, now: number, arrived: Arrived): void;
}

export interface NetworkContext {
  readonly hosts: Hosts;
  readonly flights: number;
  readonly timers: Timers;
}

/** Timers a network may use, counted from layout.net. */
export const NET_TIMERS = 2;
