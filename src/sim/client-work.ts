// What a serial client does itself, where its machine is shared: asks and hooks are work of the coordinator's CPU, ASK_CORES
// of it, beside builds, copies and the other hosts of that machine; then the builder's part of a connect is work of its CPU.
// Assumes: what a connect takes besides the builder's CPU is the client's, all of it: on one machine nobody waits for a wire.
// Source: process accounting on the testbed, 8 builds of nothing: 0.21 s of the client and 0.17 s of the builder each, of 0.41 s.
import { COORDINATOR, type HostId, NONE } from "#base/units.js";
import { ASK_CORES } from "#model/hosts.js";
import { ASKED } from "./flights.js";
import type { Handshakes } from "./handshake.js";
import type { World } from "./world.js";

export class ClientWork {
  /** The coordinator shares a machine. */
  readonly counts: boolean;
  /** By client: the flight that it connects for, what the builder's CPU will do for that, and the last span of the trace. */
  private readonly flight: Int32Array;
  private readonly hostMicros: Float64Array;
  private readonly span: Int32Array;
  /** By client: whether it waits for the builder's part. */
  private readonly atHost: Uint8Array;

  constructor(
    private readonly world: World,
    private readonly handshakes: Handshakes,
    serial: boolean,
  ) {
    const clients = world.clients.length;
    this.counts = serial && world.cpu.works(COORDINATOR);
    this.flight = new Int32Array(clients).fill(NONE);
    this.hostMicros = new Float64Array(clients);
    this.span = new Int32Array(clients);
    this.atHost = new Uint8Array(clients);
  }

  /** The next work of its client ends with a connect for that flight, which is asked for at `at`. */
  connects(flight: number, at: number): void {
    const { flights, trace } = this.world;
    const client = flights.client[flight]!;
    const attempt = trace.attempt[flights.row[flight]!]!;
    this.flight[client] = flight;
    this.hostMicros[client] = this.handshakes.hostMicros(flights.task[flight]!, flights.host[flight]! as HostId, attempt, at);
  }

  /** The client works for so long, on a hook or on an ask, which the last span of the trace shows. */
  begins(client: number, micros: number, hook: boolean): void {
    const { cpu, trace, now } = this.world;
    this.span[client] = trace.spans.length - 1;
    if (micros > 0) cpu.own(client, micros, hook ? cpu.hookFactor() : 1, now);
    else this.ended(client);
  }

  /** The client's own work is done. */
  ended(client: number): void {
    const flight = this.flight[client]!;
    if (this.isAsking(client, flight) && this.world.works(flight, ASKED, this.hostMicros[client]!, ASK_CORES)) this.atHost[client] = 1;
    else this.over(client);
  }

  /** True where that flight's wait was the builder's part of a connect, which is open now. */
  opened(flight: number): boolean {
    const client = this.counts ? this.flight.indexOf(flight) : NONE;
    if (client < 0 || this.atHost[client] === 0 || !this.isAsking(client, flight)) return false;
    this.over(client);
    return true;
  }

  /** The attempt is broken off: whoever waited for the builder's part of its connect is free. */
  broken(flight: number): void {
    const client = this.flight.indexOf(flight);
    if (client < 0 || !this.isAsking(client, flight)) return;
    this.flight[client] = NONE;
    if (this.atHost[client] === 1) this.over(client);
  }

  private isAsking(client: number, flight: number): boolean {
    const { flights } = this.world;
    return flight !== NONE && flights.phase[flight] === ASKED && flights.client[flight] === client;
  }

  /** The client and the flight go on within this instant, in the order of their timers. */
  private over(client: number): void {
    const { timers, trace, now } = this.world;
    const flight = this.flight[client]!;
    const span = this.span[client]!;
    this.flight[client] = NONE;
    this.atHost[client] = 0;
    if (span >= 0) trace.spans[span] = { ...trace.spans[span]!, to: now };
    if (flight !== NONE) timers.set(timers.layout.delay + flight, now);
    timers.set(timers.layout.client + client, now);
  }
}
