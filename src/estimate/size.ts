// How many bytes a derivation fetches, makes and needs while building, where the graph does not say. All of it is
// assumed but the memory, which is fitted: nothing published states sizes. Ignores outputs shared between versions.
import type { NodeFile } from "#model/graph-file.js";
import type { Identity } from "./identity.js";

const KB = 1e3;
const MB = 1e6;

/** Assumed: release archives of well-known large sources, in MB, by normalised name. */
const ARCHIVES: ReadonlyMap<string, number> = new Map(
  `
aws-sdk-cpp 18, bash 10, binutils 21, blender 35, boehm 1, boost 105, bootstrap-tools 20, chromium 900, clang 13,
cmake 9, coreutils 5, emacs 45, ffmpeg 9, firefox 330, gcc 75, gdb 21, gettext 20, ghc 20, ghostscript 60, gimp 30,
git 6, glibc 17, go 22, gtk 20, gtk+ 20, guile 8, icu4c 24, inkscape 35, jdk 90, libreoffice 230, linux 110,
linux-firmware 180, llvm 35, llvm-project 110, mariadb 80, mesa 13, mozjs 300, mysql 50, ncurses 4, node 35,
noto-fonts 400, opencv 90, openjdk 90, openssl 10, paraview 60, perl 12, php 12, postgresql 20, python 18, qemu 60,
qt-everywhere-src 560, qtbase 48, qtdeclarative 22, qtwebengine 240, ruby 14, rust 150, rustc 150, samba 18,
spidermonkey 300, systemd 10, tcl 10, texlive 80, thunderbird 350, unicode 7, unifont 12, valgrind 16, vtk 35,
webkitgtk 22, wine 25
`
    .trim()
    .split(/,\s/)
    .map((row): [string, number] => {
      const [name, megabytes] = row.split(" ");
      return [name, Number(megabytes)];
    }),
);

/** Assumed: what a fetch of that ending weighs, bytes. The first match wins. */
const ENDINGS: readonly (readonly [RegExp, number, string])[] = [
  [/\.(patch|diff)(\?.*)?$|^\?|[?&]id=|^CVE-|^bash\d\d-\d{3}$|^readline\d\d-\d{3}$/, 5 * KB, "a patch"],
  [/\.(pom|rockspec|xml|txt|c|h|hpp|py|pl|sh|asc|sig|json|toml|lock|conf|rules|desktop|tcl|at|js|sha1|cabal)$/, 15 * KB, "one text file"],
  [/\.gem$/, 80 * KB, "a Ruby gem"],
  [/\.rock$/, 40 * KB, "a Lua rock"],
  [/\.(whl|jar|phar|oxt)$/, 300 * KB, "a packed library"],
  [/\.tgz$/, 40 * KB, "an npm archive"],
  [/\.(png|svg|ttf|otf|ttc)$/, 300 * KB, "an image or font"],
  [/\.(deb|rpm|msi|exe|dmg|AppImage|run|war|iso)$/, 30 * MB, "a binary package"],
  [/\.(tar\.(xz|lz|zst)|txz)$/, 1.5 * MB, "an xz archive"],
  [/\.(tar\.bz2?|tbz2?|bz2)$/, 1 * MB, "a bzip2 archive"],
  [/\.(tar\.gz|tar|crate|gz)$/, 500 * KB, "a gzip archive"],
  [/\.(zip|7z)$/, 1 * MB, "a zip archive"],
  [/(vendor|deps|modules|npm-deps|cargo-deps|go-modules|vendor-staging)/, 20 * MB, "vendored dependencies"],
  [/source$|^source|-src$/, 1.5 * MB, "an unpacked source"],
];
const ANY_FETCH = 200 * KB;

/** Bytes of a fetch and what says so. */
export function fetchSize(node: NodeFile, identity: Identity): { bytes: number; basis: string } {
  const isPatch = ENDINGS[0][0].test(node.name);
  const archive =
    isPatch || identity.scope !== "" ? undefined : (ARCHIVES.get(identity.base) ?? ARCHIVES.get(identity.base.replace(/[-.\d]+$/, "")));
  if (archive !== undefined && !/doc|patch|manual|test/.test(node.name)) {
    return { bytes: archive * MB, basis: `archive of ${identity.base}, assumed` };
  }
  for (const [pattern, bytes, what] of ENDINGS) if (pattern.test(node.name)) return { bytes, basis: `${what}, assumed` };
  return { bytes: ANY_FETCH, basis: "a fetch, assumed" };
}

/** Assumed: archives stay as they are; what is unpacked by the fetcher grows fourfold. */
export function fetchedOutput(node: NodeFile, sourceBytes: number): number {
  return /\.\w{1,8}$/.test(node.name) ? sourceBytes : 4 * sourceBytes;
}

/** Assumed: a build leaves 60 kB for each core-second that went into it (glibc 45 MB, perl 20 MB, llvm 600 MB). */
export function builtOutput(work: number): number {
  return clamp(60 * KB * work, 4 * KB, 1000 * MB);
}

/** Assumed: the builder script and a patch or two, sent with a build. */
export const OWN_SOURCES = 4 * KB;

/**
 * Peak memory of a build: 2 MiB for each core-second, the geometric mean over the 25 packages of Spack CI (MIT) with
 * 300 core-seconds and 1.5 GiB or more (0.7 to 6.5); at least 64 MiB, at most 16 GiB, both assumed.
 */
export function buildMemory(work: number): number {
  const MIB = 1024 ** 2;
  return clamp(2 * MIB * work, 64 * MIB, 16 * 1024 * MIB);
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(Math.max(value, low), high));
}
