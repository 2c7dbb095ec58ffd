// The loop of both worlds: decide, perform, wait. The live executor has the same loop with await.
import type { Dispatcher } from "./dispatcher.js";
import type { Executor } from "./executor.js";

/** Clients decide one after the other, in their order: of two that want one slot at one instant the earlier gets it. */
export function drive(clients: readonly Dispatcher[], executor: Executor): void {
  do {
    for (const client of clients) {
      client.settle(executor.clock.now());
      executor.perform(client.decisions);
    }
  } while (!areDone(clients) && executor.next() === "moved");
}

function areDone(clients: readonly Dispatcher[]): boolean {
  for (const client of clients) if (!client.done) return false;
  return true;
}
