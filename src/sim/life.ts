// The life of a build in the simulated world, phase by phase: asked, accepted, upload lock, substitution, upload,
// start, memory, build, way back, notice. Zero-length phases pass within one instant. Which of them cost what is the
// conduct's timing; the order is Nix's own (build-remote: lock, substitute, upload, build, download, exit).
// Ignores: compression, disk, queues inside sshd.
import { draw } from "#base/random.js";
import { COORDINATOR, type HostId, micros, type TaskId } from "#base/units.js";
import type { Conduct } from "#dispatch/conduct.js";
import type { Dispatcher } from "#dispatch/dispatcher.js";
import { inputsAt } from "#dispatch/view.js";
import type { Models } from "#model/models.js";
import type { Problem } from "#model/problem.js";
import type { Cpu } from "./cpu.js";
import type { Failures } from "./faults.js";
import * as F from "./flights.js";
import type { Network } from "./network.js";
import type { Timers } from "./timers.js";

/** What the lives of all builds share; one class, so that the engine sees one shape. */
export class World {
  constructor(
    readonly truth: Problem,
    readonly models: Models,
    readonly conduct: Conduct,
    readonly dispatcher: Dispatcher,
    readonly flights: F.Flights,
    readonly timers: Timers,
    readonly cpu: Cpu,
    readonly network: Network,
    readonly seed: number,
    readonly failures: Failures | null,
  ) {}
}

export class Life {
  now = 0;
  private readonly lockHeld: Uint8Array;
  private readonly lockQueue: number[][];
  private readonly squeezed: number[][];
  private readonly memoryUsed: Float64Array;
  private readonly startMicros: number;
  private readonly returnMicros: number;
  private readonly noticeMicros: number;
  private readonly produced: boolean;
  /** The client polls its children: whatever one of them says wakes it. */
  private readonly polled: boolean;
  private readonly flows: { count: number; from: Int32Array; bytes: Float64Array };

  constructor(private readonly world: World) {
    const { hosts } = world.truth;
    const { timing } = world.conduct;
    this.lockHeld = new Uint8Array(hosts.count);
    this.lockQueue = Array.from({ length: hosts.count }, () => []);
    this.squeezed = Array.from({ length: hosts.count }, () => []);
    this.memoryUsed = new Float64Array(hosts.count);
    this.startMicros = micros(timing.startSeconds);
    this.returnMicros = micros(timing.returnSeconds);
    this.noticeMicros = micros(timing.noticeSeconds);
    this.produced = timing.inputs === "produced";
    this.polled = world.conduct.offering.kind === "waves";
    this.flows = { count: 0, from: new Int32Array(hosts.count), bytes: new Float64Array(hosts.count) };
  }

  /** The flight's delay is over: whatever it was waiting for, it goes on. */
  proceed(flight: number): void {
    const { flights } = this.world;
    switch (flights.phase[flight]) {
      case F.ASKED:
        return this.accepted(flight);
      case F.SUBSTITUTING:
        return this.upload(flight);
      case F.REACHING:
        return this.send(flight);
      case F.UPLOADING:
        return this.uploaded(flight);
      case F.STARTING:
        return this.admit(flight);
      case F.BUILDING:
        return this.built(flight);
      case F.FINISHING:
        return this.leave(flight);
      case F.LEAVING:
        return this.download(flight);
      case F.DOWNLOADING:
        return this.returned(flight);
      case F.NOTICING:
        return this.noticed(flight);
      default:
        return;
    }
  }

  accepted(flight: number): void {
    const { flights, dispatcher } = this.world;
    const row = flights.row[flight]!;
    const task = flights.task[flight]!;
    const host = flights.host[flight]!;
    const { trace, presence } = dispatcher;
    trace.accepted[row] = this.now;
    if (presence === null) return this.inputsThere(flight);
    if (this.produced) {
      flights.phase[flight] = F.UPLOADING;
      return this.after(flight, Math.max(0, inputsAt(this.world.truth, dispatcher.state, presence, task, host) - this.now));
    }
    if (host === COORDINATOR && this.world.truth.transport.route === "coordinator") return this.inputsThere(flight);
    if (this.world.models.uploads === "serial" && this.lockHeld[host] === 1) {
      flights.phase[flight] = F.QUEUED;
      this.lockQueue[host]!.push(flight);
      return;
    }
    this.lockHeld[host] = 1;
    this.substitute(flight);
  }

