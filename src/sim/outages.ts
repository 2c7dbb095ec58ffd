// Which hosts are down, and when that changes: timetables on the timers of the run, spans in its trace. What becomes of builds on a host that
// goes down the executor says. A host is down to everybody at once, as when its connections are reset. Ignores: a link that falls silent,
// on which Nix waits as long as TCP does.
import type { HostId } from "#base/units.js";
import type { Outage } from "#model/hosts.js";
import { type Timetable, timetable } from "./faults.js";
import type { World } from "./world.js";

export class Outages {
  private readonly begin: Timetable;
  private readonly end: Timetable;
  private nextBegin = 0;
  private nextEnd = 0;
  /** By host; −1: it is up. */
  private readonly since: Float64Array;

  constructor(
    private readonly world: World,
    outages: readonly Outage[],
  ) {
    this.begin = timetable(outages, "from");
    this.end = timetable(outages, "to");
    this.since = new Float64Array(world.truth.hosts.count).fill(-1);
    this.wait();
  }

  isDown(host: number): boolean {
    return this.since[host]! >= 0;
  }

  /** Nothing changes any more. */
  get isOver(): boolean {
    return this.nextBegin >= this.begin.at.length && this.nextEnd >= this.end.at.length;
  }

  /** The next outage begins: of that host. */
  begins(): HostId {
    const host = this.begin.host[this.nextBegin++]! as HostId;
    this.since[host] = this.world.now;
    this.wait();
    return host;
  }

  /** The next outage ends: that host is back. */
  ends(): HostId {
    const host = this.end.host[this.nextEnd++]! as HostId;
    this.close(host, this.world.now);
    this.since[host] = -1;
    this.wait();
    return host;
  }

  /** The run is over: what is down now was down until then. */
  finish(): void {
    const { now, trace } = this.world;
    for (let host = 0; host < this.since.length; host++) if (this.isDown(host)) this.close(host, Math.max(now, trace.makespan));
  }

  private close(host: number, to: number): void {
    this.world.trace.spans.push({ kind: "down", host, task: -1, from: this.since[host]!, to });
  }

  private wait(): void {
    const { timers } = this.world;
    const { outage, recovery } = timers.layout;
    if (this.nextBegin < this.begin.at.length) timers.set(outage, this.begin.at[this.nextBegin]!);
    if (this.nextEnd < this.end.at.length) timers.set(recovery, this.end.at[this.nextEnd]!);
  }
}
