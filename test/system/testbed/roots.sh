#!/usr/bin/env bash
# roots.sh VERSION…: for each, a Debian folder with that Nix and OpenSSH: /var/tmp/drvfleet-roots/VERSION (TB_ROOTS).
# For TB_ROOT of the testbed. Debian has 2.8 in bookworm, 2.26 in trixie, 2.34 in sid (which moves on: the version is
# checked). From the mirror that this machine's own apt uses; nothing of the machine itself is changed. Needs root, debootstrap.
set -euo pipefail
ROOTS=${TB_ROOTS:-/var/tmp/drvfleet-roots}
declare -A SUITE=([2.8]=bookworm [2.26]=trixie [2.34]=sid)
die() { echo "roots.sh: $*" >&2; exit 1; }

[ $# -gt 0 ] || die "which of the versions ${!SUITE[*]}?"
for version; do [ -n "${SUITE[$version]:-}" ] || die "no Debian suite known for Nix $version; there are: ${!SUITE[*]}"; done
[ "$(id -u)" = 0 ] || die "needs root"
command -v debootstrap >/dev/null || die "needs debootstrap (apt-get install debootstrap)"
mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' 2>/dev/null | awk '$2 == "Debian" { print $1; exit }')
[ -n "$mirror" ] || die "apt knows no Debian mirror; apt-get update first"

for version; do
  root=$ROOTS/$version
  if [ -x "$root/usr/bin/nix-store" ]; then echo "$root is there"; continue; fi
  part=$root.part.$$; mkdir -p "$ROOTS"
  trap 'rm -rf --one-file-system "$part"' EXIT
  # A mount namespace and a process namespace of its own: what debootstrap and packages mount and start goes with them.
  unshare --mount --pid --fork --kill-child --propagation private sh -ec '
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p "$2/etc/dpkg/dpkg.cfg.d"; echo force-unsafe-io > "$2/etc/dpkg/dpkg.cfg.d/testbed"   # no fsync per file
    debootstrap --variant=minbase --include=ca-certificates "$1" "$2" "$3"
    printf "#!/bin/sh\nexit 101\n" > "$2/usr/sbin/policy-rc.d"; chmod 755 "$2/usr/sbin/policy-rc.d"
    mountpoint -q "$2/proc" || mount -t proc proc "$2/proc"
    chroot "$2" apt-get -o Acquire::Check-Valid-Until=false update
    chroot "$2" apt-get install -y --no-install-recommends nix-bin openssh-server openssh-client procps
    chroot "$2" apt-get clean
  ' sh "${SUITE[$version]}" "$part" "$mirror" >"$part.log" 2>&1 || {
    tail -n 5 "$part.log" >&2; rm -f "$part.log"
    die "no root for Nix $version: Debian ${SUITE[$version]} cannot be had from $mirror"
  }
  rm -f "$part.log"
  has=$(chroot "$part" dpkg-query -W -f '${Version}' nix-bin)
  [[ $has = "$version".* || $has = "$version"+* ]] || die "Debian ${SUITE[$version]} has Nix $has now, not $version"
  mv "$part" "$root"; trap - EXIT
  echo "$root: Nix $has"
done