  /** Under the upload lock: the builder first substitutes what it can. */
  private substitute(flight: number): void {
    const { flights, dispatcher, truth, models } = this.world;
    const task = flights.task[flight]!;
    const host = flights.host[flight]!;
    dispatcher.trace.uploadFrom[flights.row[flight]!] = this.now;
    if (this.polled) dispatcher.childSpoke();
    const { substitutable, substituterBandwidth } = truth.transport;
    let bytes = 0;
    if (substitutable !== null && models.substitution === "on") {
      dispatcher.presence!.eachMissing(task, host, (producer, size) => {
        if (substitutable[producer] === 1) bytes += size;
      });
    }
    if (bytes === 0) return this.upload(flight);
    flights.phase[flight] = F.SUBSTITUTING;
    this.after(flight, Math.ceil((bytes / Math.min(substituterBandwidth, truth.hosts.internet[host]!)) * 1e6 - 2 ** -10));
  }

  /** What is still missing is sent: from the coordinator, or from the builders that made it. */
  private upload(flight: number): void {
    const { flights, dispatcher, truth, models } = this.world;
    const { flows } = this;
    const task = flights.task[flight]!;
    const host = flights.host[flight]!;
    const { substitutable, route } = truth.transport;
    const { state } = dispatcher;
    const presence = dispatcher.presence!;
    flows.count = 0;
    const own = presence.ownSource(task, host);
    if (own > 0) this.addFlow(COORDINATOR, own);
    presence.eachMissing(task, host, (producer, size) => {
      if (size <= 0 || (substitutable !== null && models.substitution === "on" && substitutable[producer] === 1)) return;
      this.addFlow(route === "coordinator" ? COORDINATOR : state.hostOf[producer]!, size);
    });
    let bytes = 0;
    let latency = 0;
    for (let f = 0; f < flows.count; f++) {
      bytes += flows.bytes[f]!;
      latency = Math.max(latency, truth.hosts.latency[flows.from[f]!]! + truth.hosts.latency[host]!);
    }
    dispatcher.trace.bytesIn[flights.row[flight]!] = bytes;
    if (flows.count === 0) return this.uploaded(flight);
    flights.phase[flight] = F.REACHING;
    this.pending.set(flight, { from: flows.from.slice(0, flows.count), bytes: flows.bytes.slice(0, flows.count), count: flows.count });
    this.after(flight, micros(latency));
  }

  /** Shipments on their way to the first byte. */
  private readonly pending = new Map<number, { from: Int32Array; bytes: Float64Array; count: number }>();

  private addFlow(from: number, bytes: number): void {
    const { flows } = this;
    for (let f = 0; f < flows.count; f++) {
      if (flows.from[f] === from) {
        flows.bytes[f]! += bytes;
        return;
      }
    }
    flows.from[flows.count] = from;
    flows.bytes[flows.count++] = bytes;
  }

  private send(flight: number): void {
    const { flights, network } = this.world;
    const shipment = this.pending.get(flight)!;
    this.pending.delete(flight);
    flights.phase[flight] = F.UPLOADING;
    this.ship(flight, network.send(flight, shipment, flights.host[flight]!, this.now));
  }

  private uploaded(flight: number): void {
    const { flights, dispatcher } = this.world;
    const host = flights.host[flight]!;
    const task = flights.task[flight]!;
    const presence = dispatcher.presence!;
    if (this.produced) dispatcher.trace.bytesIn[flights.row[flight]!] = presence.missing(task, host);
    presence.putInputs(task, host);
    if (!this.produced) this.releaseLock(host);
    this.inputsThere(flight);
  }

  private releaseLock(host: number): void {
    const next = this.lockQueue[host]!.shift();
    if (next === undefined) this.lockHeld[host] = 0;
    else this.substitute(next);
  }

  private inputsThere(flight: number): void {
    const { flights, dispatcher } = this.world;
    dispatcher.trace.uploaded[flights.row[flight]!] = this.now;
    if (this.polled) dispatcher.childSpoke();
    flights.phase[flight] = F.STARTING;
    this.after(flight, this.startMicros);
  }

  /** A build that does not fit into memory makes no progress until it does: thrashing costs at least that. */
  private admit(flight: number): void {
    const { flights, truth, models, dispatcher } = this.world;
    const host = flights.host[flight]!;
    const bytes = truth.tasks.memoryBytes[flights.task[flight]!]!;
    if (models.memory === "on" && this.memoryUsed[host]! + bytes > truth.hosts.memoryBytes[host]! && this.memoryUsed[host]! > 0) {
      flights.phase[flight] = F.SQUEEZED;
      this.squeezed[host]!.push(flight);
      return;
    }
    this.memoryUsed[host]! += bytes;
    flights.phase[flight] = F.BUILDING;
    const row = flights.row[flight]!;
    dispatcher.trace.started[row] = this.now;
    const task = flights.task[flight]! as TaskId;
    const share = this.isDoomed(task, row) ? this.world.failures!.after : 1;
    this.world.cpu.begin(flight, task, host as HostId, dispatcher.trace.cores[row]!, share, this.now);
  }

