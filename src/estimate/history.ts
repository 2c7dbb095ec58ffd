// What past builds say of the next one. Rows of one package and system, the same version first, then newer versions,
// then newer builds; at most ten; their median. The same host answers for itself, other hosts through work on a core
// of speed 1. Gentoo's rebuilds predicted so are off by 22 % (median). Ignores who else was building then.
import { compareText } from "#base/order.js";
import type { NodeFile } from "#model/graph-file.js";
import { emulationDefault } from "./emulation.js";
import type { HistoryRow } from "./history-file.js";
import { identityOf } from "./identity.js";
import { PACKAGE_CV, priorOf, workFromWall } from "./prior.js";

export interface Question {
  readonly node: Pick<NodeFile, "name" | "pname" | "version" | "system">;
  /** Absent: on no host in particular. */
  readonly host?: string;
}

export interface Recollection {
  /** Core-seconds on a native core of speed 1: the median. */
  readonly work: number;
  /** Wall seconds on the host that was asked for, where it built this package itself. */
  readonly seconds?: number;
  readonly cv: number;
  /** The most that any of the builds needed; absent where none says. */
  readonly memoryBytes?: number;
  /** How many builds it rests on. */
  readonly builds: number;
  readonly basis: string;
}

export interface History {
  /** Undefined: never built, on any host, for that system. */
  estimate(question: Question): Recollection | undefined;
}

const BUILDS_MAX = 10;

/** The history of `rows`; `speedOf` says how fast a core of a host is, 1 where nobody knows. */
export function historyOf(rows: readonly HistoryRow[], speedOf: (host: string) => number | undefined = () => 1): History {
  const index = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const key = keyOf({ name: row.pname, pname: row.pname, system: row.system });
    const known = index.get(key);
    if (known === undefined) index.set(key, [row]);
    else known.push(row);
  }
  const toWork = (row: HistoryRow) => workOf(row, speedOf(row.host) ?? 1);
  return {
    estimate({ node, host }) {
      const known = index.get(keyOf(node));
      return known === undefined ? undefined : recall(known, node.version, host, toWork);
    },
  };
}

/** Core-seconds at speed 1 of one past build: as measured, else from wall and the cores that such a package can use. */
export function workOf(row: HistoryRow, speed: number): number {
  if (row.workCoreSeconds !== undefined) return row.workCoreSeconds;
  const slowdown = row.emulated ? emulationDefault(row.system, "compile").slowdown : 1;
  const cores = Math.min(row.cores, priorOf({ name: row.pname, pname: row.pname, system: row.system }).maxCores ?? row.cores);
  return workFromWall((row.seconds * speed) / slowdown, cores);
}

function recall(
  rows: readonly HistoryRow[],
  version: string | undefined,
  host: string | undefined,
  toWork: (row: HistoryRow) => number,
): Recollection {
  const here = rows.filter((row) => row.host === host);
  const chosen = newest(here.length > 0 ? here : preferNative(rows), version);
  const works = chosen.map(toWork);
  const memory = chosen.flatMap((row) => row.memoryBytes ?? []);
  return {
    work: median(works),
    ...(here.length > 0 ? { seconds: median(chosen.map((row) => row.seconds)) } : {}),
    cv: spread(here.length > 0 ? chosen.map((row) => row.seconds) : works),
    ...(memory.length > 0 ? { memoryBytes: Math.max(...memory) } : {}),
    builds: chosen.length,
    basis: `history: ${chosen[0].pname}, builds: ${chosen.length}${here.length > 0 ? ` on ${host}` : ""}`,
  };
}

/** Emulated builds count only where there are no native ones: their slowdown is itself an estimate. */
function preferNative(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const native = rows.filter((row) => !row.emulated);
  return native.length > 0 ? native : rows;
}

function newest(rows: readonly HistoryRow[], version: string | undefined): readonly HistoryRow[] {
  const isSame = (row: HistoryRow) => Number(version !== undefined && row.version === version);
  return rows
    .toSorted(
      (a, b) =>
        isSame(b) - isSame(a) ||
        compareVersions(b.version ?? "", a.version ?? "") ||
        b.at - a.at ||
        compareText(a.host, b.host) ||
        a.seconds - b.seconds,
    )
    .slice(0, BUILDS_MAX);
}

/** Negative when `a` is older. Components as in Nix's compareVersions: numbers by value, `pre` before all, then text. */
export function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+|[^\d.-]+/g) ?? [];
  const right = b.match(/\d+|[^\d.-]+/g) ?? [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareComponents(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareComponents(a: string, b: string): number {
  if (a === b) return 0;
  const rank = (text: string) => (text === "pre" ? 0 : text === "" ? 1 : /^\d/.test(text) ? 3 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return rank(a) === 3 ? Number(a) - Number(b) : compareText(a, b);
}

/** Builds of one package on one system; `python3.8-numpy` and a library `numpy` stay apart, versions do not. */
function keyOf(node: Pick<NodeFile, "name" | "pname" | "system">): string {
  const { scope, base } = identityOf(node);
  return `${scope}:${base} ${node.system}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Coefficient of variation, shrunk to the package's usual one by one build's weight: with one build, just that. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean === 0) return PACKAGE_CV;
  const squares = values.reduce((sum, value) => sum + ((value - mean) / mean) ** 2, 0);
  return Math.sqrt((PACKAGE_CV ** 2 + squares) / values.length);
}
