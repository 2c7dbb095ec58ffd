#!/bin/sh
# Makes the committed reports anew: tables, chart specs and SVG of the flagship scenarios. A test runs it and finds no diff.
# Usage: sh reports/make.sh [DIRECTORY]   (default: this folder)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-$here}
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT
for name in book defect-2-local-idle speed-factor; do
  node "$here/../dist/cli/main.js" --quiet compare "$here/../scenarios/$name.yaml" --out "$runs/$name" >"$runs/$name.txt"
  mkdir -p "$into/$name/charts"
  cp "$runs/$name.txt" "$into/$name/compare.txt"
  cp "$runs/$name"/*.csv "$into/$name"
  cp "$runs/$name"/charts/*.vl.json "$runs/$name"/charts/*.svg "$into/$name/charts"
done
