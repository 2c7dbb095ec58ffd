// The life of a build in the simulated world, phase by phase: asked, accepted, inputs, start, memory, build, way back,
// notice. A phase of no length passes within the instant. Which of them cost what is the conduct's timing; the order is
// Nix's own (build-remote: upload, build, download, exit). Ignores: compression, disk, queues inside sshd.
import { draw } from "#base/random.js";
import { COORDINATOR, type HostId, micros, type TaskId } from "#base/units.js";
import { canStage } from "#dispatch/conduct.js";
import type { Trace } from "#dispatch/trace.js";
import { START_CORES } from "#model/hosts.js";
import { Ahead } from "./ahead.js";
import * as F from "./flights.js";
import { Inputs, type Onward } from "./inputs.js";
import { MemoryRoom } from "./memory-room.js";
import { Shipment } from "./shipment.js";
import type { World } from "./world.js";

export class Life implements Onward {
  private readonly inputs: Inputs;
  /** Null where the engine copies for builds alone. */
  private readonly ahead: Ahead | null;
  private readonly memory: MemoryRoom;
  private readonly trace: Trace;
  private readonly flights: F.Flights;
  private readonly returnMicros: number;
  private readonly freedWhenBuilt: boolean;
  private readonly produced: boolean;
  /** Dependents may start before an output is back. */
  private readonly early: boolean;
  /** The client polls its children: whatever a hook says wakes it. */
  private readonly polled: boolean;
  private readonly output = new Shipment();

  constructor(private readonly world: World) {
    const { timing, offering } = world.conduct;
    this.inputs = new Inputs(world, this);
    this.ahead = canStage(world.conduct) ? new Ahead(world, this.inputs) : null;
    this.memory = new MemoryRoom(world.truth, world.models);
    this.trace = world.trace;
    this.flights = world.flights;
    this.returnMicros = world.load.micros(timing.returnSeconds);
    this.freedWhenBuilt = timing.slotUntil === "built";
    this.produced = timing.inputs === "produced";
    this.early = timing.dependents === "built";
    this.polled = offering.kind === "waves";
  }

  /** The flight's wait is over: it goes on from its phase. */
  proceed(flight: number): void {
    switch (this.flights.phase[flight]) {
      case F.ASKED:
        return this.accepted(flight);
      case F.QUEUED:
        return this.inputs.hogged(flight);
      case F.SUBSTITUTING:
        return this.inputs.upload(flight);
      case F.REACHING:
        return this.inputs.send(flight);
      case F.UPLOADING:
        return this.world.cpu.lingers(flight) ? undefined : this.inputs.uploaded(flight);
      case F.STARTING:
        return this.admit(flight);
      case F.BUILDING:
        return this.built(flight);
      case F.FINISHING:
        return this.leave(flight);
      case F.LEAVING:
        return this.download(flight);
      case F.DOWNLOADING:
        return this.world.cpu.lingers(flight) ? undefined : this.returned(flight);
      case F.NOTICING:
        return this.noticed(flight);
      case F.STAGE_REACHING:
        return this.ahead!.send(flight);
      case F.STAGING:
        return this.ahead!.over(flight, true);
      default:
        return;
    }
  }

  /** An output is sent ahead. */
  stage(client: number, task: number, host: number): void {
    this.ahead!.stage(client, task, host);
  }

  uploadFree(host: number): void {
    this.ahead?.next(host);
  }

  accepted(flight: number): void {
    this.trace.accepted[this.flights.row[flight]!] = this.world.now;
    this.inputs.fetch(flight);
  }

  inputsThere(flight: number): void {
    const { trace } = this;
    const row = this.flights.row[flight]!;
    trace.uploaded[row] = this.world.now;
    this.speaks(flight);
    const key = this.world.truth.graph.keys[this.flights.task[flight]!]!;
    const micros = this.world.load.startMicros(key, trace.attempt[row]!);
    if (!this.world.works(flight, F.STARTING, micros * this.startStretch(flight), START_CORES)) this.admit(flight);
  }

  /** A hook says what it does. Of a local build a client that polls hears nothing but its end: what is due by then is due with it. */
  private speaks(flight: number): void {
    if (this.polled && this.flights.host[flight] !== COORDINATOR) this.world.clientOf(flight).childSpoke();
  }

  /** How many times as long a start takes on a host of a machine that has not the cores for it. */
  private startStretch(flight: number): number {
    const host = this.flights.host[flight]!;
    return this.world.cpu.works(host) ? Math.max(1, START_CORES / this.world.truth.hosts.cores[host]!) : 1;
  }

  private admit(flight: number): void {
    const { flights, world, trace } = this;
    const host = flights.host[flight]!;
    const task = flights.task[flight]!;
    if (!this.memory.admits(flight, task, host)) {
      flights.phase[flight] = F.SQUEEZED;
      return;
    }
    flights.phase[flight] = F.BUILDING;
    const row = flights.row[flight]!;
    trace.started[row] = world.now;
    const share = world.failures !== null && this.isDoomed(task, row) ? world.failures.after : 1;
    world.builds(flight, trace.cores[row]!, share);
  }

