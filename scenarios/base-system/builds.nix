# What is built, in the books' order. Knows times, sizes and needs; how a row becomes a derivation is base-system.nix.
# SBU and -j: LFS (development book after 12.3, May 2025: all at -j4 but the first binutils, which defines the unit on one
# core) and BLFS (May 2025: -j1 where nothing is stated). 0.05 stands for the books' "less than 0.1". LFS's final builds
# include their test suite, BLFS's mostly do not. Classes, MB and the rows marked so are assumptions.
{ arch, kernelSBU }:
let
  # ── Assumed: how each class of build uses cores. No book states this ────────────────────────────────
  # maxCores = how many it keeps busy; serial = share of its core-seconds on one core (unpack, configure, link, install)
  tiny  = { maxCores = 1;  serial = 1.0;  memoryMB = 128;   workload = "shell";   }; # copies files, a python module
  single = { maxCores = 1; serial = 1.0;  memoryMB = 256;   workload = "compile"; }; # does not build in parallel
  small = { maxCores = 8;  serial = 0.50; memoryMB = 256;   workload = "shell";   }; # configure is half of it
  plain = { maxCores = 16; serial = 0.20; memoryMB = 512;   workload = "compile"; }; # C, autotools or meson
  suite = { maxCores = 8;  serial = 0.40; memoryMB = 512;   workload = "test";    }; # its test suite is most of it
  heavy = { maxCores = 32; serial = 0.10; memoryMB = 2048;  workload = "compile"; }; # C++, or a lot of C
  huge  = { maxCores = 64; serial = 0.05; memoryMB = 8192;  workload = "compile"; big = true; }; # needs big-parallel
  rustc = huge // { serial = 0.20; memoryMB = 12288; };                              # stages one after the other
  suites = heavy // { serial = 0.05; workload = "test"; big = true; };               # the toolchain's own test suites
