// Transfers alone on their way: bytes ÷ min(sender up, receiver down), the longest flow of a shipment counts.
// Assumes: links never shared. Ignores: all contention. Source: the textbook model (HEFT and its kin).
import type { Flows, Network, NetworkContext } from "./network.js";
import { microsUntil } from "./timers.js";

export function netFixed({ hosts }: NetworkContext): Network {
  return {
    send(_flight: number, flows: Flows, to: number): number {
      let longest = 0;
      for (let f = 0; f < flows.count; f++) {
        const rate = Math.min(hosts.up[flows.from[f]!]!, hosts.down[to]!) / 1e6;
        longest = Math.max(longest, microsUntil(flows.bytes[f]!, rate));
      }
      return longest;
    },
    cancel(): void {},
    busyMicros: () => 0,
    fire(): void {},
  };
}
