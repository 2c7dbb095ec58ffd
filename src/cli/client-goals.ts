// What a running nix will ask for, before it asks: Nix keeps what it works on from being collected in a file of temporary
// roots per process, and the derivations of all its goals stand in it. Reads that, and the derivations; whatever cannot be
// read is simply not known. Rule: Nix 2.8 to 2.36, local-store temporary roots: store paths, each ended by a zero byte.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDrv } from "#ingest/derivation-drv.js";
import { nodeOf } from "#ingest/derivation-node.js";
import { parseDrv } from "#ingest/drv.js";
import type { NodeFile } from "#model/graph-file.js";

export interface KnownDerivation {
  readonly node: NodeFile;
  /** Derivations that it needs. */
  readonly inputs: readonly string[];
  /** Paths of its outputs, as far as they are known before it is built. */
  readonly outputs: readonly string[];
}

export interface Goals {
  /** Store paths of the derivations that the process has as goals, in no order. */
  of(process: number): readonly string[];
  derivation(drv: string): KnownDerivation | undefined;
  /** Whether its outputs are there. */
  isBuilt(drv: string): boolean;
}

/** Derivations that are kept in memory: a large system has about that many. */
const KEPT_MAX = 50_000;

/** `state` is Nix's state directory, usually /nix/var/nix. */
export function goalsIn(state: string): Goals {
  const known = new Map<string, KnownDerivation | undefined>();
  const derivation = (drv: string): KnownDerivation | undefined => {
    if (!known.has(drv)) {
      if (known.size >= KEPT_MAX) known.clear();
      known.set(drv, read(drv));
    }
    return known.get(drv);
  };
  return {
    of: (process) => {
      try {
        const roots = readFileSync(join(state, "temproots", String(process)), "latin1");
        return [...new Set(roots.split("\0").filter((path) => path.endsWith(".drv")))];
      } catch {
        return [];
      }
    },
    derivation,
    isBuilt: (drv) => {
      const outputs = derivation(drv)?.outputs ?? [];
      return outputs.length > 0 && outputs.every(isThere);
    },
  };
}

function read(drv: string): KnownDerivation | undefined {
  try {
    const bytes = readFileSync(drv);
    const aterm = parseDrv(bytes, drv);
    const derivation = readDrv(bytes, drv, drv);
    const node = derivation.ok ? nodeOf(derivation.value, drv) : derivation;
    if (!aterm.ok || !derivation.ok || !node.ok) return undefined;
    return {
      node: { ...node.value, drv },
      inputs: derivation.value.inputDrvs,
      outputs: aterm.value.outputs.map(({ path }) => path).filter((path) => path !== ""),
    };
  } catch {
    return undefined;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
