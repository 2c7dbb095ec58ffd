// Brings paths to a store, each after what it refers to, from whoever has it: the coordinator, or the builder that made it,
// straight where builders may talk, else streamed, in which case the coordinator gets its copy on the way. A path travels to
// a host once, however many wait for it.
// Bulk has connections of its own, one path at a time each way per host.
import { COORDINATOR, type HostId } from "#base/units.js";
import { Arrivals } from "#live/host/arrivals.js";
import type { PathInfo } from "#live/host/serve.js";
import type { Session } from "#live/host/session.js";
import { type Load, loadsOf } from "./loads.js";
import type { Passages } from "./passages.js";
import type { Stores } from "./stores.js";

/** Bytes from which a path is bulk. Assumption: what crosses a 100 Mbit/s link in a tenth of a second. */
export const BULK_MIN = 2 ** 20;

export type Carried =
  | { readonly kind: "there"; readonly bytes: number }
  /** The store that should get it does not answer, or refuses it. */
  | { readonly kind: "refused"; readonly why: string }
  /** Nobody who answers has these. */
  | { readonly kind: "lost"; readonly path: string };

/** Times that a path breaks off on its way from a host that answers, until that host counts as not having it. */
const BREAKS_MAX = 3;

/** What one wants brought. */
export interface Order {
  readonly paths: readonly string[];
  readonly to: HostId;
  /** A connection to that host that is free meanwhile; null = take one. */
  readonly own: Session | null;
  /** Somebody waits for it. */
  readonly isUrgent: boolean;
}

export interface Ways {
  /** Builders are asked to substitute what they lack before anything is sent. */
  readonly substitute: boolean;
  /** From builder to builder; null = through the coordinator. */
  readonly passages: Passages | null;
}

export class Carrier {
  private readonly arriving: readonly Arrivals[];
  /** Paths on their way without haste that somebody waits for now. */
  private readonly wanted = new Set<string>();

  constructor(
    private readonly stores: Stores,
    private readonly ways: Ways,
    /** Waits for a host that went down a moment ago and may come back; false when it does not. */
    private readonly awaitBack: (host: HostId) => Promise<boolean>,
  ) {
    this.arriving = stores.links.map(() => new Arrivals());
  }

  /** The paths and all that they refer to. */
  async bring(order: Order): Promise<Carried> {
    const { stores } = this;
    const { to } = order;
    const closure = await stores.closure(order.paths);
    if (!closure.ok) return { kind: "lost", path: closure.why };
    const looked = await stores.look(to, closure.value, this.ways.substitute && to !== COORDINATOR, order.own);
    if (!looked.ok) return { kind: "refused", why: looked.why };
    const home = stores.has[COORDINATOR]!;
    const near = await this.each(
      closure.value.filter((path) => home.has(path)),
      order,
    );
    if (near.kind !== "there") return near;
    const straight = await this.straight(closure.value, order);
    const rest = await this.each(closure.value, order);
    return rest.kind === "there" ? { kind: "there", bytes: near.bytes + straight + rest.bytes } : rest;
  }

  private async each(paths: readonly string[], order: Order): Promise<Carried> {
    let bytes = 0;
    for (const path of paths) {
      const carried = await this.one(path, order);
      if (carried.kind !== "there") return carried;
      bytes += carried.bytes;
    }
    return { kind: "there", bytes };
  }

  /** What only builders have, from them, in loads that go side by side; the bytes that came. */
  private async straight(closure: readonly string[], order: Order): Promise<number> {
    const { passages } = this.ways;
    const { to } = order;
    if (passages === null || to === COORDINATOR) return 0;
    const arriving = this.arriving[to]!;
    const tried = new Set<string>();
    for (let bytes = 0; ; ) {
      const loads = loadsOf({
        stores: this.stores,
        to,
        closure,
        except: tried,
        isArriving: (path) => arriving.has(path),
        isOpen: (from) => passages.isOpen(from, to),
      });
      const gone = loads.map((load) => this.load(load, order, passages));
      for (const { paths } of loads) for (const path of paths) tried.add(path);
      const under = closure.filter((path) => arriving.has(path));
      if (under.length === 0) return bytes;
      if (order.isUrgent) for (const path of under) this.wanted.add(path);
      await Promise.all(under.map((path) => arriving.over(path)));
      for (const carried of await Promise.all(gone)) bytes += carried;
    }
  }

  /** The bytes that came; what did not may go another way. */
  private async load({ from, paths, tops }: Load, { to, isUrgent }: Order, passages: Passages): Promise<number> {
    const { links, has, infos } = this.stores;
    const sent = passages.carry({ from, to, tops }, () => isUrgent || paths.some((path) => this.wanted.has(path)));
    // Asked for, they are kept from the garbage collector, as what is streamed is.
    const looked = sent.then(() => links[to]!.valid(paths));
    const valid = await this.arriving[to]!.together(paths, looked);
    if (!valid.ok) return 0;
    for (const path of valid.value) has[to]!.add(path);
    return valid.value.reduce((sum, path) => sum + infos.get(path)!.narSize, 0);
  }

