// The hosts of a run: connected at the start, set aside when they are lost or full, tried again with longer and longer
// pauses, swept of what an earlier connection left running before they count as back. Tells of each change.
import type { HostId } from "#base/units.js";
import { COORDINATOR } from "#base/units.js";
import type { Address } from "#live/host/address.js";
import { closeAll } from "#live/host/guard.js";
import { HostLink, type LinkKit } from "#live/host/host-link.js";
import { BULK } from "#live/host/lanes.js";
import { Stores } from "./stores.js";

/** Seconds until a lost host is tried again: first, and at most. */
const RETRY_FIRST = 1;
const RETRY_MAX = 60;
/** Connections to the coordinator's own store that are opened ahead: every path comes or goes through one. */
const HOME_MIN = 2;
/** Seconds after which the start waits no longer for hosts that say nothing, when there is one to build on. */
const START_PATIENCE = 3;
/** Seconds from the first builds' asking for connections until those of later ones are opened. */
const REST_AFTER = 0.7;
/** Seconds that a full host rests. */
const FULL_REST = 60;

export interface FleetWatcher {
  lost(host: HostId, why: string): void;
  back(host: HostId): void;
}

export class FleetLink {
  readonly links: readonly HostLink[];
  readonly stores: Stores;
  private readonly pauses: Float64Array;
  /** Why each host is out of use; null = in use. */
  readonly out: (string | null)[];
  private readonly waiting: (() => void)[][];
  /** Calls off what is to be done later. */
  private readonly pending = new Set<() => void>();
  /** Paths that a host which was away may have made meanwhile. */
  interest: readonly string[] = [];
  private closing = false;
  private isBulky = false;
  /** Who is told of changes; until somebody is, `out` tells all. */
  watcher: FleetWatcher = { lost: () => {}, back: () => {} };

  constructor(
    private readonly kit: Omit<LinkKit, "cores">,
    addresses: readonly Address[],
    /** Builds at once, and the usual grant, per host: connections opened ahead. */
    readonly slots: readonly { readonly count: number; readonly cores: number }[],
  ) {
    this.links = addresses.map(
      (address, h) => new HostLink({ ...kit, cores: slots[h]!.cores }, address, h, (why) => this.lost(h as HostId, why)),
    );
    this.stores = new Stores(this.links);
    this.pauses = new Float64Array(addresses.length).fill(RETRY_FIRST);
    this.out = addresses.map(() => null);
    this.waiting = addresses.map(() => []);
  }

  /**
   * Connects to all at once; hosts that refuse are lost, and so, until they answer, are those that take long. `sweeps`: an
   * earlier part of this run may have left processes.
   */
  async connect(sweeps: boolean): Promise<void> {
    let isOver = false;
    const tries = this.links.map(async (link, h) => {
      if (sweeps) await link.sweepAll();
      const why = await link.connect();
      if (why !== null) this.lost(h as HostId, why);
      else if (isOver) await this.join(h as HostId);
    });
    const all = Promise.all(tries);
    const late = new Promise<void>((resolve) => void this.later(START_PATIENCE, resolve));
    await Promise.race([all, late]);
    if (!this.canBegin) await all;
    isOver = true;
    for (const [h, link] of this.links.entries()) {
      if (this.out[h] === null && !link.up) this.putOut(h as HostId, `no answer in ${START_PATIENCE} s`);
    }
  }

  /**
   * The first builds have asked for their connections. What brings them their inputs comes next; what later builds and the way
   * back need waits until the first have begun.
   */
  begun(): void {
    // What is large is copied as soon as the first has ended.
    void this.links[COORDINATOR]!.warm(HOME_MIN, this.slots[COORDINATOR]!.cores).then(() => this.isBulky && this.warmBulk());
    this.later(REST_AFTER, async () => {
      for (const [h, link] of this.links.entries()) if (link.up) await this.warm(h);
    });
  }

