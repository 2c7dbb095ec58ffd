// What the lives of all builds share: the truth, the physics, the clock of the run. One class, so that the engine sees
// one shape. Knows no phases.
import type { Conduct } from "#dispatch/conduct.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Presence } from "#dispatch/presence.js";
import type { Trace } from "#dispatch/trace.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import type { Cpu } from "./cpu.js";
import type { Failures } from "./faults.js";
import type { Flights } from "./flights.js";
import type { Load } from "./load.js";
import type { Network } from "./network.js";
import type { Timers } from "./timers.js";

export class World {
  /** The instant that is being lived, µs. */
  now = 0;
  readonly trace: Trace;
  readonly presence: Presence | null;

  constructor(
    readonly truth: Problem,
    readonly models: Models,
    readonly conduct: Conduct,
    /** Those of one coordinator: they share trace and presence. */
    readonly clients: readonly Dispatcher[],
    readonly flights: Flights,
    readonly timers: Timers,
    readonly cpu: Cpu,
    readonly network: Network,
    readonly load: Load,
    readonly seed: number,
    readonly failures: Failures | null,
  ) {
    this.trace = clients[0]!.trace;
    this.presence = clients[0]!.presence;
  }

  /** Whoever asked for the flight is told of it. */
  clientOf(flight: number): Dispatcher {
    return this.clients[this.flights.client[flight]!]!;
  }

  /** Lets the flight wait in that phase; false when the delay (µs) is nothing and it goes on at once. */
  waits(flight: number, phase: number, delay: number): boolean {
    if (delay <= 0) return false;
    this.flights.phase[flight] = phase;
    this.timers.set(this.timers.layout.delay + flight, this.now + delay);
    return true;
  }
}
