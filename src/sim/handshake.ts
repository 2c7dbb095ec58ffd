// How long a client's connect takes in this world: its usual time under the load of the moment, and a share of the time
// during which copies were on the same link, whose bytes stand in the queue before the packets of the handshake. Where Nix's
// connections are kept (ControlMaster), the first ask to a host opens one.
// Source: recorded runs with bulk copies on links of 12 and 24 Mbit/s.
import { COORDINATOR, type HostId, NONE } from "#base/units.js";
import { connectSeconds } from "#model/problem.js";
import { ASKED } from "./flights.js";
import type { World } from "./world.js";

/** Less than this is not worth another wait, µs. */
const LEAST = 1000;

export class Handshakes {
  /** By client, of the connect that it waits for: flight, its span in the trace, how long the link had been busy, what was waited for that. */
  private readonly flight: Int32Array;
  private readonly span: Int32Array;
  private readonly busyBefore: Float64Array;
  private readonly waited: Float64Array;
  /** By host: whether a connection is kept. */
  private readonly open: Uint8Array;
  /** Whether the last ask connects. */
  private opening = false;

  constructor(private readonly world: World) {
    const clients = world.clients.length;
    this.flight = new Int32Array(clients).fill(NONE);
    this.span = new Int32Array(clients);
    this.busyBefore = new Float64Array(clients);
    this.waited = new Float64Array(clients);
    this.open = new Uint8Array(world.truth.hosts.count);
  }

  /** Microseconds until an ask at `at` is accepted if no copy is in its way: a connect, where they are not kept; without the builder's part where that is work of a shared machine. */
  micros(task: number, host: HostId, attempt: number, at: number): number {
    const { truth, conduct, load, cpu } = this.world;
    if (host === COORDINATOR) return 0;
    this.opening = conduct.timing.connect === "each" || this.opens(host);
    if (!this.opening) return load.micros(conduct.timing.acceptSeconds);
    const key = truth.graph.keys[task]!;
    if (cpu.works(COORDINATOR)) return load.connectMicros(truth.hosts.connect[host]!, key, attempt, at);
    const busy = truth.hosts.connectCpu[host] === 0 ? 0 : cpu.wanted(host);
    return load.connectMicros(connectSeconds(truth, host, busy), key, attempt, at);
  }

  /** Where connections are kept: whether that ask to the host has to open one first. Clients that ask in parallel open all of them ahead. */
  private opens(host: HostId): boolean {
    if (this.world.conduct.timing.ask === "parallel" || this.open[host] === 1) return false;
    this.open[host] = 1;
    return true;
  }

  /** The host is lost, and a connection that was kept with it. */
  breaks(host: HostId): void {
    this.open[host] = 0;
  }

  /** Core-microseconds of the builder in that connect, the last that was asked for, where it shares a machine. */
  hostMicros(task: number, host: HostId, attempt: number, at: number): number {
    const { truth, load } = this.world;
    return !this.opening ? 0 : truth.hosts.connectCpu[host]! * 1e6 * load.connectFactor(truth.graph.keys[task]!, attempt, at);
  }

  /** The client waits for that flight's connect, which the last span of the trace shows. */
  begins(client: number, flight: number): void {
    const { truth, network, trace, flights, now } = this.world;
    const host = flights.host[flight]!;
    this.flight[client] = truth.hosts.queueing[host]! > 0 ? flight : NONE;
    this.span[client] = trace.spans.length - 1;
    this.busyBefore[client] = network.busyMicros(host, now);
    this.waited[client] = 0;
  }

  /** Whether the connect that should be open now stands behind copies still: then it is looked at again at the instant returned; else −1. */
  stuckUntil(client: number): number {
    const { truth, network, flights, timers, trace, now } = this.world;
    const flight = this.flight[client]!;
    if (flight === NONE || flights.phase[flight] !== ASKED || flights.client[flight] !== client) return -1;
    const host = flights.host[flight]!;
    const lost = truth.hosts.queueing[host]! * (network.busyMicros(host, now) - this.busyBefore[client]!);
    const more = Math.round(lost - this.waited[client]!);
    if (more < LEAST) return -1;
    this.waited[client]! += more;
    timers.set(timers.layout.delay + flight, now + more);
    const span = this.span[client]!;
    trace.spans[span] = { ...trace.spans[span]!, to: now + more };
    return now + more;
  }
}