  /** Something large will travel: each host has connections for that once the first builds have theirs, or from when it answers. */
  expectBulk(): void {
    this.isBulky = true;
  }

  /**
   * All that is left is being built, on these hosts: no further build is expected, unless one is lost with its host. What this
   * machine's store keeps serves the way back.
   */
  lastBuilds(on: ReadonlySet<HostId>): void {
    for (const [h, link] of this.links.entries()) if (h !== COORDINATOR) link.retire(!on.has(h as HostId));
  }

  /** The host takes no builds for a while, but what runs there goes on. */
  rest(host: HostId, why: string): void {
    if (this.out[host] !== null) return;
    this.putOut(host, why);
    this.later(FULL_REST, () => {
      if (this.links[host]!.up) this.back(host);
    });
  }

  /** True once the host is back; false when it is not within so many seconds. */
  awaitBack(host: HostId, seconds: number): Promise<boolean> {
    if (this.links[host]!.up) return Promise.resolve(true);
    return new Promise((resolve) => {
      const late = this.later(seconds, () => resolve(false));
      this.waiting[host]!.push(() => {
        late();
        resolve(true);
      });
    });
  }

  /** Ends everything of this run on all hosts. */
  async sweep(): Promise<void> {
    this.end();
    await Promise.all(this.links.map((link) => link.sweepAll()));
  }

  async close(): Promise<void> {
    this.end();
    await closeAll(this.links, this.kit.guard);
  }

  /** Its own store answers, and some host that builds. */
  private get canBegin(): boolean {
    return this.links[COORDINATOR]!.up && this.links.some(({ up }, h) => up && this.slots[h]!.count > 0);
  }

  private putOut(host: HostId, why: string): void {
    this.out[host] = why;
    this.watcher.lost(host, why);
  }

  private warmBulk(): void {
    for (const [h, link] of this.links.entries()) if (h !== COORDINATOR && link.up) void link.warmLanes(BULK);
  }

  private async warm(h: number): Promise<void> {
    const { count, cores } = this.slots[h]!;
    const link = this.links[h]!;
    if (h !== COORDINATOR) await link.warmLanes(["small"]);
    await link.warm(h === COORDINATOR ? count + HOME_MIN : count, cores);
    if (link.up) await link.check();
  }

  private lost(host: HostId, why: string): void {
    if (this.closing) return;
    if (this.out[host] === null) this.putOut(host, why);
    else this.out[host] = why;
    const pause = this.pauses[host]!;
    this.pauses[host] = Math.min(RETRY_MAX, pause * 2);
    this.later(pause, () => void this.retry(host));
  }

  private later(seconds: number, act: () => unknown): () => void {
    const stop = this.kit.clock.after(seconds, () => {
      this.pending.delete(off);
      act();
    });
    const off = (): void => {
      this.pending.delete(off);
      stop();
    };
    this.pending.add(off);
    return off;
  }

  /** Nothing is tried again: what waits for its time would keep the program alive. */
  private end(): void {
    this.closing = true;
    for (const off of [...this.pending]) off();
  }

  private async retry(host: HostId): Promise<void> {
    if (this.closing) return;
    const link = this.links[host]!;
    await link.sweepAll();
    const why = await link.connect();
    if (why !== null) return this.lost(host, why);
    await this.join(host);
  }

  /** A host that was away, and answers. */
  private async join(host: HostId): Promise<void> {
    const looked = await this.stores.lookAgain(host, this.interest);
    if (!looked.ok || this.closing) return;
    await this.warm(host);
    if (!this.links[host]!.up) return;
    if (this.isBulky) void this.links[host]!.warmLanes(BULK);
    this.back(host);
  }

  private back(host: HostId): void {
    this.out[host] = null;
    this.pauses[host] = RETRY_FIRST;
    for (const resolve of this.waiting[host]!.splice(0)) resolve();
    this.watcher.back(host);
  }
}
