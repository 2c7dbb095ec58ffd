// Builds what a hook asks for over kept connections, as `run` does, in place of Nix's own hook: no program is started per
// build here, and one only on the builder. What it cannot do as Nix would (outputs with signatures or known by content, no
// right to write into the store, a host that it cannot reach) is left to Nix's own hook, and so are long builds: that hook
// outlives this process, which then matters more than a fifth of a second. Knows hosts by number, no queue and no policy.
import { Arrivals } from "#live/host/arrivals.js";
import type { Clock } from "#live/host/clock.js";
import { isGood, verdictOn } from "#live/host/failure.js";
import type { HostLink } from "#live/host/host-link.js";
import { infosInOrder } from "#live/host/references.js";
import type { Recipe } from "#live/host/recipe.js";
import type { Limits, PathInfo } from "#live/host/serve.js";
import type { Session } from "#live/host/session.js";
import type { Verdict } from "#live/hook/verdict.js";
import { bringHome } from "./homecoming.js";
import type { Registrar } from "./registrar.js";
import type { Slots } from "./slots.js";

/** Seconds from which a build is long. Assumption: what is lost with an agent that is killed. */
const LONG_SECONDS = 300;
/** Seconds without a build until connections are closed: they keep what they have seen from the builder's garbage collector. */
const REST_SECONDS = 300;
/** Connections to one host that are opened ahead at most: sshd allows ten over one. */
const WARM_MAX = 8;
/** Seconds that other hosts have for saying that they have an output already: assumption. One that is silent holds nobody up. */
const LOOK_SECONDS = 1;
/** Builds that may end at once without one waiting for another to start a program: assumption. */
const REGISTRARS_MAX = 8;
const TIMED_OUT = 8;

export interface OwnBuilderKit {
  readonly clock: Clock;
  /** Fresh ones, not connected, the local store first; and what closes them all. */
  links(): { readonly links: readonly HostLink[]; close(): Promise<void> };
  readonly slots: Slots;
  readonly registrar: Registrar;
  /** A build has ended well, after so many seconds. */
  built(drv: string, host: number, seconds: number): void;
  /** Undefined where the derivation is not one whose outputs' paths are known. */
  recipe(drv: string): Recipe | undefined;
}

export interface OwnWish {
  readonly host: number;
  /** Hosts that may build it: one of them may have done so for a nix that was killed before the output was home. */
  readonly may: readonly number[];
  /** Host on which an agent before us was building it, -1 where none was. */
  readonly earlier: number;
  readonly drv: string;
  /** With all that they refer to. */
  readonly inputs: readonly string[];
  /** Names of outputs; none = all. */
  readonly wanted: readonly string[];
  readonly substitute: boolean;
  readonly limits: Limits;
  log(bytes: Buffer): void;
  /** The builder has ended well: its host can build the next while outputs come home. */
  built(): void;
}

/** `own`: Nix's own hook is to do it, or the rest of it. */
export type OwnVerdict = (Verdict & { readonly message: string }) | { readonly kind: "own"; readonly why: string };

export interface OwnBuild {
  readonly verdict: Promise<OwnVerdict>;
  /** Ends it, on its host too. */
  cancel(): void;
}

interface Life {
  took(session: Session): void;
  /** False once nobody waits for it. */
  isWanted(): boolean;
}

export class OwnBuilder {
  private links: readonly HostLink[] = [];
  private close: () => Promise<void> = () => Promise.resolve();
  private opening: (Promise<string | null> | null)[] = [];
  private arriving: readonly Arrivals[] = [];
  /** By host: what came there since it was last said to be missing. */
  private came: readonly Set<string>[] = [];
  private underWay = 0;
  private unrest: () => void = () => {};

  constructor(private readonly kit: OwnBuilderKit) {}

  isAble(drv: string, seconds: number): boolean {
    const recipe = this.kit.recipe(drv);
    return seconds < LONG_SECONDS && recipe !== undefined && recipe.drv.outputs.every(({ hash }) => hash === "");
  }