  private built(flight: number): void {
    const { flights, dispatcher, conduct } = this.world;
    const task = flights.task[flight]!;
    const row = flights.row[flight]!;
    this.stopWork(flight);
    dispatcher.trace.built[row] = this.now;
    if (this.polled) dispatcher.childSpoke();
    if (this.isDoomed(task, row)) {
      flights.close(flight);
      return dispatcher.failed(task as TaskId, "build");
    }
    dispatcher.built(task as TaskId);
    if (conduct.timing.slotUntil === "built") dispatcher.slotFreed(task as TaskId);
    flights.phase[flight] = F.FINISHING;
    this.after(flight, this.returnMicros);
  }

  /** Whether this attempt fails on its own: the same in every run of this world. */
  private isDoomed(task: number, row: number): boolean {
    const { failures, seed, truth, dispatcher } = this.world;
    if (failures === null || failures.mayFail[task] === 0) return false;
    return draw(seed, "build-failure", truth.graph.keys[task]!, dispatcher.trace.attempt[row]!) < failures.rate;
  }

  /** Ends the work on the CPU and makes room in memory. */
  private stopWork(flight: number): void {
    const { flights, truth, dispatcher, cpu } = this.world;
    const host = flights.host[flight]!;
    dispatcher.trace.coreSeconds[flights.row[flight]!] = cpu.stop(flight, this.now);
    this.memoryUsed[host]! -= truth.tasks.memoryBytes[flights.task[flight]!]!;
    const waiting = this.squeezed[host]!;
    if (waiting.length === 0) return;
    this.squeezed[host] = [];
    for (const other of waiting) this.admit(other);
  }

  /** Outputs go back to the coordinator: all of them (Nix), or only what was asked for. */
  private leave(flight: number): void {
    const { flights, truth, dispatcher } = this.world;
    const task = flights.task[flight]!;
    const host = flights.host[flight]!;
    const back = host !== COORDINATOR && dispatcher.presence !== null && this.comesBack(task);
    const bytes = back ? truth.tasks.outputBytes[task]! : 0;
    if (bytes === 0) return this.returned(flight);
    dispatcher.trace.bytesOut[flights.row[flight]!] = bytes;
    flights.phase[flight] = F.LEAVING;
    this.after(flight, micros(truth.hosts.latency[host]! + truth.hosts.latency[COORDINATOR]!));
  }

  private comesBack(task: number): boolean {
    const { truth } = this.world;
    return !this.produced && (truth.transport.route === "coordinator" || truth.graph.root[task] === 1);
  }

  private download(flight: number): void {
    const { flights, truth, network } = this.world;
    const { flows } = this;
    flows.count = 1;
    flows.from[0] = flights.host[flight]!;
    flows.bytes[0] = truth.tasks.outputBytes[flights.task[flight]!]!;
    flights.phase[flight] = F.DOWNLOADING;
    this.ship(flight, network.send(flight, flows, COORDINATOR, this.now));
  }

  private returned(flight: number): void {
    const { flights, dispatcher, conduct } = this.world;
    const task = flights.task[flight]!;
    dispatcher.trace.returned[flights.row[flight]!] = this.now;
    if (this.polled) dispatcher.childSpoke();
    if (this.comesBack(task)) dispatcher.presence?.put(task, COORDINATOR);
    if (conduct.timing.slotUntil === "returned") dispatcher.slotFreed(task as TaskId);
    flights.phase[flight] = F.NOTICING;
    this.after(flight, this.noticeMicros);
  }

  private noticed(flight: number): void {
    const { flights, dispatcher } = this.world;
    const task = flights.task[flight]!;
    flights.close(flight);
    dispatcher.ended(task as TaskId);
  }

  /** Breaks the attempt off (its host is lost, or it is cancelled) and closes its flight. */
  abort(flight: number): void {
    const { flights, timers, network } = this.world;
    const host = flights.host[flight]!;
    const phase = flights.phase[flight]!;
    timers.delete(timers.layout.delay + flight);
    this.pending.delete(flight);
    if (phase === F.QUEUED) this.lockQueue[host]!.splice(this.lockQueue[host]!.indexOf(flight), 1);
    if (phase === F.SQUEEZED) this.squeezed[host]!.splice(this.squeezed[host]!.indexOf(flight), 1);
    if (phase === F.UPLOADING || phase === F.DOWNLOADING) network.cancel(flight, this.now);
    if (phase === F.BUILDING) this.stopWork(flight);
    flights.close(flight);
    if (!this.produced && (phase === F.SUBSTITUTING || phase === F.REACHING || phase === F.UPLOADING)) this.releaseLock(host);
  }

  private ship(flight: number, delay: number): void {
    if (delay >= 0) this.after(flight, delay);
  }

  private after(flight: number, delay: number): void {
    if (delay <= 0) this.proceed(flight);
    else this.world.timers.set(this.world.timers.layout.delay + flight, this.now + delay);
  }
}
