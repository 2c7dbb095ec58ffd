// The loop of both worlds: decide, perform, wait. The live executor has the same loop with await.
import type { Dispatcher } from "./dispatcher.js";
import type { Executor } from "./executor.js";

export function drive(dispatcher: Dispatcher, executor: Executor): void {
  do {
    dispatcher.settle(executor.clock.now());
    executor.perform(dispatcher.decisions);
  } while (!dispatcher.done && executor.next(dispatcher) === "moved");
}