in
{
  # name             sources ("" = same)                 SBU   -j  class   MB    needs at run time | only to build

  # ── LFS 5: cross toolchain, on whatever the host has ────────────────────────────────────────────────
  cross = [
    [ "cross-binutils" "binutils"                        1.0   1   plain   70    "" ]
    [ "cross-gcc"    "gcc gmp mpfr mpc"                  3.2   4   huge    290   "cross-binutils" ]
    [ "linux-headers" "linux"                            0.05  4   tiny    7     "" ]
    [ "cross-glibc"  "glibc glibc-fhs"                   1.4   4   plain   120   "linux-headers | cross-gcc" ]
    [ "cross-libstdcxx" "gcc"                            0.2   4   plain   30    "cross-glibc | cross-gcc" ]
  ];

  # ── LFS 6: temporary tools, cross compiled ──────────────────────────────────────────────────────────
  temporary = [
    [ "tmp-m4"       "m4"                                0.1   4   small   2     "" ]
    [ "tmp-ncurses"  "ncurses"                           0.4   4   plain   12    "" ]
    [ "tmp-bash"     "bash"                              0.2   4   plain   9     "" ]
    [ "tmp-coreutils" "coreutils"                        0.3   4   small   15    "" ]
    [ "tmp-diffutils" "diffutils"                        0.1   4   small   2     "" ]
    [ "tmp-file"     "file"                              0.1   4   small   8     "" ]
    [ "tmp-findutils" "findutils"                        0.2   4   small   3     "" ]
    [ "tmp-gawk"     "gawk"                              0.1   4   small   5     "" ]
    [ "tmp-grep"     "grep"                              0.1   4   small   1     "" ]
    [ "tmp-gzip"     "gzip"                              0.1   4   small   1     "" ]
    [ "tmp-make"     "make"                              0.05  4   small   2     "" ]
    [ "tmp-patch"    "patch"                             0.1   4   small   1     "" ]
    [ "tmp-sed"      "sed"                               0.1   4   small   1     "" ]
    [ "tmp-tar"      "tar"                               0.1   4   small   4     "" ]
    [ "tmp-xz"       "xz"                                0.1   4   small   2     "" ]
    [ "tmp-binutils" "binutils"                          0.4   4   plain   70    "" ]
    [ "tmp-gcc"      "gcc gmp mpfr mpc"                  4.1   4   huge    260   "tmp-binutils" ]
  ];

  # ── LFS 7: temporary tools, built inside the new root ───────────────────────────────────────────────
  inside = [
    [ "tmp-gettext"  "gettext"                           1.3   4   small   10    "" ]
    [ "tmp-bison"    "bison"                             0.2   4   small   3     "| tmp-gettext" ]
    [ "tmp-perl"     "perl"                              0.6   4   plain   45    "" ]
    [ "tmp-python"   "python"                            0.5   4   plain   120   "" ]
    [ "tmp-texinfo"  "texinfo"                           0.2   4   small   7     "tmp-perl" ]
    [ "tmp-util-linux" "util-linux"                      0.2   4   plain   14    "" ]
  ];

  # ── LFS 8.3 to 8.6: the final C library. Assumed: built in the time of its first pass; the rest of the book's 12 SBU
  #    is glibc-check below ─────────────────────────────────────────────────────────────────────────────
  libc = [
    [ "man-pages"    ""                                  0.1   4   tiny    3     "" ]
    [ "iana-etc"     ""                                  0.05  4   tiny    3     "" ]
    [ "glibc"        "glibc glibc-fhs tzdata"            1.4   4   plain   130   "linux-headers" ]
  ];

  # ── LFS 8.7 to 8.29: up to the final compiler. Assumed for binutils and gcc: as for glibc ───────────────
  toolchain = [
    [ "zlib"         ""                                  0.05  4   small   1     "" ]
    [ "bzip2"        "bzip2 bzip2-docs"                  0.05  4   single  1     "" ]
    [ "xz"           ""                                  0.1   4   small   2     "" ]
    [ "lz4"          ""                                  0.1   4   plain   1     "" ]
    [ "zstd"         ""                                  0.4   4   plain   3     "zlib lz4 xz" ]
    [ "file"         ""                                  0.05  4   small   9     "bzip2 xz zlib" ]
    [ "readline"     ""                                  0.05  4   small   4     "" ]
    [ "m4"           ""                                  0.3   4   suite   1     "" ]
    [ "bc"           ""                                  0.05  4   plain   1     "readline" ]
    [ "flex"         ""                                  0.1   4   small   2     "m4" ]
    [ "tcl"          "tcl tcl-docs"                      3.1   4   suite   12    "zlib" ]
    [ "expect"       "expect expect-gcc14"               0.2   4   small   1     "tcl" ]
    [ "dejagnu"      ""                                  0.05  4   tiny    1     "expect" ]
    [ "pkgconf"      ""                                  0.05  4   small   1     "" ]
    [ "binutils"     ""                                  0.4   4   plain   60    "zlib zstd | flex pkgconf file" ]
    [ "gmp"          ""                                  0.3   4   suite   3     "| m4" ]
    [ "mpfr"         ""                                  0.2   4   suite   3     "gmp" ]
    [ "mpc"          ""                                  0.1   4   suite   1     "gmp mpfr" ]
    [ "attr"         ""                                  0.05  4   small   1     "" ]
    [ "acl"          ""                                  0.05  4   small   1     "attr" ]
    [ "libcap"       ""                                  0.05  4   single  1     "attr" ]
    [ "libxcrypt"    ""                                  0.1   4   small   1     "" ]
    [ "shadow"       ""                                  0.1   4   small   8     "acl attr libcap libxcrypt" ]
    [ "gcc"          ""                                  4.1   4   huge    290   "binutils gmp mpfr mpc zlib zstd | m4" ]
  ];

  # ── LFS 8.30 to 8.82: the system, with the final compiler ─────────────────────────────────────────────
  base = [
    [ "ncurses"      ""                                  0.2   4   plain   12    "" ]
    [ "sed"          ""                                  0.3   4   suite   1     "acl attr" ]
    [ "psmisc"       ""                                  0.05  4   small   1     "ncurses" ]
    [ "gettext"      ""                                  1.7   4   suite   24    "acl ncurses" ]
    [ "bison"        ""                                  2.1   4   suite   3     "m4 | gettext" ]
    [ "grep"         ""                                  0.4   4   suite   1     "" ]
    [ "bash"         ""                                  1.4   4   suite   9     "readline ncurses | bison" ]
    [ "libtool"      ""                                  0.6   4   suite   3     "| file m4" ]
    [ "gdbm"         ""                                  0.05  4   small   1     "readline" ]
    [ "gperf"        ""                                  0.05  4   small   1     "" ]
    [ "expat"        ""                                  0.1   4   small   1     "" ]
    [ "inetutils"    ""                                  0.2   4   small   3     "ncurses readline zlib" ]
    [ "less"         ""                                  0.05  4   small   1     "ncurses" ]
    [ "perl"         ""                                  1.3   4   suite   60    "gdbm libxcrypt zlib bzip2 | iana-etc" ]
    [ "xml-parser"   ""                                  0.05  4   single  1     "expat perl" ]
    [ "intltool"     ""                                  0.05  4   tiny    1     "perl xml-parser" ]
    [ "autoconf"     ""                                  0.05  4   tiny    3     "perl m4" ]
    [ "automake"     ""                                  0.05  4   tiny    4     "perl autoconf" ]
    [ "openssl"      ""                                  1.8   4   suite   18    "perl" ]
    [ "elfutils"     ""                                  0.3   4   plain   6     "bzip2 xz zlib zstd" ]
    [ "libffi"       ""                                  1.7   4   suite   1     "| dejagnu" ]
    [ "python"       "python python-docs"                2.1   4   suite   140   "bzip2 expat gdbm libffi libxcrypt ncurses openssl zlib readline | pkgconf" ]
    [ "flit-core"    ""                                  0.05  4   tiny    1     "python" ]
    [ "packaging"    ""                                  0.05  4   tiny    1     "python | flit-core" ]
    [ "wheel"        ""                                  0.05  4   tiny    1     "python packaging | flit-core" ]
    [ "setuptools"   ""                                  0.05  4   tiny    8     "python | wheel" ]
    [ "ninja"        ""                                  0.2   4   heavy   1     "| python" ]
    [ "meson"        ""                                  0.05  4   tiny    14    "python ninja | setuptools wheel" ]
    [ "kmod"         ""                                  0.05  4   plain   1     "openssl xz zlib zstd | meson pkgconf" ]
    [ "coreutils"    "coreutils coreutils-i18n"          1.2   4   suite   15    "acl attr gmp libcap openssl | autoconf automake perl" ]
    [ "diffutils"    ""                                  0.4   4   suite   2     "| perl" ]
    [ "gawk"         ""                                  0.2   4   suite   4     "mpfr gmp readline" ]
    [ "findutils"    ""                                  0.7   4   suite   3     "| dejagnu" ]
    [ "groff"        ""                                  0.2   4   plain   13    "perl | bison" ]
    [ "gzip"         ""                                  0.3   4   suite   1     "bash" ]
    [ "iproute2"     ""                                  0.1   4   plain   3     "libcap elfutils zlib | bison flex pkgconf" ]
    [ "kbd"          "kbd kbd-backspace"                 0.1   4   small   5     "| bison flex autoconf automake libtool" ]
    [ "libpipeline"  ""                                  0.1   4   small   1     "" ]
    [ "make"         ""                                  0.7   4   suite   2     "| perl" ]
    [ "patch"        ""                                  0.2   4   suite   1     "attr" ]
    [ "tar"          ""                                  0.6   4   suite   4     "acl attr | bison inetutils" ]
    [ "texinfo"      ""                                  0.3   4   suite   9     "ncurses perl" ]
    [ "vim"          ""                                  3.4   4   suite   44    "acl attr ncurses python" ]
    [ "markupsafe"   ""                                  0.05  4   tiny    1     "python | setuptools wheel" ]
    [ "jinja2"       ""                                  0.05  4   tiny    2     "python markupsafe | setuptools wheel" ]
    [ "systemd"      "systemd systemd-man"               1.1   4   heavy   45    "acl libcap libxcrypt openssl lz4 xz zlib zstd kmod | gperf jinja2 meson pkgconf" ]
    [ "dbus"         ""                                  0.1   4   plain   2     "systemd expat | meson pkgconf" ]
    [ "man-db"       ""                                  0.3   4   small   4     "gdbm groff less libpipeline zlib gzip bzip2 xz | flex pkgconf systemd" ]
    [ "procps-ng"    ""                                  0.1   4   small   2     "ncurses systemd | pkgconf" ]
    [ "util-linux"   ""                                  0.5   4   plain   20    "ncurses readline zlib systemd libcap | file pkgconf" ]
    [ "e2fsprogs"    ""                                  0.5   4   suite   9     "util-linux | gzip pkgconf systemd" ] # the book's figure for an SSD
  ];

  # ── LFS 10: the kernel. The book: 0.4 to 32, typically 2.5 SBU; see the argument kernelSBU ───────────────
  kernel = [
    [ "linux"        ""                            kernelSBU   4   huge    180   "| bc bison flex elfutils kmod ncurses openssl perl gzip linux-config" ]
    [ "linux-firmware" ""                                0.05  1   tiny    500   "" ] # assumed: a copy
  ];

  # ── BLFS ────────────────────────────────────────────────────────────────────────────────────────────
  extra = [
    [ "which"        ""                                  0.05  1   small   1     "" ]
    [ "libtasn1"     ""                                  0.3   1   suite   1     "" ]
    [ "p11-kit"      ""                                  0.7   1   suite   5     "libtasn1 libffi | meson pkgconf" ]
    [ "make-ca"      "make-ca mozilla-ca-certs"          0.05  1   tiny    1     "p11-kit openssl" ]
    [ "libunistring" ""                                  0.6   4   small   4     "" ]
    [ "libidn2"      ""                                  0.1   1   small   1     "libunistring" ]
    [ "libpsl"       ""                                  0.05  1   small   1     "libidn2 libunistring | meson python" ]
    [ "popt"         ""                                  0.05  1   small   1     "" ]
    [ "rsync"        ""                                  0.6   1   suite   1     "popt acl attr lz4 openssl zlib zstd" ]
    [ "curl"         ""                                  0.2   4   plain   5     "libpsl openssl make-ca zlib zstd" ]
    [ "wget"         ""                                  0.3   1   small   4     "libpsl openssl make-ca pcre2 util-linux" ]
    [ "pcre2"        ""                                  0.5   1   suite   6     "bzip2 readline zlib" ]
    [ "git"          "git git-manpages"                  0.3   4   heavy   55    "curl expat openssl pcre2 perl python zlib" ]
    [ "linux-pam"    ""                                  0.3   1   suite   4     "libxcrypt systemd | meson pkgconf" ]
    [ "openssh"      ""                                  0.4   4   plain   6     "linux-pam openssl zlib libxcrypt" ]
    [ "sudo"         ""                                  0.2   4   plain   8     "linux-pam openssl zlib" ]
    [ "dhcpcd"       ""                                  0.05  1   small   1     "systemd openssl" ]
    [ "icu"          ""                                  0.5   4   heavy   38    "" ]
    [ "libxml2"      ""                                  0.4   4   suite   8     "icu readline xz zlib" ]
    [ "nghttp2"      ""                                  0.05  1   plain   1     "libxml2 systemd" ]
    [ "libuv"        ""                                  0.5   1   suite   1     "| autoconf automake libtool" ]
    [ "libarchive"   ""                                  0.3   1   plain   4     "acl attr bzip2 libxml2 lz4 openssl xz zlib zstd" ]
    [ "sqlite"       ""                                  0.3   4   single  9     "readline zlib icu" ]
    [ "cmake"        ""                                  2.0   4   heavy   85    "curl libarchive libuv nghttp2 expat ncurses zlib" ]
    [ "llvm"         "llvm clang compiler-rt llvm-cmake llvm-third-party"
                                                         13.0  8   huge    1100  "libxml2 ncurses zlib zstd | cmake ninja python" ]
    [ "libssh2"      ""                                  0.2   1   suite   1     "openssl zlib" ]
    [ "rust"         "rust rust-stage0-${arch}"          9.0   8   rustc   250   "llvm libssh2 curl sqlite openssl | cmake ninja python" ]
    [ "cbindgen"     "cbindgen cbindgen-crates"          0.5   1   single  9     "| rust" ]
    [ "json-c"       ""                                  0.2   1   small   1     "| cmake ninja" ]
    [ "c-ares"       ""                                  0.1   1   small   1     "| cmake ninja" ]
    [ "brotli"       ""                                  0.3   4   small   2     "| cmake python" ]
    [ "nodejs"       ""                                  11.0  8   huge    140   "brotli c-ares icu libuv nghttp2 openssl zlib | which python ninja" ]
    [ "boost"        ""                                  1.4   4   heavy   197   "icu bzip2 xz zlib zstd | python which" ]
    [ "libaio"       ""                                  0.05  1   single  1     "" ]
    [ "lvm2"         ""                                  0.4   1   plain   7     "libaio systemd util-linux readline" ]
    [ "cryptsetup"   ""                                  0.2   1   plain   4     "json-c lvm2 popt openssl util-linux" ]
    [ "glib2"        ""                                  0.7   4   plain   22    "pcre2 libffi util-linux zlib elfutils | meson packaging python" ]
    [ "pixman"       ""                                  0.1   4   plain   1     "| meson" ]
    [ "dtc"          ""                                  0.2   1   small   1     "| meson flex bison" ]
    [ "qemu"         ""                                  1.1   4   huge    465   "glib2 pixman dtc curl ncurses libaio | meson ninja python perl" ]
    [ "gdb"          ""                                  1.1   8   heavy   16    "python readline gmp mpfr expat xz ncurses | texinfo" ]
    [ "postgresql"   ""                                  0.7   4   heavy   50    "openssl readline zlib icu libxml2 lz4 zstd | perl bison flex" ]
  ];

  # ── What starts the kernel: GRUB in the book, for x86. Assumed for the others: all figures ────────────────
  loader = {
    x86_64 = [
      [ "grub"       ""                                  0.3   4   plain   60    "xz gettext ncurses | bison flex" ]
    ];
    aarch64 = [
      [ "u-boot"     ""                                  0.3   4   plain   2     "| dtc bison flex openssl python" ]
    ];
    riscv64 = [
      [ "opensbi"    ""                                  0.05  4   plain   2     "| python" ]
      [ "u-boot"     ""                                  0.3   4   plain   2     "opensbi | dtc bison flex openssl python" ]
    ];
  }.${arch};

  # ── LFS 8: the toolchain's own test suites, only with checks = true. Assumed: the book's final time less the build ──
  checks = [
    [ "glibc-check"  "glibc glibc-fhs"                   10.6  4   suites  1     "| glibc file" ]
    [ "binutils-check" "binutils"                        1.2   4   suites  1     "| binutils dejagnu expect" ]
    [ "gcc-check"    "gcc"                               41.9  4   suites  1     "| gcc dejagnu expect shadow" ]
  ];

  # ── A few lines of text each, as an administrator writes them (LFS 9 and 10) ──────────────────────────────
  files = [
    "etc-passwd" "etc-group" "etc-hosts" "etc-fstab" "etc-profile" "etc-inputrc" "etc-shells" "etc-os-release"
    "etc-locale-conf" "etc-vconsole-conf" "etc-network" "linux-config" "loader-config"
  ];
}
