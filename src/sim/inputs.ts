// How the inputs of an accepted build reach its builder: upload lock, substitution, upload. The order is Nix's own
// (build-remote: lock, substitute, copy). Textbook conduct knows no lock: there an input leaves when its producer ends.
// Nix waits for the lock a quarter of an hour at most, then copies beside who has it. Knows links and bytes, not work. Ignores: compression, disk.
import { COORDINATOR, micros, type TaskId } from "#base/units.js";
import type { Presence } from "#dispatch/presence.js";
import { DONE } from "#dispatch/state.js";
import { inputsAt } from "#dispatch/view.js";
import type { UploadLock } from "./ahead.js";
import * as F from "./flights.js";
import { Lines } from "./lines.js";
import { Shipment } from "./shipment.js";
import type { World } from "./world.js";

/** Who goes on once the inputs are there. */
export interface Onward {
  inputsThere(flight: number): void;
  /** No build waits for the host's upload lock, and nobody holds it. */
  uploadFree(host: number): void;
}

/** Of build-remote: alarm(15 * 60), then "somebody is hogging the upload lock", and on without it. */
const HOGGED_MICROS = 15 * 60e6;
/** Who has an upload lock that no build has. */
const NOBODY = -1;
const AHEAD = -2;

export class Inputs implements UploadLock {
  /** By host: the flight that has its upload lock. */
  private readonly holder: Int32Array;
  private readonly queue: Lines;
  private readonly shipments: Shipment[] = [];
  private readonly presence: Presence | null;
  private readonly produced: boolean;
  private readonly serial: boolean;
  private readonly polled: boolean;
  private readonly viaCoordinator: boolean;
  private readonly substitutable: Uint8Array | null;
  private readonly early: boolean;
  /** Flights whose inputs are not all on the coordinator yet, in the order in which they came. */
  private awaiting: number[] = [];

  constructor(
    private readonly world: World,
    private readonly onward: Onward,
  ) {
    const { truth, conduct, models, flights } = world;
    this.holder = new Int32Array(truth.hosts.count).fill(NOBODY);
    this.queue = new Lines(truth.hosts.count, flights.capacity);
    this.presence = world.presence;
    this.produced = conduct.timing.inputs === "produced";
    this.serial = models.uploads === "serial";
    this.polled = conduct.offering.kind === "waves";
    this.viaCoordinator = truth.transport.route === "coordinator";
    this.early = conduct.timing.dependents === "built" && this.viaCoordinator;
    this.substitutable = models.substitution === "on" ? truth.transport.substitutable : null;
  }

  fetch(flight: number): void {
    const { presence, world } = this;
    const { flights } = world;
    const host = flights.host[flight]!;
    if (presence === null) return this.onward.inputsThere(flight);
    if (this.produced) {
      const at = inputsAt(world.truth, world.clientOf(flight).state, presence, flights.task[flight]!, host);
      if (!world.waits(flight, F.UPLOADING, at - world.now)) this.uploaded(flight);
      return;
    }
    if (this.early && !this.isHome(flight)) {
      if (this.isUnfed(flight)) return this.unfeed(flight);
      flights.phase[flight] = F.AWAITING;
      this.awaiting.push(flight);
      return;
    }
    if (host === COORDINATOR && this.viaCoordinator) return this.onward.inputsThere(flight);
    if (this.serial && this.holder[host] !== NOBODY) {
      flights.phase[flight] = F.QUEUED;
      this.queue.push(host, flight);
      if (this.polled) world.timers.set(world.timers.layout.delay + flight, world.now + HOGGED_MICROS);
      return;
    }
    this.holder[host] = flight;
    this.substitute(flight);
  }

  /** It has waited for the lock long enough. */
  hogged(flight: number): void {
    this.queue.remove(this.world.flights.host[flight]!, flight);
    this.substitute(flight);
  }

  /** All that has to travel can leave from the coordinator. */
  private isHome(flight: number): boolean {
    const { flights } = this.world;
    const presence = this.presence!;
    const lacking = presence.lacking(flights.task[flight]!, flights.host[flight]!);
    for (let k = 0; k < lacking.count; k++) if (!presence.has(lacking.producer[k]!, COORDINATOR)) return false;
    return true;
  }

  /** An output has come home: who waited for it goes on. */
  cameHome(): void {
    const { awaiting } = this;
    this.awaiting = [];
    for (const flight of awaiting) this.fetch(flight);
  }

  /** Outputs were lost on their way home: who waited for them goes back to where it was before it was placed. */
  starve(): void {
    const { awaiting } = this;
    this.awaiting = [];
    for (const flight of awaiting) this.unfeed(flight);
  }

  private unfeed(flight: number): void {
    const { flights } = this.world;
    const task = flights.task[flight]! as TaskId;
    flights.close(flight);
    this.world.clientOf(flight).unfed(task);
  }

