// Finds the published figure of a named package: parses the table once, then tries the ways in which one package is
// spelt (cross prefix, -unwrapped, lib, trailing version). Knows names only; what has no name here is family.ts's.
import { LARGE, SMALL } from "./prior-table.js";

export interface NamedRow {
  readonly name: string;
  /** Core-seconds on a core of speed 1. */
  readonly work: number;
  /** Letters of the sources, as in the head of prior-table.ts. */
  readonly sources: string;
  /** The package's own coefficient of variation, where published. */
  readonly cv?: number;
  /** Peak memory, where published. */
  readonly memoryBytes?: number;
}

/** What each source letter is called in reports. */
export const SOURCES: Readonly<Record<string, string>> = {
  l: "LFS",
  b: "BLFS",
  t: "LFS/BLFS with tests",
  g: "Gentoo",
  p: "Gentoo Prefix",
  r: "Buildroot",
  s: "Spack CI",
  n: "Nix (nom)",
  a: "assumed",
};

let table: ReadonlyMap<string, NamedRow> | undefined;

/** The whole table by normalised name, scoped names as `py:numpy`. Parsed at the first call. */
export function namedRows(): ReadonlyMap<string, NamedRow> {
  table ??= new Map([...large(), ...small()].map((row) => [row.name, row]));
  return table;
}

/** The row of a package, or undefined: exact, then each other spelling in the order of `spellings`. */
export function namedRow(scope: string, base: string): NamedRow | undefined {
  const rows = namedRows();
  if (scope !== "") return rows.get(`${scope}:${base}`);
  for (const spelling of spellings(base)) {
    const row = rows.get(spelling);
    if (row !== undefined) return row;
  }
  const twin = rows.get(base.startsWith("lib") ? base.slice(3) : `lib${base}`);
  return twin !== undefined && twin.work < TWIN_MAX ? twin : undefined;
}

/** opus and libopus are one; libgcc, libruby and the like are a small part of what they are named after. */
const TWIN_MAX = 200;

function* large(): Generator<NamedRow> {
  for (const line of LARGE.trim().split("\n")) {
    const [name, work, sources, cv, memory] = line.split(" ");
    yield {
      name,
      work: Number(work),
      sources,
      ...(cv !== undefined && cv !== "-" ? { cv: Number(cv) / 100 } : {}),
      ...(memory !== undefined ? { memoryBytes: Number(memory) * 1024 ** 2 } : {}),
    };
  }
}

function* small(): Generator<NamedRow> {
  for (const line of SMALL.trim().split("\n")) {
    const [work, sources, ...names] = line.split(" ");
    for (const name of names) yield { name, work: Number(work), sources };
  }
}

const CROSS =
  /^(?:x86-64|aarch64|riscv64|armv\d\w*|i\d86|powerpc64le|mips\w*|arm|avr|msp430|or1k|wasm32)(?:-\w+)*?-(?:gnu|musl|gnueabihf|musleabihf|elf|eabi|none|mingw32|wasi)-/;
const STAGE = /^(?:stage-(?:static|final)-|bootstrap-(?:stage\d-)?)/;
const VARIANT =
  /-(?:unwrapped|minimal|apng|double|single|long-double|glib|full|headless|static|debug|interactive|nox|gtk[23]?|qt[456]?|shared|user|bootstrap|light|no-?x11?|unstable|git|small)$/;

/** Other names of what the table has; the left side is tried after the spellings of the name itself. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^linux(-(rpi\d?|hardened|zen|lqx|xanmod|libre|testing|mptcp|mainline|lts|latest|beagleboard|hardkernel|riscv))+$/, "linux"],
  [/^(gfortran|gnat|gccgo|gcc-(latest|snapshot|ng))\d*$/, "gcc"],
  [/^clang\d*$/, "llvm"],
  [/^rust$/, "rustc"],
  [/^(jdk|adoptopenjdk|zulu)[\d-]*(-hotspot)?$/, "openjdk"],
  [/^(firefox|icecat|librewolf|tor-browser)(-(esr|beta|devedition))*$/, "firefox"],
  [/^(ungoogled-chromium|electron[\d-]*)$/, "chromium"],
  [/^nodejs-slim$/, "nodejs"],
  [/^(postgresql|mariadb|mysql)-(server|client)$/, "$1"],
];

function* spellings(base: string): Generator<string> {
  yield base;
  const native = base.replace(CROSS, "").replace(STAGE, "");
  let core = native;
  while (VARIANT.test(core)) core = core.replace(VARIANT, "");
  // A compiler for another platform, or of a bootstrap stage, is not built with itself again.
  if (native !== base && core === "gcc") yield "xgcc";
  yield native;
  yield core;
  const bare = core.replace(/[-.\d]+$/, "");
  yield bare;
  for (const [pattern, name] of ALIASES) if (pattern.test(core)) yield core.replace(pattern, name);
}
