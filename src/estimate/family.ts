// What a derivation is worth whose package nobody published: by its family (Python modules, kernel modules, …), its
// build tool, its kind. Each row names its figure's source or says that it is assumed; cv is the spread *across* the
// packages of the family, so it is wide. The first row that matches wins, so the narrow stand above the wide.
import type { NodeFile, Workload } from "#model/graph-file.js";
import type { Identity } from "./identity.js";

export interface Family {
  readonly name: string;
  /** Core-seconds on a core of speed 1: the median of the family. */
  readonly work: number;
  readonly cv: number;
  /** Absent: as many as there are. */
  readonly maxCores?: number;
  readonly workload: Workload;
  /** Where `work` is from; "" = assumed, nothing published was found. */
  readonly source: string;
}

interface Rule extends Family {
  readonly scope?: string;
  /** On the name with its versions. */
  readonly pattern?: RegExp;
  readonly tool?: string;
}

const SCRIPT = { maxCores: 1, workload: "shell" } as const;
const COMPILED = { workload: "compile" } as const;
const ASSUMED = { source: "" } as const;
const MOSTLY_BELOW_1S = { source: "Nix (nom): three quarters of 330 builds below 1 s" } as const;

const NIXPKGS_FILES =
  /^(nuke-ref|expand-response-params|gnu-config|remove-references|auto-patchelf|docbook-(xml|sgml)|kmod-(blacklist|debian)|mailcap|publicsuffix|system-sendmail|binutils-patchelfed)/;
const DATA = /-(docs?|manual|man-pages|completions?|icons?|icon-theme|themes?|wallpapers|data)(-v?\d.*)?$/;
const PREBUILT = /^(?!texlive|binutils)[\w+-]*-(bin|binary|bootstrap|prebuilt|AppImage)(-\d|$)/;
/** <module>-<version>-<kernel version> */
const KERNEL_MODULE = /^(?!linux)\w[\w+-]*-v?\d[\w.+-]*-[3-7]\.\d+\.\d+(-[a-z]+\d*)*$/;

/** Before any named package: the name looks like a package's and is glue or a part. */
const SHAPES: readonly Rule[] = [
  { name: "NixOS test", pattern: /^vm-test-run-/, work: 120, cv: 1, workload: "test", ...ASSUMED },
  { name: "prebuilt binary", pattern: PREBUILT, work: 5, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "file of nixpkgs", pattern: NIXPKGS_FILES, work: 1, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "kernel modules, shrunk", pattern: /-modules-shrunk$/, work: 2, cv: 0.6, ...SCRIPT, source: "Nix (nom), 8 builds" },
  { name: "kernel configuration", pattern: /^linux-config-/, work: 15, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "initial ramdisk", pattern: /^initrd-/, work: 1, cv: 0.8, ...SCRIPT, source: "Nix (nom), 7 builds" },
  { name: "environment", pattern: /-env$|^(system-path|user-environment)$/, work: 3, cv: 0.3, ...SCRIPT, source: "Nix (nom), 14 builds" },
  { name: "locale archive", pattern: /^glibc-locales-/, work: 150, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "unpacked source", pattern: /-(src|source|sdist|sdist\.tar\.gz)(-[\d.]+)?$/, work: 3, cv: 2, ...SCRIPT, ...ASSUMED },
  { name: "kernel module", pattern: KERNEL_MODULE, work: 40, cv: 1.5, ...COMPILED, ...ASSUMED },
];

