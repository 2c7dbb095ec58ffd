// Builds that Nix will ask for any moment, since all that they need is there: they compete for slots before they are asked
// for, and one that wins holds its slot until it is. Nix asks one by one, in an order of its own; without this the first
// that it happens to name would fill the hosts. Nobody is waited for long: a nix that is slow to ask, or substitutes what we
// thought it would build, has what it asks for placed as it comes. Knows no problem and no policy.
import type { HostId, Instant } from "#base/units.js";

/** Seconds that a slot is held at most. Measured: Nix asks for a build every 0.05 to 0.15 s, so for forty or more. */
const HOLD_SECONDS = 4;
/** Seconds without a question after which Nix has caught up, or does something else. Assumption. */
const QUIET_SECONDS = 1;

interface Held {
  readonly host: HostId;
  readonly since: Instant;
}

export class Foresight {
  private readonly held = new Map<string, Held>();
  /** Since when each has been waited for, whichever slot was held. */
  private readonly since = new Map<string, Instant>();
  /** Waited for in vain once. */
  private readonly dismissed = new Set<string>();
  private isBehind = false;
  private askedAt = Number.NEGATIVE_INFINITY;

  /** Whether a build that nobody has asked for yet competes. */
  counts(key: string): boolean {
    return !this.isBehind && !this.dismissed.has(key);
  }

  hold(key: string, host: HostId, now: Instant): void {
    const since = this.since.get(key) ?? now;
    this.since.set(key, since);
    this.held.set(key, { host, since });
  }

  /** It is asked for: the host that was held for it, −1 = none. */
  asked(key: string, now: Instant): number {
    const host = this.held.get(key)?.host ?? -1;
    this.held.delete(key);
    this.since.delete(key);
    this.dismissed.delete(key);
    this.askedAt = now;
    return host;
  }

  /** Nix builds it itself: it is not asked for again, or when that has become impossible. */
  left(key: string): void {
    this.dismissed.add(key);
  }

  /** Slots are given anew. */
  release(): void {
    this.held.clear();
  }

  /** Nobody asks for anything any more. */
  forget(): void {
    this.dismissed.clear();
    this.since.clear();
  }

  holdsAt(host: HostId): boolean {
    return [...this.held.values()].some((one) => one.host === host);
  }

  /** True when what competes has changed with time alone. */
  hasChanged(now: Instant): boolean {
    const late = [...this.held].filter(([, { since }]) => now >= this.endOf(since));
    if (late.length > 0) {
      for (const [key] of late) {
        this.dismissed.add(key);
        this.since.delete(key);
      }
      this.isBehind = late.some(([, { since }]) => now >= since + HOLD_SECONDS * 1e6);
      return true;
    }
    if (!this.isBehind || now < this.askedAt + QUIET_SECONDS * 1e6) return false;
    this.isBehind = false;
    return true;
  }

  /** When it will be, unless something is asked before; Infinity = never. */
  get changesAt(): number {
    if (this.isBehind) return Number.POSITIVE_INFINITY;
    return Math.min(...[...this.held.values()].map(({ since }) => this.endOf(since)));
  }

  private endOf(since: number): number {
    return Math.min(since + HOLD_SECONDS * 1e6, Math.max(since, this.askedAt) + QUIET_SECONDS * 1e6);
  }
}
