// What is known of all stores: who has which path, and what each path refers to. A path's own facts never change; that a
// host has it may, so a host that was away is asked again. Host 0 is the coordinator.
import { COORDINATOR } from "#base/units.js";
import type { HostLink } from "#live/host/host-link.js";
import { inOrder } from "#live/host/references.js";
import type { Answer, PathInfo } from "#live/host/serve.js";
import type { Session } from "#live/host/session.js";

export class Stores {
  readonly infos = new Map<string, PathInfo>();
  /** By host: paths that it has, as far as we were told. */
  readonly has: readonly Set<string>[];

  constructor(readonly links: readonly HostLink[]) {
    this.has = links.map(() => new Set<string>());
  }

  /**
   * Asks the host for paths of which it is not known that it has them; lets it substitute them where it may. `own`: a connection
   * to it that has nothing else to do.
   */
  async look(host: number, paths: readonly string[], substitute: boolean, own: Session | null = null): Promise<Answer<void>> {
    const has = this.has[host]!;
    const open = paths.filter((path) => !has.has(path));
    if (open.length === 0) return { ok: true, value: undefined };
    const link = this.links[host]!;
    const valid = await (own !== null ? own.serve.validPaths(open, substitute) : substitute ? link.substituted(open) : link.valid(open));
    if (!valid.ok) return valid;
    for (const path of valid.value) has.add(path);
    return { ok: true, value: undefined };
  }

  /** Asks a host that was away for what it had, and for what it may have got. Until it has answered, what it had counts. */
  async lookAgain(host: number, more: readonly string[]): Promise<Answer<void>> {
    const has = this.has[host]!;
    const asked = [...new Set([...has, ...more])];
    const valid = await this.links[host]!.valid(asked);
    if (!valid.ok) return valid;
    for (const path of asked) has.delete(path);
    for (const path of valid.value) has.add(path);
    return { ok: true, value: undefined };
  }

  /** A host that answers and has all of the paths; null = none. */
  holder(paths: readonly string[]): number | null {
    const host = this.has.findIndex((has, h) => this.links[h]!.up && paths.every((path) => has.has(path)));
    return host < 0 ? null : host;
  }

  /** The host has these now; their facts are as told. */
  put(host: number, infos: readonly PathInfo[]): void {
    for (const info of infos) {
      this.infos.set(info.path, info);
      this.has[host]!.add(info.path);
    }
  }

  /** The paths and all that they refer to, each after what it refers to. Fails when nobody who answers knows one of them. */
  async closure(paths: readonly string[]): Promise<Answer<readonly string[]>> {
    const learnt = await this.learn(paths);
    if (!learnt.ok) return learnt;
    return { ok: true, value: inOrder(paths, (path) => this.infos.get(path)!.references) };
  }

  /** Facts of the paths and of all behind them. */
  private async learn(paths: readonly string[]): Promise<Answer<void>> {
    for (let open = this.unknown(paths); open.length > 0; open = this.unknown(paths)) {
      const before = this.infos.size;
      for (const [host, link] of this.links.entries()) {
        const asked = open.filter((path) => !this.infos.has(path) && (host === COORDINATOR || this.has[host]!.has(path)));
        if (asked.length === 0 || !link.up) continue;
        const infos = await link.infos(asked);
        if (infos.ok) this.put(host, infos.value);
        else if (host === COORDINATOR) return infos;
      }
      if (this.infos.size === before) return { ok: false, why: `no host that answers has ${open[0]}` };
    }
    return { ok: true, value: undefined };
  }

  private unknown(paths: readonly string[]): string[] {
    const open: string[] = [];
    const seen = new Set(paths);
    for (const path of seen) {
      const info = this.infos.get(path);
      if (info === undefined) open.push(path);
      else for (const other of info.references) seen.add(other);
    }
    return open;
  }
}
