// How clients ask: one question after the other where the conduct's asking is serial, each until it is accepted, with a hook before the next;
// all at once where it is parallel. A host that is down is found out by asking it. Costs are the conduct's, the load's, and of
// connects handshake.ts; on a machine that is shared they are work (client-work.ts). Never knows the policy.
import { COORDINATOR, type HostId, micros, NONE, type TaskId } from "#base/units.js";
import type { Decisions } from "#dispatch/executor.js";
import type { ClientWork } from "./client-work.js";
import { ASKED, UNANSWERED } from "./flights.js";
import type { Handshakes } from "./handshake.js";
import type { Life } from "./life.js";
import type { Outages } from "./outages.js";
import type { World } from "./world.js";

export class Asking {
  /** The client learns only by asking that a host is down. */
  readonly blind: boolean;
  private readonly serial: boolean;
  /** By client: the instant until which it is busy, where it is serial. */
  private readonly busyUntil: Float64Array;
  /** By client: the ask that nobody will answer; −1 = none. */
  private readonly unanswered: Int32Array;

  constructor(
    private readonly world: World,
    private readonly life: Life,
    private readonly handshakes: Handshakes,
    private readonly work: ClientWork,
    private readonly outages: Outages,
  ) {
    const { conduct, clients } = world;
    this.serial = conduct.timing.ask === "serial";
    this.blind = this.serial && conduct.reaction.hostsDown === "asked";
    this.busyUntil = new Float64Array(clients.length);
    this.unanswered = new Int32Array(clients.length).fill(NONE);
  }

  perform(decisions: Decisions): void {
    const { now, clients } = this.world;
    if (this.serial) return this.serially(decisions);
    const client = clients[decisions.client]!;
    for (let i = 0; i < decisions.count; i++) this.ask(decisions, i, Math.max(now, client.notBefore(decisions.task[i]! as TaskId)));
  }

  /** What the client was busy with is over, unless its connect still stands behind copies. */
  free(client: number): void {
    const { flights, timers, clients } = this.world;
    const later = this.handshakes.stuckUntil(client);
    if (later >= 0) {
      this.busyUntil[client] = later;
      timers.set(timers.layout.client + client, later);
      return;
    }
    const dispatcher = clients[client]!;
    const flight = this.unanswered[client]!;
    this.unanswered[client] = NONE;
    if (flight !== NONE && flights.phase[flight] === UNANSWERED) {
      flights.close(flight);
      dispatcher.unreachable(flights.task[flight]! as TaskId, flights.host[flight]! as HostId);
    }
    dispatcher.clientFree();
  }

  /** The refused ones first, then each accepted one blocks the client until it is, then a hook starts. */
  private serially(decisions: Decisions): void {
    if (decisions.count === 0 && decisions.refused === 0 && !decisions.hook) return;
    const { timers, conduct, load, trace, now } = this.world;
    const { client } = decisions;
    const start = Math.max(now, this.busyUntil[client]!);
    let at = start + decisions.refused * load.micros(conduct.timing.refuseSeconds);
    if (at > start) trace.spans.push({ kind: "dispatch", host: -1, task: -1, from: start, to: at });
    for (let i = 0; i < decisions.count; i++) at = this.ask(decisions, i, at);
    if (decisions.hook) {
      const ready = at + load.hookMicros(at, client);
      trace.spans.push({ kind: "dispatch", host: -1, task: -1, from: at, to: ready });
      at = ready;
    }
    this.busyUntil[client] = this.work.counts ? start : at;
    if (this.work.counts && this.unanswered[client] === NONE) this.work.begins(client, at - start, decisions.hook);
    else timers.set(timers.layout.client + client, at);
  }

  /** Asks at that instant; returns when the answer is there. */
  private ask(decisions: Decisions, i: number, at: number): number {
    const { flights, timers, trace, now } = this.world;
    const task = decisions.task[i]!;
    const host = decisions.host[i]!;
    const row = decisions.row[i]!;
    const flight = flights.open(task, host, row, ASKED, decisions.client);
    trace.asked[row] = at;
    if (this.blind && this.outages.isDown(host)) return this.askInVain(flight, task, host, at);
    const accepted = at + this.handshakes.micros(task, host as HostId, trace.attempt[row]!, at);
    if (this.serial && (accepted > at || (this.work.counts && host !== COORDINATOR))) {
      trace.spans.push({ kind: "dispatch", host: -1, task, from: at, to: accepted });
      this.handshakes.begins(decisions.client, flight);
    }
    if (this.work.counts && host !== COORDINATOR) this.work.connects(flight, at);
    else if (accepted > now) timers.set(timers.layout.delay + flight, accepted);
    else this.life.accepted(flight);
    return accepted;
  }

  /** The host is down: refused, or nobody answers until the timeout. The client learns so when it is free again. */
  private askInVain(flight: number, task: number, host: number, at: number): number {
    const { flights, truth, trace } = this.world;
    const until = at + micros(truth.hosts.connectTimeout[host]!);
    trace.spans.push({ kind: "dispatch", host, task, from: at, to: until });
    flights.phase[flight] = UNANSWERED;
    this.unanswered[flights.client[flight]!] = flight;
    return until;
  }
}
