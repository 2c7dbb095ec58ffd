// Outputs that travel ahead of the builds that need them: one at a time to each host, under its upload lock, behind the
// builds that wait there. Knows links and bytes, no policy and no slots. Ignores: an output on its way to a host that is
// lost counts as not sent at all.
import { COORDINATOR, type HostId, micros, NONE, type TaskId } from "#base/units.js";
import { DONE } from "#dispatch/state.js";
import * as F from "./flights.js";
import { Shipment } from "./shipment.js";
import type { World } from "./world.js";

/** The upload lock of each host. */
export interface UploadLock {
  /** False when somebody holds it. */
  take(host: number): boolean;
  release(host: number): void;
}

interface Wish {
  readonly client: number;
  readonly task: number;
}

export class Ahead {
  private readonly wishes: Wish[][];
  /** By host: the flight under way. */
  private readonly flying: Int32Array;
  private readonly shipments: readonly Shipment[];
  private readonly viaCoordinator: boolean;

  constructor(
    private readonly world: World,
    private readonly lock: UploadLock,
  ) {
    const { count } = world.truth.hosts;
    this.viaCoordinator = world.truth.transport.route === "coordinator";
    this.wishes = Array.from({ length: count }, () => []);
    this.flying = new Int32Array(count).fill(NONE);
    this.shipments = Array.from({ length: count }, () => new Shipment());
  }

  stage(client: number, task: number, host: number): void {
    this.wishes[host]!.push({ client, task });
    this.next(host);
  }

  /** The host's upload lock may be free. */
  next(host: number): void {
    const { world } = this;
    if (this.flying[host] !== NONE) return;
    const first = this.wishes[host]!.findIndex(({ task }) => this.canLeave(task, host));
    if (first < 0 || !this.lock.take(host)) return;
    const [{ client, task }] = this.wishes[host]!.splice(first, 1) as [Wish];
    const flight = world.flights.open(task, host, NONE, F.STAGE_REACHING, client);
    this.flying[host] = flight;
    const shipment = this.load(task, host);
    if (shipment.total() === 0) return this.over(flight, true);
    const { latency } = world.truth.hosts;
    if (!world.waits(flight, F.STAGE_REACHING, micros(latency[shipment.from[0]!]! + latency[host]!))) this.send(flight);
  }

  /** An output has come home: what waited for it may leave. */
  cameHome(): void {
    for (let host = 0; host < this.wishes.length; host++) if (this.wishes[host]!.length > 0) this.next(host);
  }

  /** Outputs were lost on their way home: nobody waits for them here. */
  starve(): void {
    const { clients } = this.world;
    for (const [host, wishes] of this.wishes.entries()) {
      const gone = wishes.filter(({ client, task }) => clients[client]!.state.phase[task] !== DONE);
      this.wishes[host] = wishes.filter((wish) => !gone.includes(wish));
      for (const { client, task } of gone) clients[client]!.staged(task as TaskId, host as HostId, false);
    }
  }

  /** Through the coordinator, all of it has to be there. */
  private canLeave(task: number, host: number): boolean {
    if (!this.viaCoordinator) return true;
    const presence = this.world.presence!;
    const lacking = presence.lackingWhole(task, host);
    for (let k = 0; k < lacking.count; k++) if (!presence.has(lacking.producer[k]!, COORDINATOR)) return false;
    return true;
  }

  /** The first byte is on its way. */
  send(flight: number): void {
    const { world } = this;
    const host = world.flights.host[flight]!;
    world.flights.phase[flight] = F.STAGING;
    const delay = world.network.send(flight, this.shipments[host]!, host, world.now);
    if (delay >= 0 && !world.waits(flight, F.STAGING, delay)) this.over(flight, true);
  }

  /** It is there, or will not come. */
  over(flight: number, isThere: boolean): void {
    const { flights } = this.world;
    const task = flights.task[flight]! as TaskId;
    const host = flights.host[flight]! as HostId;
    const dispatcher = this.world.clientOf(flight);
    flights.close(flight);
    this.flying[host] = NONE;
    dispatcher.staged(task, host, isThere);
    this.lock.release(host);
    this.next(host);
  }

  hostLost(host: HostId): void {
    const { world, wishes } = this;
    for (const { client, task } of wishes[host]!.splice(0)) world.clients[client]!.staged(task as TaskId, host, false);
    const flight = this.flying[host]!;
    if (flight === NONE) return;
    world.timers.delete(world.timers.layout.delay + flight);
    if (world.flights.phase[flight] === F.STAGING) world.network.cancel(flight, world.now);
    this.over(flight, false);
  }

  /** From the coordinator, or from the builders that made it and what is behind it. */
  private load(task: number, host: number): Shipment {
    const { presence } = this.world;
    const shipment = this.shipments[host]!;
    shipment.clear();
    const lacking = presence!.lackingWhole(task, host);
    const { hostOf } = this.world.clients[0]!.state;
    for (let k = 0; k < lacking.count; k++)
      if (lacking.bytes[k]! > 0) shipment.add(this.viaCoordinator ? COORDINATOR : hostOf[lacking.producer[k]!]!, lacking.bytes[k]!);
    return shipment;
  }
}
