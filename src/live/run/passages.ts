// All ways from builder to builder, opened when something first goes by them and kept: a copy at a time on each. A way that
// fails while both its hosts answer is left alone for a while, and said once; what should have gone by it goes through the
// coordinator. Knows no paths' facts.
import type { HostId } from "#base/units.js";
import type { Clock } from "#live/host/clock.js";
import type { HostLink } from "#live/host/host-link.js";
import { Line } from "#live/host/line.js";
import type { Peer } from "#live/host/peer.js";
import { Passage } from "./passage.js";

/** Seconds until a way that failed is tried again. Assumption: somebody mends a key or a firewall meanwhile. */
const SHUT_SECONDS = 60;

interface Way {
  readonly line: Line;
  passage: Passage | null;
  shutUntil: number;
  isSaid: boolean;
}

/** From, to, and paths of which none refers to another: what they refer to goes with them. */
export interface Passing {
  readonly from: HostId;
  readonly to: HostId;
  readonly tops: readonly string[];
}

export class Passages {
  private readonly ways = new Map<string, Way>();
  /** Told once of each way that fails. */
  detour: (from: HostId, to: HostId, why: string) => void = () => {};

  constructor(
    private readonly links: readonly HostLink[],
    /** By host; null = other builders cannot reach it. */
    private readonly peers: readonly (Peer | null)[],
    private readonly clock: Clock,
  ) {}

  isOpen(from: HostId, to: HostId): boolean {
    if (this.peers[to] === null || this.links[from]!.address.ssh === null) return false;
    return this.clock.now() >= this.way(from, to).shutUntil;
  }

  /** True when they are there. */
  carry({ from, to, tops }: Passing, isUrgent: () => boolean): Promise<boolean> {
    const way = this.way(from, to);
    return way.line.run(async () => {
      if (!this.isOpen(from, to)) return false;
      const kept = way.passage?.isAlive === true ? way.passage : null;
      const opened = kept ?? (await Passage.open(this.links[from]!, this.peers[to]!));
      way.passage = typeof opened === "string" ? null : opened;
      const why = typeof opened === "string" ? opened : await opened.copy(tops);
      if (why === null) return true;
      await way.passage?.close(this.clock);
      way.passage = null;
      if ((await this.links[from]!.check()) && (await this.links[to]!.check())) this.shut(way, from, to, why);
      return false;
    }, isUrgent);
  }

  async close(): Promise<void> {
    await Promise.all([...this.ways.values()].map(({ passage }) => passage?.close(this.clock)));
  }

  private shut(way: Way, from: HostId, to: HostId, why: string): void {
    way.shutUntil = this.clock.now() + SHUT_SECONDS * 1e6;
    if (!way.isSaid) this.detour(from, to, why);
    way.isSaid = true;
  }

  private way(from: HostId, to: HostId): Way {
    const key = `${from} ${to}`;
    let way = this.ways.get(key);
    if (way === undefined) {
      way = { line: new Line(), passage: null, shutUntil: 0, isSaid: false };
      this.ways.set(key, way);
    }
    return way;
  }
}