  /** A build may come soon: connections are opened, if they are not open. */
  rouse(): void {
    this.unrest();
    this.unrest = this.underWay > 0 ? () => {} : this.kit.clock.after(REST_SECONDS, () => this.release());
    if (this.links.length > 0) return;
    const { links, close } = this.kit.links();
    this.links = links;
    this.close = close;
    this.opening = this.links.map(() => null);
    this.arriving = this.links.map(() => new Arrivals());
    this.came = this.links.map(() => new Set());
    for (const host of this.links.keys()) void this.open(host);
    this.kit.registrar.ready(1);
  }

  build(wish: OwnWish): OwnBuild {
    let session: Session | null = null;
    let isWanted = true;
    this.underWay++;
    this.rouse();
    const link = this.links[wish.host]!;
    const verdict = this.live(wish, link, {
      took: (taken) => {
        session = taken;
      },
      isWanted: () => isWanted,
    });
    return {
      verdict: verdict.finally(() => {
        session = null;
        this.underWay--;
        this.rouse();
      }),
      cancel: () => {
        isWanted = false;
        const running = session;
        if (running !== null) void link.end(running);
      },
    };
  }

  /** Closes all connections: builds that run are lost. */
  release(): void {
    this.unrest();
    void this.close();
    this.links = [];
    this.kit.registrar.release();
  }

  /** Nix's own hook is to build there, and asks for a slot. */
  yield(host: number): void {
    this.kit.slots.release(host);
  }

  private async live(wish: OwnWish, link: HostLink, life: Life): Promise<OwnVerdict> {
    const slot = await this.kit.slots.take(wish.host);
    if (slot === null) return { kind: "busy", message: "" };
    let isHeld = true;
    const leave = (): void => {
      if (isHeld) this.kit.slots.leave(wish.host, slot);
      isHeld = false;
    };
    const built = (): void => {
      leave();
      wish.built();
    };
    const verdict = await this.inSlot({ ...wish, built }, link, life);
    leave();
    return verdict;
  }

  private async inSlot(wish: OwnWish, link: HostLink, life: Life): Promise<OwnVerdict> {
    const recipe = this.kit.recipe(wish.drv)!;
    const [home, there] = await Promise.all([this.open(0), this.open(wish.host)]);
    const closed = home ?? there;
    if (closed !== null) return { kind: "own", why: closed };
    const taken = await link.take(null);
    if (!taken.ok) return { kind: "own", why: taken.why };
    const session = taken.value;
    if (!life.isWanted()) {
      link.give(session);
      return { kind: "own", why: "nobody waits for it" };
    }
    life.took(session);
    session.log = wish.log;
    const looking = this.found(wish, recipe, life.isWanted);
    const fed = await this.feed(wish, session);
    const verdict = fed ?? (await looking) ?? (await this.builtIn(wish, recipe, session, life.isWanted));
    session.log = null;
    link.give(session);
    return verdict;
  }

  /** Null, unless a host has all outputs already: then they are brought home. */
  private async found(wish: OwnWish, recipe: Recipe, isWanted: () => boolean): Promise<OwnVerdict | null> {
    const paths = outputsOf(wish, recipe);
    // There it lies, if anywhere: that connection is waited for.
    if (wish.earlier >= 0) await this.open(wish.earlier);
    const up = wish.may.map((host) => this.links[host]!).filter((link) => link.up);
    const has = await this.soon(up.map((link) => link.valid(paths).then((answer) => answer.ok && answer.value.length === paths.length)));
    const holder = up[has.indexOf(true)];
    const taken = await holder?.take(null);
    if (taken?.ok !== true) return null;
    const verdict = await this.home(paths, recipe, taken.value, isWanted);
    holder!.give(taken.value);
    return verdict.kind === "built" ? verdict : null;
  }

  /** The answers, or false where none comes in time. */
  private async soon(answers: readonly Promise<boolean>[]): Promise<readonly boolean[]> {
    let off = (): void => {};
    const late = new Promise<boolean>((resolve) => {
      off = this.kit.clock.after(LOOK_SECONDS, () => resolve(false));
    });
    const all = await Promise.all(answers.map((answer) => Promise.race([answer, late])));
    off();
    return all;
  }