  /** An input was lost after this was offered: somebody has to build it again. */
  private isUnfed(flight: number): boolean {
    const { predStart, pred } = this.world.truth.graph;
    const { phase } = this.world.clientOf(flight).state;
    const task = this.world.flights.task[flight]!;
    for (let e = predStart[task]!; e < predStart[task + 1]!; e++) if (phase[pred[e]!] !== DONE) return true;
    return false;
  }

  /** Under the upload lock: the builder first substitutes what it can. */
  private substitute(flight: number): void {
    const { world, substitutable } = this;
    const { flights, truth, trace } = world;
    trace.uploadFrom[flights.row[flight]!] = world.now;
    if (this.polled) world.clientOf(flight).childSpoke();
    if (substitutable === null) return this.upload(flight);
    const host = flights.host[flight]!;
    const lacking = this.presence!.lacking(flights.task[flight]!, host);
    let bytes = 0;
    for (let k = 0; k < lacking.count; k++) if (substitutable[lacking.producer[k]!] === 1) bytes += lacking.bytes[k]!;
    const rate = Math.min(truth.transport.substituterBandwidth, truth.hosts.internet[host]!);
    if (bytes === 0 || !world.waits(flight, F.SUBSTITUTING, Math.ceil((bytes / rate) * 1e6 - 2 ** -10))) this.upload(flight);
  }

  /** What is still missing is sent: from the coordinator, or from the builders that made it. */
  upload(flight: number): void {
    const { world } = this;
    const { flights, truth, trace } = world;
    const { latency } = truth.hosts;
    const host = flights.host[flight]!;
    const shipment = this.load(flight);
    trace.bytesIn[flights.row[flight]!] = shipment.total();
    if (shipment.count === 0) return this.uploaded(flight);
    let delay = 0;
    for (let f = 0; f < shipment.count; f++) delay = Math.max(delay, latency[shipment.from[f]!]! + latency[host]!);
    if (!world.waits(flight, F.REACHING, micros(delay))) this.send(flight);
  }

  private load(flight: number): Shipment {
    const { flights } = this.world;
    const { substitutable, viaCoordinator } = this;
    const { hostOf } = this.world.clientOf(flight).state;
    const task = flights.task[flight]!;
    const host = flights.host[flight]!;
    const presence = this.presence!;
    while (this.shipments.length <= flight) this.shipments.push(new Shipment());
    const shipment = this.shipments[flight]!;
    shipment.clear();
    const own = presence.ownSource(task, host);
    if (own > 0) shipment.add(COORDINATOR, own);
    const lacking = presence.lacking(task, host);
    for (let k = 0; k < lacking.count; k++) {
      const producer = lacking.producer[k]!;
      const bytes = lacking.bytes[k]!;
      if (bytes <= 0 || (substitutable !== null && substitutable[producer] === 1)) continue;
      shipment.add(viaCoordinator ? COORDINATOR : hostOf[producer]!, bytes);
    }
    return shipment;
  }

  /** The first byte is on its way. */
  send(flight: number): void {
    const { world } = this;
    if (!world.sends(flight, F.UPLOADING, this.shipments[flight]!, world.flights.host[flight]!)) this.uploaded(flight);
  }

  uploaded(flight: number): void {
    const { flights, trace } = this.world;
    const host = flights.host[flight]!;
    const task = flights.task[flight]!;
    const presence = this.presence!;
    if (this.produced) trace.bytesIn[flights.row[flight]!] = presence.missing(task, host);
    presence.putInputs(task, host);
    if (!this.produced) this.letGo(host, flight);
    this.onward.inputsThere(flight);
  }

  /** The attempt is broken off in this phase. */
  abort(flight: number, phase: number): void {
    const host = this.world.flights.host[flight]!;
    if (phase === F.AWAITING) this.awaiting = this.awaiting.filter((other) => other !== flight);
    else if (phase === F.QUEUED) this.queue.remove(host, flight);
    else if (!this.produced && (phase === F.SUBSTITUTING || phase === F.REACHING || phase === F.UPLOADING)) this.letGo(host, flight);
  }

  /** The upload lock, for what is sent ahead of builds; none where uploads go side by side. */
  take(host: number): boolean {
    if (this.serial && this.holder[host] !== NOBODY) return false;
    this.holder[host] = AHEAD;
    return true;
  }

  release(host: number): void {
    const next = this.queue.shift(host);
    if (next < 0) {
      this.holder[host] = NOBODY;
      return this.onward.uploadFree(host);
    }
    this.holder[host] = next;
    const { timers } = this.world;
    timers.delete(timers.layout.delay + next);
    this.substitute(next);
  }

  private letGo(host: number, flight: number): void {
    if (!this.serial || this.holder[host] === flight) this.release(host);
  }
}
