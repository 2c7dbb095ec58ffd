#!/bin/sh
# The C compiler proper (cc1 14) of Debian generating code for ARCH, and a shell (dash), once as programs of this machine
# and once as programs of ARCH, unpacked below FOLDER without touching the system: the same version and the same target,
# so that only the emulation differs. Usage: compilers.sh FOLDER ARCH [SUITE, default trixie]; ARCH: arm64 or riscv64.
# About 40 MB from Debian's mirror.
set -eu
folder=$1
arch=$2
suite=${3:-trixie}
case $arch in
  arm64) target=aarch64-linux-gnu ;;
  riscv64) target=riscv64-linux-gnu ;;
  *) echo "compilers.sh: no compiler for $arch; arm64 or riscv64" >&2; exit 2 ;;
esac

here=$(dpkg --print-architecture)
mirror=$(sed -n 's/^URIs: *\(http[^ ]*\/debian\/*\)$/\1/p; s/^deb \(\[[^]]*\] \)\{0,1\}\(http[^ ]*\/debian\/*\) .*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
mirror=${mirror:-http://deb.debian.org/debian}

for host in "$here" "$arch"; do
  root=$folder/$arch-on-$host
  [ ! -e "$root/cc1" ] || continue
  apt=$root.apt
  rm -rf "$root" "$apt"
  mkdir -p "$root" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
  : > "$apt/status"
  echo "deb [arch=$host signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$apt/sources.list"
  get() {
    apt-get -q -o APT::Architecture="$host" -o APT::Architectures="$host" -o Dir::State="$apt" \
      -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
      -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/parts" \
      -o Dir::Etc::parts="$apt/parts" -o APT::Sandbox::User=root -o APT::Install-Recommends=false "$@"
  }
  get update >&2
  get install -y --download-only "cpp-14-$target" dash >&2
  for package in "$apt"/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
  (cd "$apt/cache/archives" && ls cpp-*.deb dash_*.deb) > "$root/packages"
  rm -rf "$apt"
  # As base-files has it: programs name their loader in /lib.
  [ -e "$root/lib" ] || ln -s usr/lib "$root/lib"
  # Debian's native and cross compilers keep it in different folders; its libraries come with it.
  found=$(find "$root/usr" -name cc1 -type f | head -n 1)
  [ -n "$found" ] || { echo "compilers.sh: no cc1 in cpp-14-$target for $host" >&2; exit 1; }
  ln -s "${found#"$root"/}" "$root/cc1"
done