  /** Null once the inputs are there. */
  private async feed({ host, inputs, substitute }: OwnWish, session: Session): Promise<OwnVerdict | null> {
    const has = await session.serve.validPaths(inputs, substitute);
    if (!has.ok) return lost(await session.reason());
    const there = new Set(has.value);
    const missing = inputs.filter((path) => !there.has(path));
    if (missing.length === 0) return null;
    const came = this.came[host]!;
    for (const path of missing) came.delete(path);
    const infos = await this.links[0]!.infos(missing);
    if (!infos.ok || infos.value.length < missing.length) return { kind: "own", why: "the local store lacks inputs" };
    for (const info of infosInOrder(infos.value)) {
      const isThere = (): boolean => came.has(info.path);
      const failed = await this.arriving[host]!.once(info.path, isThere, () => this.send(info, session, came));
      if (failed !== null) return failed;
    }
    return null;
  }

  /** Null once it is there. */
  private async send(info: PathInfo, session: Session, came: Set<string>): Promise<OwnVerdict | null> {
    const home = this.links[0]!;
    const sender = await home.take(null);
    if (!sender.ok) return { kind: "own", why: sender.why };
    const sent = await sender.value.serve.copy(info, [session.serve]);
    home.give(sender.value);
    if (!sent.ok || !session.alive) return lost(await session.reason());
    came.add(info.path);
    return null;
  }

  private async builtIn(wish: OwnWish, recipe: Recipe, session: Session, isWanted: () => boolean): Promise<OwnVerdict> {
    let tail = "";
    session.log = (bytes) => {
      tail = (tail + bytes.toString("utf8")).slice(-4096);
      wish.log(bytes);
    };
    this.kit.registrar.ready(Math.min(this.underWay, REGISTRARS_MAX));
    const began = this.kit.clock.now();
    const result = await session.serve.build(recipe.drvPath, { ...recipe.drv, inputs: wish.inputs }, wish.limits);
    if (!result.ok) return lost(await session.reason());
    if (!isGood(result.value)) await session.afterwards((serve) => serve.validPaths([], false));
    const verdict = verdictOn(result.value, tail);
    if (verdict.kind === "build") return { kind: "failed", exit: result.value.status === TIMED_OUT ? 101 : 100, message: verdict.why };
    if (verdict.kind === "host") return verdict.isFull ? lost(verdict.why) : { kind: "unfit", why: verdict.why, message: verdict.why };
    this.kit.built(wish.drv, wish.host, (this.kit.clock.now() - began) / 1e6);
    if (isWanted()) wish.built();
    return this.home(outputsOf(wish, recipe), recipe, session, isWanted);
  }

  private async home(paths: readonly string[], recipe: Recipe, session: Session, isWanted: () => boolean): Promise<OwnVerdict> {
    const home = await bringHome(paths, recipe.drvPath, session, this.kit.registrar, isWanted);
    return home.kind === "home" ? { kind: "built", message: "" } : home.kind === "lost" ? lost(home.why) : home;
  }

  private open(host: number): Promise<string | null> {
    const link = this.links[host]!;
    if (link.up) return Promise.resolve(null);
    this.opening[host] ??= this.connect(host, link);
    return this.opening[host]!;
  }

  private async connect(host: number, link: HostLink): Promise<string | null> {
    await link.sweepEarlier();
    const why = await link.connect();
    this.opening[host] = null;
    // One more than builds: the last output comes home while the next is built.
    if (why === null) void link.warm(Math.min(host === 0 ? 2 : this.kit.slots.count(host) + 1, WARM_MAX), null);
    return why;
  }
}

function outputsOf({ wanted }: OwnWish, { drv }: Recipe): readonly string[] {
  return drv.outputs.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(({ path }) => path);
}

function lost(why: string): OwnVerdict {
  return { kind: "lost", why, message: why };
}