  /** Its work is done. */
  built(flight: number): void {
    const { flights } = this;
    const task = flights.task[flight]! as TaskId;
    const row = flights.row[flight]!;
    const dispatcher = this.world.clientOf(flight);
    this.stopWork(flight);
    this.trace.built[row] = this.world.now;
    this.speaks(flight);
    if (this.world.failures !== null && this.isDoomed(task, row)) {
      flights.close(flight);
      return dispatcher.failed(task, "build");
    }
    dispatcher.built(task);
    if (this.freedWhenBuilt) dispatcher.slotFreed(task);
    if (this.endsEarly(task)) dispatcher.ended(task);
    if (!this.world.works(flight, F.FINISHING, this.returnMicros)) this.leave(flight);
  }

  /** Whether this attempt fails on its own: the same in every run of this world. */
  private isDoomed(task: number, row: number): boolean {
    const { failures, seed, truth } = this.world;
    if (failures === null || failures.mayFail[task] === 0) return false;
    return draw(seed, "build-failure", truth.graph.keys[task]!, this.trace.attempt[row]!) < failures.rate;
  }

  /** Ends the work on the CPU and makes room in memory. */
  private stopWork(flight: number): void {
    const { flights, world } = this;
    this.trace.coreSeconds[flights.row[flight]!] = world.cpu.stop(flight, flights.host[flight]! as HostId, world.now);
    const waiting = this.memory.leaves(flights.task[flight]!, flights.host[flight]!);
    if (waiting !== null) for (const other of waiting) this.admit(other);
  }

  private endsEarly(task: number): boolean {
    return this.early && this.world.truth.graph.root[task] === 0;
  }

  /** Outputs on their way home were lost. */
  starve(): void {
    this.ahead?.starve();
    this.inputs.starve();
  }

  /** Only the way home of an output is left, whose dependents have been told of it. */
  isOver(flight: number): boolean {
    const phase = this.flights.phase[flight]!;
    return phase >= F.FINISHING && phase <= F.NOTICING && this.endsEarly(this.flights.task[flight]!);
  }

  /** Outputs go back to the coordinator: all of them (Nix), or only what was asked for. */
  private leave(flight: number): void {
    const { flights, world } = this;
    const { truth } = world;
    const host = flights.host[flight]!;
    if (host === COORDINATOR || world.presence === null) return this.returned(flight);
    const task = flights.task[flight]!;
    const bytes = this.comesBack(task) ? truth.tasks.outputBytes[task]! : 0;
    if (bytes === 0) return this.returned(flight);
    this.trace.bytesOut[flights.row[flight]!] = bytes;
    const { latency } = truth.hosts;
    if (!world.waits(flight, F.LEAVING, micros(latency[host]! + latency[COORDINATOR]!))) this.download(flight);
  }

  private comesBack(task: number): boolean {
    const { truth } = this.world;
    return !this.produced && (truth.transport.route === "coordinator" || truth.graph.root[task] === 1);
  }

  private download(flight: number): void {
    const { flights, output, world } = this;
    output.clear();
    output.add(flights.host[flight]!, world.truth.tasks.outputBytes[flights.task[flight]!]!);
    if (!world.sends(flight, F.DOWNLOADING, output, COORDINATOR)) this.returned(flight);
  }

  private returned(flight: number): void {
    const { flights } = this;
    const { presence } = this.world;
    const task = flights.task[flight]! as TaskId;
    const dispatcher = this.world.clientOf(flight);
    const isOver = this.endsEarly(task);
    if (!isOver) this.trace.returned[flights.row[flight]!] = this.world.now;
    this.speaks(flight);
    if (presence !== null && this.comesBack(task)) presence.put(task, COORDINATOR);
    this.ahead?.cameHome();
    if (isOver) {
      if (!this.freedWhenBuilt) dispatcher.slotFreed(task);
      flights.close(flight);
      return this.inputs.cameHome();
    }
    if (!this.freedWhenBuilt) dispatcher.slotFreed(task);
    const lag = this.world.load.noticeMicros(this.world.truth.graph.keys[task]!, this.trace.attempt[flights.row[flight]!]!);
    if (!this.world.waits(flight, F.NOTICING, lag)) this.noticed(flight);
  }

  private noticed(flight: number): void {
    const task = this.flights.task[flight]!;
    const dispatcher = this.world.clientOf(flight);
    this.flights.close(flight);
    dispatcher.ended(task as TaskId);
  }

  /** All are told, and what is sent ahead to it does not come; the attempts there are broken off one by one after that. */
  hostLost(host: HostId): void {
    for (const client of this.world.clients) client.hostLost(host);
    this.ahead?.hostLost(host);
  }

  /** Breaks the attempt off (its host is lost, or it is cancelled) and closes its flight. */
  abort(flight: number): void {
    const { flights, world } = this;
    const phase = flights.phase[flight]!;
    world.timers.delete(world.timers.layout.delay + flight);
    world.cpu.done(flight, world.now);
    if (phase === F.UPLOADING || phase === F.DOWNLOADING) world.network.cancel(flight, world.now);
    if (phase === F.SQUEEZED) this.memory.forget(flight, flights.host[flight]!);
    if (phase === F.BUILDING) this.stopWork(flight);
    flights.close(flight);
    this.inputs.abort(flight, phase);
  }
}