  private async one(path: string, order: Order): Promise<Carried> {
    const arriving = this.arriving[order.to]!;
    if (order.isUrgent && arriving.has(path)) this.wanted.add(path);
    const isThere = (): boolean => this.stores.has[order.to]!.has(path);
    const carried = await arriving.once(path, isThere, () => this.carry(this.stores.infos.get(path)!, order));
    return carried ?? { kind: "there", bytes: 0 };
  }

  private async carry(info: PathInfo, order: Order): Promise<Carried> {
    const { has, links } = this.stores;
    for (let breaks = 0; ; ) {
      if (order.to !== COORDINATOR) {
        if (order.isUrgent) this.wanted.add(info.path);
        await this.arriving[COORDINATOR]!.over(info.path);
        if (has[COORDINATOR]!.has(info.path)) return this.fromHome(info, order);
      }
      const from = this.holder(info.path, order.to);
      if (from === null) return { kind: "lost", path: info.path };
      if (!links[from]!.up && !(await this.awaitBack(from))) return { kind: "lost", path: info.path };
      const carried = await this.fromBuilder(info, from, order);
      if (carried !== "again") return carried;
      if (links[from]!.up && ++breaks % BREAKS_MAX === 0) has[from]!.delete(info.path);
    }
  }

  /** A builder that has it, one that is up where there is one. */
  private holder(path: string, to: HostId): HostId | null {
    const { has, links } = this.stores;
    const holders = [...links.keys()].filter((host) => host !== COORDINATOR && host !== to && has[host]!.has(path)) as HostId[];
    return holders.find((host) => links[host]!.up) ?? holders[0] ?? null;
  }

  private async fromHome(info: PathInfo, order: Order): Promise<Carried> {
    const home = this.stores.links[COORDINATOR]!;
    return this.receiving(info, order, async (receiver) => {
      const session = await home.take(null);
      if (!session.ok) return { kind: "refused", why: session.why };
      await session.value.serve.copy(info, [receiver.serve]);
      home.give(session.value);
      return this.outcome(info, order.to, receiver);
    });
  }

  private async fromBuilder(info: PathInfo, from: HostId, order: Order): Promise<Carried | "again"> {
    const lane = info.narSize >= BULK_MIN ? "bulk-out" : "small";
    const source = this.stores.links[from]!;
    return source.lane<Carried | "again">(
      lane,
      this.urgency(info, order),
      (session) =>
        this.receiving<Carried | "again">(info, order, async (receiver) => {
          const home = order.to === COORDINATOR ? null : await this.homeFor(info);
          const sent = await session.serve.copy(info, [receiver.serve, ...(home === null ? [] : [home.serve])]);
          if (home !== null) {
            await this.outcome(info, COORDINATOR, home);
            this.stores.links[COORDINATOR]!.give(home);
          }
          if (sent.ok) return this.outcome(info, order.to, receiver);
          await source.check();
          return "again";
        }),
      () => "again",
    );
  }

  private urgency({ path }: PathInfo, { isUrgent }: Order): () => boolean {
    return () => isUrgent || this.wanted.has(path);
  }

  /** A connection to the coordinator's own store, when it lacks the path and has what the path refers to. */
  private async homeFor(info: PathInfo): Promise<Session | null> {
    const has = this.stores.has[COORDINATOR]!;
    if (has.has(info.path) || info.references.some((path) => path !== info.path && !has.has(path))) return null;
    const session = await this.stores.links[COORDINATOR]!.take(null);
    return session.ok ? session.value : null;
  }

  /** With a connection to the host that gets it: bulk by its own, small paths by the one that the order has. */
  private async receiving<T extends Carried | "again">(
    info: PathInfo,
    order: Order,
    job: (receiver: Session) => Promise<T>,
  ): Promise<T | Carried> {
    const target = this.stores.links[order.to]!;
    if (info.narSize >= BULK_MIN && order.to !== COORDINATOR)
      return target.lane<T | Carried>("bulk-in", this.urgency(info, order), job, (why) => ({ kind: "refused", why }));
    if (order.own !== null) return job(order.own);
    const session = await target.take(null);
    if (!session.ok) return { kind: "refused", why: session.why };
    const done = await job(session.value);
    target.give(session.value);
    return done;
  }

  private async outcome(info: PathInfo, to: HostId, receiver: Session): Promise<Carried> {
    if (!receiver.alive) return { kind: "refused", why: await receiver.reason() };
    this.stores.has[to]!.add(info.path);
    return { kind: "there", bytes: info.narSize };
  }
}
