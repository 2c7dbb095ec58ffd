// The prior: what a derivation costs that nobody here has built. Looks for the narrowest thing known of it: a part
// or glue by its shape, a published package by name, a family (language, tool), its kind. Tables and sources:
// prior-table.ts, family.ts, size.ts. Knows neither hosts nor history.
import type { NodeFile, Workload } from "#model/graph-file.js";
import type { Provenance } from "#model/tasks.js";
import { type Family, familyOf, kindOf, shapeOf } from "./family.js";
import { type Identity, identityOf, withoutVersions } from "./identity.js";
import { type NamedRow, namedRow, SOURCES } from "./named.js";
import { buildMemory, builtOutput, fetchedOutput, fetchSize, OWN_SOURCES } from "./size.js";

export interface Guess {
  /** Core-seconds on a core of speed 1: the median. */
  readonly work: number;
  /** Coefficient of variation of the lognormal around it. */
  readonly cv: number;
  /** Absent: unbounded. */
  readonly maxCores?: number;
  /** Amdahl share of `work` that runs on one core. */
  readonly serial: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  readonly sourceBytes: number;
  readonly workload: Workload;
  readonly provenance: Provenance;
  /** Which row, from which source, for reports: `gcc: LFS, BLFS`, `Python module: assumed`. */
  readonly basis: string;
}

/** Builds of one package vary by this, over versions, options and nodes: the median of 171 packages of Spack CI. */
export const PACKAGE_CV = 0.47;

/** The serial share of a whole distribution, from the Yocto fit 39771/cores + 1088 s on an EPYC (djboni, MIT). */
const SERIAL = 0.0266;
/** Core-seconds of configure, which no second core shortens: Buildroot's median over autotools packages. */
const CONFIGURE = 6;

const GLUE: ReadonlySet<string> = new Set(["trivial", "hook", "patch", "wrapper", "seed"]);

/** What `node` probably costs. A pure function of its name, pname, kind, tool and whether it is a fetch. */
export function priorOf(node: NodeFile, identity: Identity = identityOf(node)): Guess {
  if (isFetch(node)) return fetched(node, identity);
  const glue = namedRow("nix", withoutVersions(node.name));
  if (glue !== undefined) return named(glue, "shell", 1);
  if (node.kind !== undefined && GLUE.has(node.kind)) return ofFamily(kindOf(node.kind));
  const shape = shapeOf(node);
  if (shape !== undefined) return ofFamily(shape);
  const row = namedRow(identity.scope, identity.base);
  const family = familyOf(node, identity);
  return row !== undefined ? named(row, workloadOf(row, family), row.work < LONG ? family.maxCores : undefined) : ofFamily(family);
}

/** A fixed-output derivation fetches: its time is bytes ÷ bandwidth, and hardly any CPU. */
export function isFetch(node: NodeFile): boolean {
  return node.fixedOutput ?? node.kind === "fetch";
}

/** Amdahl share of a compiled package: a distribution's share and one configure. */
export function serialShare(work: number): number {
  return Math.min(1, SERIAL + CONFIGURE / Math.max(work, CONFIGURE));
}

/** The same of a package that can use so many cores; undefined = any number. */
export function serialOf(work: number, maxCores: number | undefined): number {
  return maxCores === 1 ? 0 : serialShare(work);
}

/** Core-seconds of a build that took `seconds` at speed 1 on `cores`: the inverse of `serialShare`, never below it. */
export function workFromWall(seconds: number, cores: number): number {
  const parallel = (seconds - CONFIGURE * (1 - 1 / cores)) / (SERIAL + (1 - SERIAL) / cores);
  return Math.max(seconds, parallel);
}

/** From here on a scripting language's package is native code built in parallel (scipy, torch), not a copy. */
const LONG = 100;

function workloadOf(row: NamedRow, family: Family): Workload {
  return row.work < LONG ? family.workload : "compile";
}

function fetched(node: NodeFile, identity: Identity): Guess {
  const size = fetchSize(node, identity);
  const sourceBytes = node.sourceBytes ?? size.bytes;
  return {
    work: 0,
    cv: 1,
    maxCores: 1,
    serial: 0,
    memoryBytes: buildMemory(0),
    outputBytes: fetchedOutput(node, sourceBytes),
    sourceBytes,
    workload: "fetch",
    provenance: "assumed",
    basis: size.basis,
  };
}

function named(row: NamedRow, workload: Workload, maxCores: number | undefined): Guess {
  const sources = [...row.sources].map((letter) => SOURCES[letter]).join(", ");
  return {
    ...built(row.work, workload, maxCores),
    cv: row.cv ?? PACKAGE_CV,
    memoryBytes: row.memoryBytes ?? buildMemory(row.work),
    provenance: row.sources === "a" ? "assumed" : "prior-name",
    basis: `${row.name}: ${sources}`,
  };
}

function ofFamily(family: Family): Guess {
  return {
    ...built(family.work, family.workload, family.maxCores),
    cv: family.cv,
    memoryBytes: buildMemory(family.work),
    provenance: family.source === "" ? "assumed" : "prior-kind",
    basis: `${family.name}: ${family.source === "" ? "assumed" : family.source}`,
  };
}

function built(work: number, workload: Workload, maxCores: number | undefined) {
  return {
    work,
    serial: serialOf(work, maxCores),
    outputBytes: builtOutput(work),
    sourceBytes: OWN_SOURCES,
    workload,
    ...(maxCores !== undefined ? { maxCores } : {}),
  };
}
