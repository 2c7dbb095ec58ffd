#!/bin/sh
# Writes the derivation graphs of base-system.nix: OUTDIR/{x86_64,aarch64,riscv64,all}.show-derivation.json, and the .drv
# files themselves in OUTDIR/store/nix/store; prints each JSON's path and its roots. Needs Nix 2.4 or newer; no root rights,
# network or daemon, for the store is private. Further arguments go to nix-instantiate: --arg kernelSBU 20 --arg checks true
set -eu
[ $# -ge 1 ] || { echo "usage: instantiate.sh OUTDIR [nix-instantiate arguments]" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
expression=$(cd "$(dirname "$0")" && pwd)/base-system.nix
# The root is elsewhere, the store's name stays /nix/store: paths do not depend on OUTDIR.
store="local?root=$out/store"

show() { # DRV…: `nix derivation show` since Nix 2.14, `nix show-derivation` before
  NIX_CONFIG='experimental-features = nix-command'
  export NIX_CONFIG
  nix --store "$store" derivation show -r "$@" 2>/dev/null || nix --store "$store" show-derivation -r "$@"
}

graph() { # NAME ATTRIBUTE SYSTEM ARGUMENTS…
  name=$1 attribute=$2 system=$3
  shift 3
  drvs=$(nix-instantiate --quiet --quiet --quiet --store "$store" "$expression" -A "$attribute" --argstr system "$system" "$@")
  # shellcheck disable=SC2086 # one store path a line, no blanks in them
  show $drvs >"$out/$name.tmp"
  mv "$out/$name.tmp" "$out/$name.show-derivation.json"
  # shellcheck disable=SC2086
  echo "$out/$name.show-derivation.json" $drvs
}

for arch in x86_64 aarch64 riscv64; do graph "$arch" world "$arch-linux" "$@"; done
graph all all x86_64-linux "$@"
