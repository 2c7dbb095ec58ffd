// How long Nix's loop sleeps when nobody is awake: for ever, or while goals are postponed in whole seconds towards the tick,
// which begins with the first of them. Rule: Worker::waitForInput of Nix 2.8–2.34. Ignores: lines that builds print wake it too, so that
// under talkative builds it meets the tick to the moment, up to a second earlier than under those that sleep or work in silence.
import { Patience } from "./patience.js";

export class PollClock {
  /** Instant at which it wakes by itself, Infinity = never. */
  at = Number.POSITIVE_INFINITY;
  /** Instant of the last tick; −1: none is awaited. */
  private lastTick = -1;
  private sleeping = false;
  private readonly patience: Patience;

  constructor(
    private readonly pollSeconds: number,
    tasks: number,
  ) {
    this.patience = new Patience(tasks);
  }

  /** It sleeps, or sleeps on. */
  sleep(now: number, isAwaited: boolean): void {
    // A request that came during a sleep without a tick may have postponed goals.
    if (this.sleeping && !(this.at === Number.POSITIVE_INFINITY && isAwaited)) return;
    this.sleeping = true;
    if (!isAwaited) this.lastTick = -1;
    else if (this.lastTick < 0) this.lastTick = now;
    this.at = isAwaited ? now + this.towardsTick(now) : Number.POSITIVE_INFINITY;
  }

  /** A round of nothing but refusals is over. */
  inVain(): void {
    this.patience.refused();
  }

  /** By a child that said something, or by itself. */
  wake(isHeard: boolean): void {
    if (isHeard) this.patience.heard();
    this.sleeping = false;
    this.at = Number.POSITIVE_INFINITY;
  }

  /** Whether the tick is due; the next one counts from now. */
  ticks(now: number): boolean {
    if (this.tick > now) return false;
    this.lastTick = now;
    this.patience.ticked();
    return true;
  }

  private get tick(): number {
    return this.lastTick + this.pollSeconds * 1e6;
  }

  /** Whole seconds, at least one; in microseconds. */
  private towardsTick(now: number): number {
    return this.patience.sleep(Math.max(1, Math.floor((this.tick - now) / 1e6)) * 1e6, now);
  }
}
