// A clock that a test moves: whatever is under way in memory comes to rest before the next timer is due, so that what a
// test sees depends on no machine.
import { type Instant, micros } from "#base/units.js";
import type { Clock } from "#live/host/clock.js";

interface Timer {
  readonly at: number;
  readonly act: () => void;
}

export class ManualClock implements Clock {
  private at = 0;
  private timers: Timer[] = [];

  now(): Instant {
    return this.at as Instant;
  }

  /** How much is to happen yet. */
  get pending(): number {
    return this.timers.length;
  }

  after(seconds: number, act: () => void): () => void {
    const timer = { at: this.at + micros(seconds), act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    work.then(over, over);
    for (await rest(); !isOver; await rest()) {
      // Of equal instants, the timer that was set first.
      const next = this.timers.reduce<Timer | null>((first, timer) => (first === null || timer.at < first.at ? timer : first), null);
      if (next === null) throw new Error(`at ${this.at} µs nothing will ever happen again`);
      this.timers = this.timers.filter((other) => other !== next);
      this.at = next.at;
      next.act();
    }
    return work;
  }
}

/** Streams in memory move by ticks and promises, which are all over before the next turn of the event loop. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
