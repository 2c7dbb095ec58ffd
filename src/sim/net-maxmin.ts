// Every host has a link up and a link down; all flows under way share them max-min fairly, whoever sends to whom.
// Assumes and ignores: as src/sim/maxmin.ts, whose rates it asks for at every start and end.
import type { Arrived, Flows, Network, NetworkContext } from "./network.js";
import { LinkUse } from "./link-use.js";
import { maxminRates } from "./maxmin.js";
import { microsUntil } from "./timers.js";

interface Flow {
  readonly flight: number;
  readonly route: readonly number[];
  rest: number;
  rate: number;
  since: number;
  endAt: number;
}

export function netMaxmin({ hosts, timers }: NetworkContext): Network {
  const capacities = new Float64Array(2 * hosts.count);
  for (let h = 0; h < hosts.count; h++) {
    capacities[2 * h] = hosts.up[h]! / 1e6;
    capacities[2 * h + 1] = hosts.down[h]! / 1e6;
  }
  const use = new LinkUse(hosts.count);
  let flows: Flow[] = [];

  function ended(flow: Flow, now: number): void {
    for (const link of flow.route) use.ends(link >> 1, now);
  }

  function share(now: number): void {
    const rates = maxminRates(
      capacities,
      flows.map((flow) => flow.route),
    );
    let first = Number.POSITIVE_INFINITY;
    flows.forEach((flow, f) => {
      const rate = rates[f]!;
      if (rate !== flow.rate) {
        if (flow.rate > 0 && now > flow.since) flow.rest = Math.max(0, flow.rest - flow.rate * (now - flow.since));
        flow.since = now;
        flow.rate = rate;
        flow.endAt = now + microsUntil(flow.rest, rate);
      }
      first = Math.min(first, flow.endAt);
    });
    if (first === Number.POSITIVE_INFINITY) timers.delete(timers.layout.net);
    else timers.set(timers.layout.net, first);
  }

  return {
    send(flight: number, sent: Flows, to: number, now: number): number {
      for (let f = 0; f < sent.count; f++) {
        use.begins(sent.from[f]!, now);
        use.begins(to, now);
        flows.push({ flight, route: [2 * sent.from[f]!, 2 * to + 1], rest: sent.bytes[f]!, rate: -1, since: now, endAt: now });
      }
      share(now);
      return -1;
    },
    cancel(flight: number, now: number): void {
      for (const flow of flows) if (flow.flight === flight) ended(flow, now);
      flows = flows.filter((flow) => flow.flight !== flight);
      share(now);
    },
    busyMicros: (host, now) => use.busyMicros(host, now),
    fire(_actor: number, now: number, arrived: Arrived): void {
      const over = flows.filter((flow) => flow.endAt <= now);
      for (const flow of over) ended(flow, now);
      flows = flows.filter((flow) => flow.endAt > now);
      share(now);
      const under = new Set(flows.map((flow) => flow.flight));
      const told = new Set<number>();
      for (const { flight } of over) {
        if (under.has(flight) || told.has(flight)) continue;
        told.add(flight);
        arrived(flight);
      }
    },
  };
}
