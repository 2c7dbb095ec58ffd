// How often a client that polls in vain goes on doing so. Nix never tires, but every round of nothing but refusals leaves a span in the
// trace, and a build of weeks, or one whose duration is a mistake, would fill any memory. A run may have so many of them, for itself and
// for each derivation: runs of a thousand derivations have about a thousand. Beyond it a tick at which all children are silent comes
// after a thousandth of the time so far. Blind spot: what is free by itself, a host or another client's slot, is then found so much later.

const VAIN_MAX = 300_000;
const VAIN_EACH = 100;
const SPARSE = 1000;

export class Patience {
  private left: number;
  /** Ticks since a child said something, that at which it was heard not counted. */
  private silentTicks = -1;

  constructor(tasks: number) {
    this.left = VAIN_MAX + VAIN_EACH * tasks;
  }

  /** A round of nothing but refusals is over. */
  refused(): void {
    this.left--;
  }

  /** A child has said something. */
  heard(): void {
    this.silentTicks = -1;
  }

  ticked(): void {
    this.silentTicks++;
  }

  /** µs to sleep where Nix sleeps `micros`. */
  sleep(micros: number, now: number): number {
    return this.left >= 0 || this.silentTicks <= 0 ? micros : Math.max(micros, Math.floor(now / SPARSE));
  }
}
