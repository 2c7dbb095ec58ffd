// The load of one run on the client's machine: a factor on connects and on everything that the client does itself, drawn
// once per world, so that every policy meets it alike, and with it what the model does not know of this graph and fleet, and, of what the
// client does itself, of its machine; on connects and hooks another that comes and goes during the run. Work on builders and bytes on
// links do not know it.
// Source: 33 recorded runs; hook starts and connects of a run are slow together, and connects half a second apart differ
// by 6 to 9 %, those 20 s apart by 7 to 13 %.
import { drawFactor, drawWander } from "#base/random.js";
import { micros } from "#base/units.js";
import type { Timing } from "#dispatch/conduct.js";
import { siteFactor } from "./host-truth.js";

export class Load {
  /** Factor of the whole run. */
  private readonly run: number;
  /** Of what the client does itself. */
  private readonly own: number;
  /** Starts so far, by client. */
  private readonly hooks: Int32Array;

  constructor(
    private readonly timing: Timing,
    private readonly seed: number,
    clients: number,
  ) {
    this.hooks = new Int32Array(clients);
    this.run = drawFactor(seed, "load", "", timing.loadCv) * drawFactor(seed, "configuration", "", timing.configurationCv);
    this.own = this.run * siteFactor(seed, timing.siteCv);
  }

  /** Microseconds of what always takes that long but for the load of the run. */
  micros(seconds: number): number {
    return micros(seconds * this.own);
  }

  /** Microseconds that the next start of that client's hook takes; before the first lies what the client does once. */
  hookMicros(at: number, client: number): number {
    const { beginSeconds, hookSeconds, hookCv } = this.timing;
    const start = this.hooks[client]!++;
    const key = client === 0 ? String(start) : `${client}/${start}`;
    const begin = start === 0 ? beginSeconds * this.own : 0;
    return micros(begin + hookSeconds * this.own * this.wander(at) * drawFactor(this.seed, "hook", key, hookCv));
  }

  /** Microseconds of an ask that connects to a host whose usual connect takes that long. */
  connectMicros(seconds: number, key: string, attempt: number, at: number): number {
    return micros(seconds * this.connectFactor(key, attempt, at) + this.timing.acceptSeconds * this.own);
  }

  /** How many times its usual time that connect takes. */
  connectFactor(key: string, attempt: number, at: number): number {
    return this.run * this.wander(at) * drawFactor(this.seed, "connect", key, this.timing.connectCv, attempt);
  }

  /** Microseconds from inputs there until the builder runs. */
  startMicros(key: string, attempt: number): number {
    const { startSeconds, startCv } = this.timing;
    return startSeconds === 0 ? 0 : micros(startSeconds * this.own * drawFactor(this.seed, "start", key, startCv, attempt));
  }

  /** Microseconds from outputs back until the client knows, where nothing keeps it busy. */
  noticeMicros(key: string, attempt: number): number {
    const { noticeSeconds, noticeCv } = this.timing;
    return noticeSeconds === 0 ? 0 : micros(noticeSeconds * this.own * drawFactor(this.seed, "notice", key, noticeCv, attempt));
  }

  private wander(now: number): number {
    const { wanderCv, wanderSeconds } = this.timing;
    return drawWander(this.seed, "wander", wanderCv, now / 1e6 / wanderSeconds);
  }
}
