// What the lives of all builds share: the truth, the physics, the clock of the run. One class, so that the engine sees
// one shape. Knows no phases.
import { draw, drawFactor } from "#base/random.js";
import { COORDINATOR, type HostId, NONE, type TaskId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import type { Presence } from "#dispatch/presence.js";
import type { Trace } from "#dispatch/trace.js";
import { copyLoad } from "#model/hosts.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import type { Cpu } from "./cpu.js";
import type { Failures } from "./faults.js";
import type { Flights } from "./flights.js";
import type { Load } from "./load.js";
import type { Network } from "./network.js";
import type { Shipment } from "./shipment.js";
import type { Timers } from "./timers.js";

/** Of the usual work, what a copy is where ssh's buffers never grow. */
const SMOOTH = 0.1;

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

  /** Sends what the flight waits for in that phase; false when it is there at once. */
  sends(flight: number, phase: number, shipment: Shipment, to: number): boolean {
    const { flights, cpu, now } = this;
    flights.phase[flight] = phase;
    const delay = this.network.send(flight, shipment, to, now);
    const work = this.copyMicros(flight, shipment, to);
    if (work > 0) cpu.copy(flight, work, now);
    return delay < 0 || this.waits(flight, phase, delay) || cpu.lingers(flight);
  }

  /** What a copy costs the coordinator's CPU. */
  private copyMicros(flight: number, shipment: Shipment, to: number): number {
    const { machines } = this.truth.hosts;
    if (machines === null || !this.cpu.works(COORDINATOR)) return 0;
    const rate = (to === COORDINATOR ? machines.copyUp : machines.copyDown)[this.flights.host[flight]!]!;
    return (copyLoad(shipment.total()) / rate) * 1e6 * this.copyFactor(flight, to);
  }

  /** How many times the usual work that copy is. */
  private copyFactor(flight: number, to: number): number {
    const { copyCv, copySmooth } = this.conduct.timing;
    const key = `${this.truth.graph.keys[this.flights.task[flight]!]!} ${to === COORDINATOR ? "home" : "out"}`;
    if (copySmooth > 0 && draw(this.seed, "smooth", key) < copySmooth) return SMOOTH;
    return drawFactor(this.seed, "copy", key, copyCv);
  }

  /** Begins that share of the flight's build on the cores of its host. */
  builds(flight: number, grant: number, share: number): void {
    const task = this.flights.task[flight]! as TaskId;
    const host = this.flights.host[flight]! as HostId;
    const { machines, names } = this.truth.hosts;
    const on = machines === null ? NONE : machines.on[host]!;
    const varies = (purpose: string, cv: number): number =>
      cv === 0 ? 1 : drawFactor(this.seed, purpose, `${this.truth.graph.keys[task]!} ${names[host]!}`, cv);
    const work = on === NONE || this.cpu.isMeasured(task, host) ? 1 : varies("work", machines!.workCv[on]!);
    const weight = on === NONE ? 1 : varies("share", machines!.shareCv[on]!);
    this.cpu.begin(flight, task, host, grant, share * work, weight, this.now);
  }

  /** Lets the flight do work of that length on its host's CPU, on so many cores, or where nothing is known of that wait as long. */
  works(flight: number, phase: number, micros: number, most = 1): boolean {
    const host = this.flights.host[flight]!;
    if (micros <= 0 || !this.cpu.works(host)) return this.waits(flight, phase, micros);
    this.flights.phase[flight] = phase;
    this.cpu.chore(flight, host, micros, most, this.now);
    return true;
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
