// Finds .drv files in store directories and reads the closure of given ones. A store may be relocated
// (`ROOT/nix/store`); what the files say of `/nix/store` stays as it is.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "#base/fault.js";
import type { DerivationGraph } from "#ingest/derivation-graph.js";
import { readDrv } from "#ingest/derivation-drv.js";
import type { GraphCollector } from "#ingest/graph-of.js";
import { baseName, derivationName } from "#ingest/store-path.js";
import { readFault } from "./input-stream.js";

export interface StoreWalk {
  /** Base names of all .drv files in one of the directories. */
  all(directory: string): readonly string[];
  /** The base name that a root names: itself, or the one derivation in the directories with that name. */
  find(root: string): readonly string[];
  /** Reads the given derivations and all that they need, as far as the directories have them. */
  read(bases: Iterable<string>, collector: GraphCollector, graph: DerivationGraph, onCount: (count: number) => void): Fault | undefined;
}

/** The store within `directory`: itself, or its nix/store. */
export function storeIn(directory: string): string {
  const inner = join(directory, "nix", "store");
  return existsSync(inner) && statSync(inner).isDirectory() ? inner : directory;
}

export function storeWalk(directories: readonly string[]): StoreWalk {
  const all = (directory: string) => readdirSync(directory).filter((name) => name.endsWith(".drv"));
  const fileOf = (base: string) => directories.map((directory) => join(directory, base)).find((file) => existsSync(file));
  return {
    all,
    find: (root) => {
      const base = baseName(root);
      if (fileOf(base) !== undefined) return [base];
      return [...new Set(directories.flatMap(all))].filter((name) => derivationName(name) === root);
    },
    read: (bases, collector, graph, onCount) => {
      const queue = [...bases];
      const tried = new Set<string>();
      for (let base = queue.pop(); base !== undefined; base = queue.pop()) {
        if (tried.has(base)) continue;
        tried.add(base);
        const file = collector.has(base) ? undefined : fileOf(base);
        if (file === undefined) continue;
        const derivation = readDerivation(file, base);
        if ("code" in derivation) return derivation;
        const broken = graph.add(derivation, file);
        if (broken !== undefined) return broken;
        for (const input of derivation.inputDrvs) if (!collector.has(input)) queue.push(baseName(input));
        onCount(collector.size());
      }
      return undefined;
    },
  };
}

function readDerivation(file: string, base: string) {
  try {
    const derivation = readDrv(readFileSync(file), base, file);
    return derivation.ok ? derivation.value : derivation.faults[0]!;
  } catch (error) {
    const broken = readFault(error, file);
    if (broken === undefined) throw error;
    return broken;
  }
}