const FAMILIES: readonly Rule[] = [
  { name: "Python module", scope: "py", work: 7.5, cv: 1.1, ...SCRIPT, source: "BLFS, 61 modules" },
  { name: "Perl module", scope: "perl", work: 5, cv: 0.8, ...SCRIPT, source: "Gentoo Prefix, 13 modules" },
  { name: "Ruby gem", scope: "ruby", work: 5, cv: 1.1, ...SCRIPT, ...ASSUMED },
  { name: "Lua module", scope: "lua", work: 5, cv: 1.1, ...SCRIPT, ...ASSUMED },
  { name: "Haskell package", scope: "haskell", work: 10, cv: 1.7, maxCores: 4, ...COMPILED, source: "Gentoo, 13 packages" },
  { name: "OCaml package", scope: "ocaml", work: 10, cv: 1.5, ...COMPILED, ...ASSUMED },
  { name: "Coq package", scope: "coq", work: 60, cv: 2, ...COMPILED, ...ASSUMED },
  { name: "PHP extension", scope: "php", work: 15, cv: 1.5, ...COMPILED, ...ASSUMED },
  { name: "R package", scope: "r", work: 15, cv: 1.7, maxCores: 1, ...COMPILED, ...ASSUMED },
  { name: "Lisp system", scope: "lisp", work: 10, cv: 1.5, maxCores: 1, ...COMPILED, ...ASSUMED },
  { name: "Erlang package", scope: "erlang", work: 10, cv: 1.5, ...COMPILED, ...ASSUMED },
  { name: "Rust crate", scope: "rust", work: 5, cv: 1.5, ...COMPILED, ...ASSUMED },
  { name: "Emacs package", scope: "elisp", work: 23, cv: 1, ...SCRIPT, source: "NixOS/nixpkgs#288515: 6000 builds in 9900 s on 14 slots" },
  { name: "editor plug-in", scope: "vim", work: 1, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "TeX package", scope: "tex", work: 1, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "dictionary", scope: "dict", work: 2, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "font", scope: "font", work: 5, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "GNOME Shell extension", scope: "gnome-ext", work: 2, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "Java library", scope: "java", work: 5, cv: 1, ...SCRIPT, ...ASSUMED },
  { name: "Go program", scope: "go", work: 140, cv: 1.5, ...COMPILED, source: "Gentoo, 4 programs" },
  { name: "Node package", scope: "node", work: 20, cv: 1.5, ...SCRIPT, ...ASSUMED },
  {
    name: "X.org library",
    pattern: /^(libX|libxcb|libxkb|libICE|libSM|libFS|xcb-util)/i,
    work: 8.4,
    cv: 0.8,
    ...COMPILED,
    source: "BLFS: 1.8 SBU for 32 libraries",
  },
  { name: "X.org program", pattern: /^x[a-z]{2,10}-1\.\d/, work: 5, cv: 0.8, ...COMPILED, source: "Gentoo, 17 programs" },
  { name: "X.org driver", pattern: /^xf86-(input|video)-/, work: 38, cv: 0.8, ...COMPILED, source: "Gentoo: xf86-input-libinput" },
  { name: "data or documentation", pattern: DATA, work: 3, cv: 2, ...SCRIPT, ...ASSUMED },
  { name: "font", pattern: /(^|-)(fonts?|ttf|otf)(-|$)/, work: 5, cv: 1, ...SCRIPT, ...ASSUMED },
];

const TOOLS: readonly Rule[] = [
  {
    name: "Rust program",
    tool: "cargo",
    work: 250,
    cv: 1.2,
    ...COMPILED,
    source: "BLFS, Gentoo: cbindgen, rust-bindgen, librsvg, ripgrep",
  },
  { name: "Go program", tool: "go", work: 140, cv: 1.5, ...COMPILED, source: "Gentoo, 4 programs" },
  { name: "Node program", tool: "npm", work: 60, cv: 1.5, ...SCRIPT, ...ASSUMED },
  { name: "Python module", tool: "python", work: 7.5, cv: 1.1, ...SCRIPT, source: "BLFS, 61 modules" },
  { name: "Perl module", tool: "perl", work: 5, cv: 0.8, ...SCRIPT, source: "Gentoo Prefix, 13 modules" },
  { name: "Haskell package", tool: "ghc", work: 10, cv: 1.7, maxCores: 4, ...COMPILED, source: "Gentoo, 13 packages" },
];

/** Kinds of product.md; `build` is every package of BLFS: 30 core-seconds, sigma 1.7 over 1,146 of them. */
const KINDS: Readonly<Record<string, Family>> = {
  build: { name: "package", work: 30, cv: 4.4, ...COMPILED, source: "BLFS, 1146 packages" },
  trivial: { name: "text or glue", work: 0.25, cv: 1.5, ...SCRIPT, ...MOSTLY_BELOW_1S },
  hook: { name: "setup hook", work: 0.25, cv: 1, ...SCRIPT, ...MOSTLY_BELOW_1S },
  patch: { name: "patch", work: 0.25, cv: 1, ...SCRIPT, ...MOSTLY_BELOW_1S },
  wrapper: { name: "wrapper", work: 1, cv: 1, ...SCRIPT, ...ASSUMED },
  seed: { name: "bootstrap seed", work: 5, cv: 1, ...SCRIPT, ...ASSUMED },
};

/** A family that goes before the named packages, for kinds that are builds. */
export function shapeOf(node: NodeFile): Family | undefined {
  return SHAPES.find((rule) => matches(rule.pattern, node.name));
}

/** The family of a build that no table names: its scope or name, its tool, its kind. Never undefined. */
export function familyOf(node: NodeFile, identity: Identity): Family {
  return (
    FAMILIES.find((rule) => (rule.scope !== undefined ? rule.scope === identity.scope : matches(rule.pattern, node.name))) ??
    TOOLS.find((rule) => rule.tool === node.tool) ??
    kindOf(node.kind)
  );
}

function matches(pattern: RegExp | undefined, name: string): boolean {
  return pattern?.test(name) ?? false;
}

/** The prior of a bare kind; an unknown kind counts as a build. */
export function kindOf(kind: string | undefined): Family {
  return kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : KINDS.build;
}
