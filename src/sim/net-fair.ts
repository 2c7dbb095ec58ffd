// A star with one hub: uploads share the coordinator's link up, downloads its link down, each capped by its builder's
// link, which the downloads of one builder split evenly. Assumes: every transfer passes the coordinator, full duplex.
// A link with a queue carries headers too, and the acknowledgements of a copy wait behind the bytes of one that goes the other
// way. Ignores: what a capped download leaves to others of its builder. Judge: max-min on the same star.
// Source: 110 copies on links of 12 and 24 Mbit/s: alone 0.96 of the rate, beside one the other way 0.78.
import { COORDINATOR } from "#base/units.js";
import type { Arrived, Flows, Network, NetworkContext } from "./network.js";
import { LinkUse } from "./link-use.js";
import { Sharing } from "./sharing.js";

const UP = 0;
const DOWN = 1;

/** Of what Ethernet carries, the share that TCP's users see. */
const PAYLOAD = 1448 / 1514;
/** Of its rate a copy loses so much of the link's `queueing` to one that goes the other way. */
const ACKS_LATE = 0.27;

export function netFair({ hosts, flights, timers }: NetworkContext): Network {
  const capacity = Float64Array.of(hosts.up[COORDINATOR]! / 1e6, hosts.down[COORDINATOR]! / 1e6);
  const hub = new Sharing(capacity, flights, timers, timers.layout.net, null);
  const builderOf = new Int32Array(flights);
  const use = new LinkUse(hosts.count);
  const crowd = [new Int32Array(hosts.count), new Int32Array(hosts.count)];
  const link = [hosts.down, hosts.up];

  function capOf(side: number, flight: number): number {
    const builder = builderOf[flight]!;
    return (link[side]![builder]! / 1e6 / crowd[side]![builder]!) * payload(builder, crowd[1 - side]![builder]!);
  }

  function payload(builder: number, opposite: number): number {
    const queueing = hosts.queueing[builder]!;
    if (queueing === 0) return 1;
    return opposite > 0 ? PAYLOAD * (1 - ACKS_LATE * queueing) : PAYLOAD;
  }

  /** One way has a first copy, or no more: what goes the other way has another rate. */
  function turned(builder: number, side: number, now: number): void {
    const opposite = 1 - side;
    if (hosts.queueing[builder]! > 0 && crowd[opposite]![builder]! > 0) hub.recap(opposite, (other) => capOf(opposite, other), now);
  }

  function drop(flight: number, side: number, now: number): void {
    const builder = builderOf[flight]!;
    const left = --crowd[side]![builder]!;
    hub.leave(flight, now);
    use.ends(builder, now);
    sideOf[flight] = -1;
    if (left > 0) hub.recap(side, (other) => capOf(side, other), now);
    else turned(builder, side, now);
  }

  const sideOf = new Int8Array(flights).fill(-1);
  return {
    send(flight: number, flows: Flows, to: number, now: number): number {
      let bytes = 0;
      for (let f = 0; f < flows.count; f++) bytes += flows.bytes[f]!;
      const side = to === COORDINATOR ? DOWN : UP;
      builderOf[flight] = side === DOWN ? flows.from[0]! : to;
      const others = crowd[side]![builderOf[flight]!]!++;
      sideOf[flight] = side;
      use.begins(builderOf[flight]!, now);
      if (others > 0) hub.recap(side, (other) => capOf(side, other), now);
      hub.join(side, flight, bytes, capOf(side, flight), now);
      if (others === 0) turned(builderOf[flight]!, side, now);
      return -1;
    },
    cancel(flight: number, now: number): void {
      if (sideOf[flight] !== -1) drop(flight, sideOf[flight]!, now);
    },
    busyMicros: (host, now) => use.busyMicros(host, now),
    fire(actor: number, now: number, arrived: Arrived): void {
      for (let flight = hub.ended(actor, now); flight >= 0; flight = hub.ended(actor, now)) {
        drop(flight, actor, now);
        arrived(flight);
      }
    },
  };
}
