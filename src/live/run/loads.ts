// Which paths go straight from which builder: those that the coordinator does not have, each from a builder that has it, with
// all that it refers to, so that no load waits for another. Pure: reads what is known of the stores.
import { COORDINATOR, type HostId } from "#base/units.js";
import type { Stores } from "./stores.js";

/**
 * Bytes from which a load is worth the programs that it starts (Nix on both ends, some 0.1 s); smaller ones are sooner there
 * over the connections that are open. Assumption: what crosses a 20 Mbit/s link in that time.
 */
const LOAD_MIN = 256 * 1024;

export interface Load {
  readonly from: HostId;
  /** Each after what it refers to. */
  readonly paths: readonly string[];
  /** Those that no other of them refers to. */
  readonly tops: readonly string[];
}

export interface LoadQuestion {
  readonly stores: Stores;
  readonly to: HostId;
  /** Each after what it refers to. */
  readonly closure: readonly string[];
  /** Not these. */
  readonly except: ReadonlySet<string>;
  isArriving(path: string): boolean;
  /** Whether a builder may send to it. */
  isOpen(from: HostId): boolean;
}

export function loadsOf({ stores, to, closure, except, isArriving, isOpen }: LoadQuestion): readonly Load[] {
  const { has, infos, links } = stores;
  const missing = closure.filter((path) => !has[to]!.has(path) && !has[COORDINATOR]!.has(path) && !except.has(path));
  const references = (path: string): readonly string[] => infos.get(path)!.references.filter((other) => other !== path);
  // What waits for something that is on its way would bring that along a second time.
  const open = new Set<string>();
  const waits = new Set<string>();
  for (const path of missing) {
    const isWaiting = isArriving(path) || references(path).some((other) => isArriving(other) || waits.has(other));
    (isWaiting ? waits : open).add(path);
  }
  const senders = ([...links.keys()] as HostId[]).filter((host) => host !== COORDINATOR && host !== to && links[host]!.up && isOpen(host));
  const loads = new Map<HostId, { readonly taken: Set<string>; readonly tops: string[] }>();
  for (const path of missing.toReversed()) {
    const from = senders.find((host) => has[host]!.has(path));
    if (from === undefined || !open.has(path)) continue;
    const load = loads.get(from) ?? { taken: new Set(), tops: [] };
    loads.set(from, load);
    load.tops.push(path);
    const stack = [path];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (!open.delete(next)) continue;
      load.taken.add(next);
      stack.push(...references(next));
    }
  }
  return [...loads]
    .map(([from, { taken, tops }]) => ({ from, paths: missing.filter((path) => taken.has(path)), tops: tops.toReversed() }))
    .filter(({ paths }) => paths.reduce((sum, path) => sum + infos.get(path)!.narSize, 0) >= LOAD_MIN);
}
